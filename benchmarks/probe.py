"""What recording costs.

python benchmarks/probe.py calls                   a recorded call, under every interpreter on PATH
python benchmarks/probe.py hot                     a function of some 50 ns, called ten million times
python benchmarks/probe.py memory               of the process and on disk: ten million calls, a million keys
python benchmarks/probe.py suites CASES --clones DIR --work DIR [--case ID …] [--rounds N]
                                                test suites of real projects with the recorder on: CPU time,
                                                   hits against known ones, predicted against measured saving

``CASES`` lists real commits; ``--clones`` holds a git repository of each project as ``OWNER+NAME/repo``.
"""

import argparse
import hashlib
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hitrate import instrument, testrun
from hitrate.discovery import named_functions
from hitrate.patch import SourcePatcher, cached
from hitrate.progress import Silent
from hitrate.screen import ORACLE, BatchScreener
from hitrate.seed import seed
from hitrate.testrun import Suite

CALLS = """
import time
clock = time.process_time_ns
ROUNDS, CALLS = 40, 5_000
def one(n): return n
def two(a, b): return a
class C:
    def method(self, n): return n
def measured(call, *arguments, **named):
    best = []
    for _ in range(ROUNDS):
        began = clock()
        for _ in range(CALLS): call(*arguments, **named)
        best.append((clock() - began) / CALLS)
    return sorted(best)[ROUNDS // 4]
def cost(function, *arguments, **named):
    _hitrate_probe.ENOUGH = _hitrate_probe.FREE_ENTRIES = 1 << 60  # nothing settles while it is measured
    return measured(observe(0)(function), *arguments, **named) - measured(function, *arguments, **named)
things = C()
names = [("f(int)", one, (1,), {}), ("f(a, b)", two, (1, 2), {}), ("method", C.method, (things, 1), {}),
         ("keyword", one, (), {"n": 1}), ("f(float)", one, (1.5,), {})]
print("  ".join("%s %4.0f ns" % (name, cost(f, *a, **k)) for name, f, a, k in names), end="  ")
fresh = observe(1)(one)
began = clock()
for n in range(100_000): fresh(n)
print("new key %4.0f ns" % ((clock() - began) / 100_000))
"""

HOT = """
import time
def plain(n): return n
@observe(0)
def hot(n): return n
def timed(function):
    began = time.process_time()
    for n in range(10_000_000): function(7)
    return time.process_time() - began
timed(plain)
before, observed, after = timed(plain), timed(hot), timed(plain)
bare = (before + after) / 2
print("plain %.3f s, observed %.3f s, extra %.3f s" % (bare, observed, observed - bare))
"""

MEMORY = """
import resource, sys
def size(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
_hitrate_probe.FREE_ENTRIES = _hitrate_probe.ENOUGH = 1 << 60
@observe(0)
def function(n): return sum((n, n, n))
before = size()
calls, keys = map(int, sys.argv[1:])
for n in range(calls): function(n % keys)
print("%.0f MB" % (size() - before))
"""


