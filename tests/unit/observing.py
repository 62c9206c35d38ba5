"""Runs code of the tests under the recorder, in this process."""

import importlib.util
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hitrate import instrument
from hitrate.trace import Trace, read

_serial = itertools.count()


class Observation:
    """A recorder of its own, and what it wrote."""

    def __init__(self, scratch: Path) -> None:
        token = f"t{next(_serial)}"
        self.instrument = instrument.deploy("recorder", scratch / token, token)
        name = self.instrument.module
        spec = importlib.util.spec_from_file_location(name, self.instrument.folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        self.recorder = importlib.util.module_from_spec(spec)
        sys.modules[name] = self.recorder
        sys.path.append(str(self.instrument.folder))
        spec.loader.exec_module(self.recorder)
        sys.path.remove(str(self.instrument.folder))
        del sys.modules[name]

    def observe(self, slot: int, **options: Any) -> Callable[[Any], Any]:
        return self.recorder.observe(slot, **options)

    def trace(self) -> Trace:
        return read(self.instrument.records)
