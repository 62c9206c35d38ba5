"""What many functions cost.

python benchmarks/many.py trace [--calls N]      CPU seconds and peak memory of reading and evidence, for 1, 20,
                                                 200 and 2,000 functions that are called N times in all
python benchmarks/many.py suite [--seconds S] [--functions N]...
                                                 suite-equivalents of an analysis without trials, Hitrate's own time and
                                                 its peak memory, for a package of so many functions that a suite of S
                                                 seconds calls in turn, whatever their number
python benchmarks/many.py real CHECKOUT --paths FOLDER --test-command COMMAND
                                                 suite-equivalents of an analysis of all functions of a package, and
                                                 of its observed run; the tests run in the caller's environment
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable  # noqa: TC003
from pathlib import Path

from hitrate.replay.prediction import Appraisal, ObservedFunction
from hitrate.source import definitions
from hitrate.source.function import Function
from hitrate.trace import deployment
from hitrate.trace.reader import read

COUNTS = (1, 20, 200, 2_000)
PROGRAM = """
import sys
observe = _hitrate_probe.observe
functions, calls = map(int, sys.argv[1:])
def make(slot):
    def function(n):
        return below(n) if n % 2 else n
    below = made[-1] if slot % 2 else str
    return observe(slot)(function)
made = []
for slot in range(functions):
    made.append(make(slot))
