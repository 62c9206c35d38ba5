"""What an analysis costs, in suite-equivalents: its CPU time over that of one plain run of the tests.

python benchmarks/cost.py curve [--effort standard]    1, 10 and 50 candidates in one synthetic project
python benchmarks/cost.py bytecode                     what compiling everything anew costs a run
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hitrate.testrun import run as testrun
from hitrate.testrun.pycache import link_compiled, seed
from hitrate.testrun.run import Suite

ROOT = Path(__file__).parents[1]
FUNCTIONS = 50
COUNTS = (1, 10, 50)
KINDS = {
    # One function in five is worth a cache; the others are what changed functions mostly are.
    "repeated": "[work(7) for _ in range(12)]",
    "distinct": "[work(number) for number in range(12)]",
    "once": "[work(1)] + [burn(11)]",
    "quick": "[quick(number % 3) for number in range(2000)] + [burn(12)]",
    "unhashable": "[listed([number]) for number in range(12)]",
}
MODULE = """
def burn(times):
    total = 0
    for step in range(times * 120_000):
        total += step % 7
    return total

def work(number):
    return burn(1) + number

def quick(number):
    return number + 1

def listed(numbers):
    return burn(1) + len(numbers)
"""
TARGETS = {"repeated": "work", "distinct": "work", "once": "work", "quick": "quick", "unhashable": "listed"}


@contextmanager
def synthetic() -> Iterator[tuple[Path, list[str]]]:
    """A project with one module and one test file a function; its ids in the order in which they are used."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        names = []
        for number in range(FUNCTIONS):
            kind = list(KINDS)[number % len(KINDS)]
            (root / f"part{number}.py").write_text(textwrap.dedent(MODULE))
            (root / f"test_part{number}.py").write_text(
                f"from part{number} import burn, listed, quick, work\n\n"
                f"def test_it():\n    assert {KINDS[kind]}\n"
            )
            names.append(f"part{number}.py::{TARGETS[kind]}")
        (root / "pytest.ini").write_text("[pytest]\n")
        git = ["git", "-c", "user.name=c", "-c", "user.email=c@c", "-C", folder]
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "synthetic"]):
            subprocess.run([*git, *command], check=True)
        yield root, names


def spent(command: list[str], folder: Path) -> float:
    """CPU seconds of a command and everything that it waited for."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, cwd=folder, env=environment, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def curve(effort: str) -> None:
    tests = f"{sys.executable} -m pytest -q"
    with synthetic() as (root, names):
        plain = [spent(tests.split(), root) for _ in range(4)][1:]
        usual = statistics.median(plain)
        print(f"one plain run: {usual:.2f} s CPU (of three: {min(plain):.2f} to {max(plain):.2f})")
        print("candidates   suite-equivalents   recommended   pairs   one by one (1 + 6 each)")
        for count in COUNTS:
            file = root.parent / f"{root.name}.json"
            functions = [part for name in names[:count] for part in ("--function", name)]
            command = [sys.executable, "-m", "hitrate", "run", "--effort", effort, "--test-command", tests]
            cost = spent([*command, *functions, "--fail-on", "never", "--json", str(file)], root)
            report = json.loads(file.read_text())
            file.unlink()
            recommended = sum(function["verdict"] == "cache" for function in report["functions"])
            pairs = report["trial"]["pairs"] if report["trial"] else 0
            print(f"{count:10}   {cost / usual:17.2f}   {recommended:11}   {pairs:5}   {1 + 6 * count:4}")


def bytecode() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment["PYTHONPATH"] = str(ROOT / "src")
    suite = Suite("python -m pytest -q -p no:cacheprovider tests/unit/test_verdict.py", ROOT, environment)
    figures: dict[str, list[float]] = {"empty": [], "from the libraries": [], "from another variant": []}
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder, "warm")
        testrun.run(suite, bytecode=warm)
        for number in range(5):
            for kind, costs in figures.items():
                place = Path(folder, f"{number} {kind}")
                if kind == "from the libraries":
                    link_compiled(place, suite)
                elif kind == "from another variant":
                    seed(place, warm)
                costs.append(testrun.run(suite, bytecode=place).cpu_seconds)
        files = sum(1 for _ in warm.rglob("*.pyc"))
        before = resource.getrusage(resource.RUSAGE_SELF)
        seed(Path(folder, "once more"), warm)
        after = resource.getrusage(resource.RUSAGE_SELF)
        own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print("CPU seconds of a short run of Hitrate's own tests, by what the bytecode folder began with")
    for kind, costs in figures.items():
        print(f"{kind:20} {statistics.median(costs):.2f}")
    print(f"seeding itself: {own:.3f} s for {files} files")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["curve", "bytecode"])
    parser.add_argument("--effort", default="standard")
    given = parser.parse_args()
    if given.part == "curve":
        curve(given.effort)
    else:
        bytecode()


if __name__ == "__main__":
    main()