def main() -> None:
    """Run one of the benchmarks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("calls", "hot", "memory"):
        commands.add_parser(name)
    suites = commands.add_parser("suites")
    suites.add_argument("cases", type=Path)
    suites.add_argument("--clones", type=Path, required=True)
    suites.add_argument("--work", type=Path, required=True)
    suites.add_argument("--case", action="append", default=[])
    suites.add_argument("--rounds", type=int, default=3)
    suites.add_argument("--oracle", action="store_true", help="look for hazards as well")
    suites.add_argument("--trial", action="store_true", help="measure the saving with a real cache as well")
    options = parser.parse_args()
    match options.command:
        case "calls":
            for interpreter in interpreters():
                print(version(interpreter), run(interpreter, CALLS)[0])
        case "hot":
            for interpreter in interpreters():
                print(version(interpreter), run(interpreter, HOT)[0])
        case "memory":
            for calls, keys in ((10_000_000, 1_000), (1_000_000, 1_000_000)):
                memory, disk = run(sys.executable, MEMORY, str(calls), str(keys))
                print(
                    f"{calls:,} calls, {keys:,} keys: {memory} more in the process, {disk / 1e6:.0f} MB on disk"
                )
        case "suites":
            measure_suites(options)


def interpreters() -> list[str]:
    """This interpreter, and those of other versions on PATH that work."""
    named = [shutil.which(f"python3.{minor}") for minor in range(8, 16)]
    working = [
        path for path in named if path and not subprocess.run([path, "-c", ""], check=False).returncode
    ]
    return sorted({os.path.realpath(path) for path in (*working, sys.executable)})


def version(interpreter: str) -> str:
    code = "import sys; print('CPython %d.%d.%d' % sys.version_info[:3], end='')"
    return (
        f"{subprocess.run([interpreter, '-c', code], capture_output=True, text=True, check=True).stdout:16}"
    )


def run(interpreter: str, code: str, *arguments: str) -> tuple[str, int]:
    """Run code under the recorder; what it printed, and the bytes that the recorder wrote."""
    with tempfile.TemporaryDirectory() as folder:
        probe = instrument.deploy("recorder", Path(folder) / "run", "x")
        program = f"{probe.preamble}\nobserve = _hitrate_probe.observe\n{code}"
        done = subprocess.run(
            [interpreter, "-c", program, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip(), sum(file.stat().st_size for file in probe.records.iterdir())


@dataclass(frozen=True)
class Row:
    """What one case gave."""

    case: str
    known: tuple[int, int]
    found: tuple[int | None, int | None]
    ratio: float
    analyser: float
    base_seconds: float
    predicted: float
    measured: float | None


def measure_suites(options: argparse.Namespace) -> None:
    """Run suites without and with the recorder, in turn."""
    rows = []
    for case in json.loads(options.cases.read_text()):
        if not options.case or case["id"] in options.case:
            try:
                rows.append(measure_suite(case, options))
            except (RuntimeError, OSError) as error:
                print(f"{case['id']:34} {error}")
                continue
            print(line(rows[-1]), flush=True)
    ratios = [row.ratio for row in rows]
    if ratios:
        exact = sum(row.found == row.known for row in rows)
        print(
            f"\n{len(rows)} suites: CPU time with the recorder median {statistics.median(ratios):.3f}, ",
            end="",
        )
        print(f"worst {max(ratios):.3f} of that without; hits and misses as known in {exact}")


def line(row: Row) -> str:
    text = (
        f"{row.case:34} hits {row.found[0]} (known {row.known[0]}), misses {row.found[1]} ({row.known[1]}), "
    )
    text += f"suite {row.base_seconds:.2f} s, with recorder x{row.ratio:.3f}, reading {row.analyser:.2f} s, "
    text += f"predicted saving {row.predicted * 1e3:.1f} ms"
    return text if row.measured is None else f"{text}, measured {row.measured * 1e3:.1f} ms"


def measure_suite(case: Mapping[str, Any], options: argparse.Namespace) -> Row:
    tree, environment = prepared(case, options.clones.resolve(), options.work.resolve())
    suite = Suite(case["test"], tree, environment)
    (function,) = named_functions(tree, [f"{case['file']}::{case['qualname']}"]).functions
    size = case["maxsize_used"]
    plain, observed, real, analyser = [], [], [], []
    with tempfile.TemporaryDirectory(dir=options.work) as folder, SourcePatcher(tree) as patcher:
        scratch = Path(folder)
        warm = scratch / "warm"
        testrun.run(suite, bytecode=warm)
        screener = BatchScreener(
            patcher, suite, scratch, Silent(), companions=ORACLE if options.oracle else (), warm=warm
        )
        seed(scratch / "cached", warm, {function.path})
        for number in range(options.rounds):
            plain.append(testrun.run(suite, bytecode=warm).cpu_seconds)
            began = time.process_time()
            screening = screener.screen([function], maxsize=size, run_name=f"observed{number}")
            analyser.append(time.process_time() - began)
            observed.append(screening.run.cpu_seconds)
            if options.trial:
                patcher.apply([cached(function.path, function.qualname, function.line, size)])
                real.append(testrun.run(suite, bytecode=scratch / "cached").cpu_seconds)
                patcher.apply(())
    (evidence,) = screening.evidence
    return Row(
        case["id"],
        (case["hits"], case["misses"]),
        (evidence.hits, evidence.misses),
        ratio(observed, plain),
        statistics.median(analyser),
        statistics.median(plain),
        evidence.saved_seconds or 0.0,
        statistics.median(p - r for p, r in zip(plain, real, strict=True)) if real else None,
    )


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def prepared(case: Mapping[str, Any], clones: Path, work: Path) -> tuple[Path, dict[str, str]]:
    """The case's commit, checked out and installed once."""
    commit = case.get("tree_commit") or case["parent_commit"]
    state = json.dumps([case["repo"], commit, case["install"], case["python"]])
    home = work / f"{case['id']}-{hashlib.sha256(state.encode()).hexdigest()[:12]}"
    tree, venv = home / "tree", home / "venv"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"VIRTUAL_ENV": str(venv), "PATH": f"{venv}/bin:{os.environ['PATH']}"}
    environment |= {name: value for name, value in (case.get("env") or {}).items() if value is not None}
    if not (home / "ready").exists():
        home.mkdir(parents=True, exist_ok=True)
        source = clones / case["repo"].replace("/", "+") / "repo"
        python = shlex.quote(f"{venv}/bin/python")
        steps = [
            "set -e",
            f"rm -rf {shlex.quote(str(tree))} {shlex.quote(str(venv))}",
            f"git clone -q --shared --no-checkout {shlex.quote(str(source))} {shlex.quote(str(tree))}",
            f"git -C {shlex.quote(str(tree))} checkout -q {commit}",
            f"uv venv -q --seed --python {case['python']} {shlex.quote(str(venv))}",
            f"cd {shlex.quote(str(tree))}",
            *(
                step.replace("pip install", f"uv pip install -q --python {python}")
                for step in case["install"]
            ),
        ]
        done = subprocess.run(
            ["bash", "-c", "\n".join(steps)], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"cannot be prepared: {done.stderr[-300:]}")
        (home / "ready").touch()
    return tree, environment


if __name__ == "__main__":
    main()