for number in range(calls):
    made[number % functions](number // functions % 97)
"""


IN_A_FILE = 50
TESTS = 100
FUNCTION = """def function{0}(n):
    total = {0}
    for step in range(400):
        total += step * n % 7
    return total
"""
TEST = """import pytest
from package import ALL

@pytest.mark.parametrize("part", range({tests}))
def test_part(part):
    for number in range({calls}):
        place = part * {calls} + number
        assert ALL[place % len(ALL)](place // len(ALL) % 97 + part) >= 0
"""
AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@localhost")
WITH_PEAK = """
import atexit, resource, sys
from pathlib import Path
file = Path(sys.argv.pop())
def note():
    file.write_text(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
atexit.register(note)
from hitrate.__main__ import main
main()
"""


def measure(records: Path, functions: int) -> None:
    """Print what evidence takes; the figures are of this process, the interpreter's own time included."""
    began = time.process_time()
    trace = read(records)
    subjects = [ObservedFunction(Function("a.py", f"f{slot}", slot + 1)) for slot in range(functions)]
    evidence = Appraisal(trace, subjects, 128).evidence()
    took = time.process_time() - began
    calls = sum(len(lane) for process in trace.processes for lane in process.lanes)
    seen = sum(bool(item.calls) for item in evidence)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{functions:6,} {seen:6,} {calls:10,} {took:8.2f} s {peak:8.0f} MB {calls / took:12,.0f} /s",
        flush=True,
    )


def synthetic(calls: int) -> None:
    """Print a line for each number of functions."""
    print("observed called     recorded      CPU        peak        calls", flush=True)
    for functions in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            probe = deployment.recording(Path(folder) / "run", "x")
            program = f"{probe.preamble}\n{PROGRAM}"
            subprocess.run([sys.executable, "-c", program, str(functions), str(calls)], check=True)
            one = ["one", str(probe.records), str(functions)]
            subprocess.run([sys.executable, __file__, *one], check=True)


def functions_in(checkout: Path, folder: str) -> list[str]:
    """Ids of all functions below a folder."""
    return [
        f"{file.relative_to(checkout)}::{each.qualname}"
        for file in sorted((checkout / folder).rglob("*.py"))
        for each in definitions.read(file).definitions
        if "<locals>" not in each.qualname
    ]


def spent(command: list[str], folder: Path) -> float:
    """CPU seconds of a command and everything that it waited for, with what Python has compiled before."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def real(checkout: Path, folder: str, tests: str, effort: str) -> None:
    """Analyse all functions of a package, and print what that costs against one plain run of its tests."""
    names = functions_in(checkout, folder)
    plain = min(spent(["sh", "-c", tests], checkout) for _ in range(3))
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "report.json"
        ids = [part for name in names for part in ("--function", name)]
        command = [sys.executable, "-m", "hitrate", "run", "--effort", effort, "--test-command", tests]
        whole = spent([*command, *ids, "--fail-on", "never", "--json", str(file)], checkout)
        report = json.loads(file.read_text())
    verdicts = Counter(function["verdict"] for function in report["functions"])
    print(
        f"{len(names)} functions; one plain run {plain:.2f} s, as the report has it "
        f"{report['suite']['cpu_seconds']:.2f} s; {whole / plain:.2f} suite-equivalents "
        f"({report['suite']['runs']})"
    )
    suite = report["suite"]
    parts = {"observed run": suite["observed_cpu_seconds"], "runs with caches": suite["cached_cpu_seconds"]}
    parts = {name: seconds or 0.0 for name, seconds in parts.items()}
    plainly = suite["runs"]["baseline"] * suite["cpu_seconds"]
    parts |= {"plain runs": plainly, "the rest, mostly its own": whole - plainly - sum(parts.values())}
    print(", ".join(f"{name} {seconds / plain:.2f}" for name, seconds in parts.items()))
    print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    for function in report["functions"]:
        if function["verdict"] in ("cache", "unsafe", "keep", "resize", "drop"):
            print(f"  {function['verdict']:12} {function['qualname']}: {function['reason']}")


def synthetic_package(root: Path, functions: int, seconds: float) -> list[str]:
    """Lay out a package and its tests in a repository; the functions' ids."""
    names = []
    (root / "package").mkdir(parents=True)
    for part in range(-(-functions // IN_A_FILE)):
        numbers = range(part * IN_A_FILE, min(functions, (part + 1) * IN_A_FILE))
        (root / "package" / f"part{part}.py").write_text("\n\n".join(map(FUNCTION.format, numbers)))
        names += [f"package/part{part}.py::function{number}" for number in numbers]
    (root / "package" / "__init__.py").write_text(
        "".join(
            f"from package.part{number // IN_A_FILE} import function{number}\n" for number in range(functions)
        )
        + f"ALL = [{', '.join(f'function{number}' for number in range(functions))}]\n"
    )
    space: dict[str, Callable[[int], int]] = {}
    exec(FUNCTION.format(0), space)
    began = time.process_time()
    for n in range(2_000):
        space["function0"](n)
    calls = round(seconds / TESTS / ((time.process_time() - began) / 2_000))
    (root / "test_package.py").write_text(TEST.format(tests=TESTS, calls=calls))
    for command in (["init", "-q"], ["add", "."], [*AUTHOR, "commit", "-q", "-m", "all"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    return names


def suite(functions: int, seconds: float) -> None:
    """Analyse a synthetic package, and print what that costs."""
    with tempfile.TemporaryDirectory() as scratch:
        root, file = Path(scratch) / "root", Path(scratch) / "report.json"
        names = synthetic_package(root, functions, seconds)
        tests = "python -m pytest -q -p no:cacheprovider"
        plain = min(spent(["sh", "-c", tests], root) for _ in range(2))
        ids = [part for name in names for part in ("--function", name)]
        peak = Path(scratch) / "peak"
        command = [sys.executable, "-c", WITH_PEAK, "run", "--test-command", tests, *ids]
        command += ["--min-saving", "100 %", "--fail-on", "never", "--json", str(file), str(peak)]
        whole = spent(command, root)
        told = json.loads(file.read_text())["suite"]
        plainly = told["runs"]["baseline"] * told["cpu_seconds"]
        own = whole - told["observed_cpu_seconds"] - plainly
        print(
            f"{functions:9,} {plain:8.2f} s {told['observed_cpu_seconds'] / plain:12.2f} "
            f"{whole / plain:9.2f} {own:8.2f} s {peak.read_text():>8} MB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("trace").add_argument("--calls", type=int, default=400_000)
    one = commands.add_parser("one")
    one.add_argument("records", type=Path)
    one.add_argument("functions", type=int)
    package = commands.add_parser("suite")
    package.add_argument("--seconds", type=float, default=10.0)
    package.add_argument("--functions", type=int, nargs="*", default=COUNTS)
    whole = commands.add_parser("real")
    whole.add_argument("checkout", type=Path)
    whole.add_argument("--paths", default=".")
    whole.add_argument("--test-command", default="python -m pytest -q")
    whole.add_argument("--effort", default="standard")
    given = parser.parse_args()
    if given.command == "one":
        measure(given.records, given.functions)
    elif given.command == "trace":
        synthetic(given.calls)
    elif given.command == "suite":
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        print("functions  plain run  observed run     whole       own        peak", flush=True)
        for functions in given.functions:
            suite(functions, given.seconds)
    else:
        real(given.checkout.resolve(), given.paths, given.test_command, given.effort)


if __name__ == "__main__":
    main()
