"""A signal at any instant of the start, and after: one line, its exit code, and a tree that is as it was.

Instants are told by the number of modules that were imported, so that every try is the same.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.repositories import SOURCE, fingerprint, new_repository

ROOT = SOURCE.parent
DRIVER = """\
import os, signal, sys

number, instant, *sys.argv = int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]
count = 0


def look(event, arguments):
    global count
    if event == "import":
        count += 1
        if count == instant:
            signal.raise_signal(number)


path = sys.argv[0]
if path == "hitrate":  # as the command does that an installer makes
    from hitrate.__main__ import main
else:
    with open(path) as file:
        code = compile(file.read(), path, "exec")
sys.addaudithook(look)
try:
    if path == "hitrate":
        main()
    exec(code, {"__name__": "__main__", "__file__": path})
finally:
    if not instant:
        print("imported", count)
"""
"""Runs a program, and sends it a signal at the given import; 0 is never."""

SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
SHOP = {
    "shop.py": "def price(n):\n    return 2 * n\n",
    "test_shop.py": "import shop\n\n\ndef test_price():\n    assert shop.price(2) == 4\n",
}
COMMANDS = {
    "hitrate": ("run", "--effort", "quick", "--function", "shop.py::price"),
    str(ROOT / "entrypoint.py"): (),
    str(ROOT / "native" / "run.py"): (),
}
EARLY = (5, 10, 25, 50)
"""Imports after which a signal comes; the first two are the program's own first lines, and the handler's."""
PARTS = 8
"""How many instants of the rest of a run are tried."""


class Start:
    """A program that is started in a tree."""

    def __init__(self, tree: Path, program: str) -> None:
        self.tree, self.program = tree, program
        self.before = fingerprint(tree)

    def run(self, number: int, instant: int) -> tuple[int, str]:
        """Exit code and output."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "COV_", "GITHUB_", "INPUT_"))
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
        command = [sys.executable, "-c", DRIVER, str(number), str(instant), self.program]
        done = subprocess.run(
            [*command, *COMMANDS[self.program]],
            cwd=self.tree,
            env=kept | {"PYTHONPATH": str(SOURCE), "PATH": path, "HITRATE_INPUTS": "{}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    def imports(self) -> int:
        """How many modules an undisturbed run imports."""
        _, output = self.run(signal.SIGINT, 0)
        return int(output.rsplit("imported ", 1)[1])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return new_repository(tmp_path / "shop", SHOP)


def ended_well(start: Start, number: signal.Signals, instant: int) -> bool:
    """Whether the run was cut short, and if so ended as it must."""
    code, output = start.run(number, instant)
    assert "Traceback" not in output, (instant, output)
    assert "Exception ignored" not in output, (instant, output)
    assert fingerprint(start.tree) == start.before, instant
    if start.program == "hitrate":
        lines = [line for line in output.splitlines() if line.startswith("hitrate: ")]
        wanted = 128 + number
    else:
        lines = [line for line in output.splitlines() if line.startswith("Cancelled: ")]
        wanted = 130
    if code != wanted:  # the signal came after everything was said
        assert lines == [], (instant, code, output)
        return False
    assert len(lines) == 1, (instant, output)
    return True


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("program", COMMANDS, ids=lambda program: Path(program).name)
def test_a_signal_while_it_loads_is_one_line(tree: Path, program: str, number: signal.Signals) -> None:
    start = Start(tree, program)
    whole = start.imports()
    instants = [*EARLY, *(EARLY[-1] + (whole - EARLY[-1]) * part // PARTS for part in range(1, PARTS))]
    cut = [ended_well(start, number, instant) for instant in instants]
    assert all(cut[: len(EARLY) + PARTS // 2])


@pytest.mark.parametrize("program", COMMANDS, ids=lambda program: Path(program).name)
def test_the_very_first_lines_are_guarded_too(tree: Path, program: str) -> None:
    start = Start(tree, program)
    for instant in range(1, 10):
        code, output = start.run(signal.SIGINT, instant)
        assert "Traceback" not in output, (instant, output)
        assert code == 130


def test_a_start_that_is_deaf_to_interrupts_stays_so(tree: Path) -> None:
    """As a shell's background job: Ctrl-C is for somebody else."""
    deaf = "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); from hitrate import starting; "
    begin = (
        "starting.begin('no', descriptor=2, terminated=143); signal.raise_signal(signal.SIGINT); print('on')"
    )
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", deaf + begin], env=environment, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("on\n", "")
