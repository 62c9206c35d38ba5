"""The interpreters that the probe is tried under."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def works(path: str) -> bool:
    """Whether an interpreter is there; some are only names that say how to install it."""
    return not subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode


def _found() -> Iterator[str]:
    """One for each version: on PATH, else in the folder HITRATE_PYTHONS, which is laid out as pyenv's."""
    folder = Path(os.environ.get("HITRATE_PYTHONS", os.devnull))
    for minor in range(8, 16):
        named = shutil.which(f"python3.{minor}")
        laid_out = [str(path) for path in sorted(folder.glob(f"3.{minor}.*/bin/python3.{minor}"))]
        yield from [path for path in (named, *laid_out) if path and works(path)][:1]


INTERPRETERS = sorted({sys.executable, *_found()})
"""This one, and one for each version that is there."""
