"""A run that is interrupted while the tree is patched leaves it as it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.repositories import SOURCE, fingerprint, new_repository

pytestmark = pytest.mark.slow

SLOW = """\
import os
from pathlib import Path

import shop


def test_price():
    assert shop.price(2) == 4
    if "_hitrate" in Path(shop.__file__).read_text():
        with open(os.environ["READY"], "w") as ready:
            ready.write("patched")
        with open(os.environ["NEVER"]) as never:
            never.read()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_the_tree_as_it_was(tmp_path: Path, number: signal.Signals) -> None:
    tree = new_repository(
        tmp_path / "shop", {"shop.py": "def price(n):\n    return 2 * n\n", "test_shop.py": SLOW}
    )
    ready, never = tmp_path / "ready", tmp_path / "never"
    os.mkfifo(ready)
    os.mkfifo(never)
    before = fingerprint(tree)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    added = {"PYTHONPATH": str(SOURCE), "READY": str(ready), "NEVER": str(never), "PATH": path}
    command = [sys.executable, "-m", "hitrate", "run", "--effort", "quick", "--function", "shop.py::price"]
    with subprocess.Popen(
        command, cwd=tree, env=kept | added, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert ready.read_text() == "patched"
        assert fingerprint(tree) != before
        process.send_signal(number)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + number, output
    assert "Traceback" not in output
    assert fingerprint(tree) == before
