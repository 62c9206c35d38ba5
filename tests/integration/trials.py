"""A small project on disk, and a validator that runs its tests for real."""

import os
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

from hitrate.patching.patcher import SourcePatcher
from hitrate.source.function import ExistingCache, Function
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Suite, TestRun
from hitrate.trials.arms import Bench, Winner
from hitrate.trials.validator import IndividualValidator

PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"


@dataclass(frozen=True)
class Sample:
    """A project whose module is ``work.py``."""

    root: Path
    scratch: Path

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.root / f"{name}.py").write_text(textwrap.dedent(text))

    def function(self, qualname: str, cache: ExistingCache | None = None) -> Function:
        lines = (self.root / "work.py").read_text().splitlines()
        name = qualname.rsplit(".", 1)[-1]
        line = next(
            number for number, text in enumerate(lines, 1) if text.lstrip().startswith(f"def {name}(")
        )
        return Function("work.py", qualname, line, cache=cache)

    def winner(self, qualname: str, maxsize: int | None = 128) -> Winner:
        return Winner(self.function(qualname), maxsize)

    def suite(self, command: str = PYTEST) -> Suite:
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return Suite(command, self.root, environment)

    def baseline(self, suite: Suite) -> TestRun:
        return testrun.run(suite, bytecode=self.scratch / "warm")

    def validator(self, patcher: SourcePatcher, suite: Suite, **settings: object) -> IndividualValidator:
        bench = Bench(patcher, self.scratch, self.scratch / "warm")
        return IndividualValidator(bench, suite, self.baseline(suite), **settings)

    def content(self) -> dict[str, bytes]:
        found = sorted(path for path in self.root.rglob("*") if path.is_file())
        files = [path for path in found if ".hitrate" not in path.parts]  # the patcher's journal
        return {str(path.relative_to(self.root)): path.read_bytes() for path in files}
