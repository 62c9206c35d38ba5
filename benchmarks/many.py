"""What many functions cost.

python benchmarks/many.py trace [--calls N]      CPU seconds and peak memory of reading and evidence, for 1, 20,
                                                 200 and 2,000 functions that are called N times in all
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("trace").add_argument("--calls", type=int, default=400_000)
    one = commands.add_parser("one")
    one.add_argument("records", type=Path)
    one.add_argument("functions", type=int)
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
    else:
        real(given.checkout.resolve(), given.paths, given.test_command, given.effort)


if __name__ == "__main__":
    main()
