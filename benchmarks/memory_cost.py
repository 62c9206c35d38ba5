"""What writing memory adds to a run of all tests, in CPU time.

    python benchmarks/memory_cost.py TREE --python PYTHON [--python PYTHON …] [--tests ARGUMENTS] [--rounds N]

TREE is a clone of a project, PYTHON the one of an environment in which its tests pass. A plain run of the tests and
`hitrate run --memory` take turns, the tree without bytecode before each, as a new checkout is. The first figure is of the
run in which it is noted what each test reaches, by itself; the second is of the whole command, with its start, its reading of
all sources, and the writing of the file.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.integration.repositories import git  # noqa: E402

from hitrate.trace import deployment  # noqa: E402


class Bench:
    """The tests of one tree under one Python."""

    def __init__(self, tree: Path, python: Path, arguments: str) -> None:
        """What is run is pytest with these arguments."""
        self.tree = tree.resolve()
        self.command = f"python -m pytest -q -p no:cacheprovider {arguments}".strip()
        self._environment = {
            "PATH": f"{python.absolute().parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONPATH": str(self.tree),
        }

    def plain(self) -> float:
        """CPU seconds of a plain run."""
        return self._took(["bash", "-c", self.command], self._environment)

    def noted(self) -> float:
        """CPU seconds of the run that notes what is reached."""
        python = git(self.tree, "ls-files", "*.py").splitlines()
        with tempfile.TemporaryDirectory() as scratch:
            probe = deployment.reaching(Path(scratch) / "reach", "reach", self.tree, python)
            options = {
                "PYTEST_ADDOPTS": f"-p {probe.module}",
                "PYTHONPATH": f"{probe.folder}:{self.tree}",
            }
            return self._took(["bash", "-c", self.command], self._environment | options)

    def written(self) -> float:
        """CPU seconds of the whole command that writes memory."""
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "hitrate", "run", "--base", "HEAD", "--memory", folder]
            path = f"{ROOT / 'src'}:{self.tree}"
            took = self._took(
                [*command, "--test-command", self.command], self._environment | {"PYTHONPATH": path}
            )
            if not any(Path(folder).iterdir()):
                raise SystemExit(f"{self.tree}: no memory was written")
        return took

    def _took(self, command: list[str], environment: dict[str, str]) -> float:
        for cache in [*self.tree.rglob("__pycache__")]:
            shutil.rmtree(cache)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            command, cwd=self.tree, env=environment, capture_output=True, text=True, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{(done.stdout + done.stderr)[-1500:]}")
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def figures(bench: Bench, rounds: int) -> Iterator[str]:
    """Medians of some rounds, in Markdown's columns."""
    kinds: tuple[Callable[[], float], ...] = (bench.plain, bench.noted, bench.written)
    taken: list[list[float]] = [[kind() for kind in kinds] for _ in range(rounds)]
    yield f"{statistics.median(one for one, _, _ in taken):.1f} s"
    for place in (1, 2):
        yield f"{statistics.median(each[place] / each[0] for each in taken) - 1:+.0%}"


def main() -> None:
    """Print a row for each Python."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tree", type=Path)
    parser.add_argument("--python", type=Path, action="append", required=True)
    parser.add_argument("--tests", default="", metavar="ARGUMENTS")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for python in given.python:
        version = subprocess.run(
            [python, "-c", "import platform; print(platform.python_version())"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        bench = Bench(given.tree, python, given.tests)
        print(f"| {given.tree.resolve().name} | {version} | {' | '.join(figures(bench, given.rounds))} |")


if __name__ == "__main__":
    main()
