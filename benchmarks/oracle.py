"""What looking for hazards costs.

python benchmarks/oracle.py values
Reading and comparing results of growing size: bounded, whatever the size.
python benchmarks/oracle.py share --tree DIR --command 'python -m pytest -q' FUNCTION…
The oracle's part of an observed run's CPU time: as it accounts for it, and as runs with and without it
in turn show it. The command is run in DIR with this environment; a FUNCTION is path::Qual.name. Files are
put back when it ends, also by SIGTERM. Bytecode is written, as otherwise every run compiles the probe.
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from hitrate.analysis.screener import observing_edits
from hitrate.change.discovery import named_functions
from hitrate.hazards.oversight import read_oversights
from hitrate.patching.patcher import SourcePatcher
from hitrate.probe.oracle import difference, snapshot
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Suite
from hitrate.trace import deployment
from hitrate.trace.deployment import ProbePart


class Thing:
    """Something without ``__eq__``."""

    def __init__(self, number: int) -> None:
        self.number, self.items = number, [number]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    commands.add_parser("values").set_defaults(run=values)
    share_parser = commands.add_parser("share")
    share_parser.add_argument("--tree", type=Path, required=True)
    share_parser.add_argument("--command", required=True)
    share_parser.add_argument("--pairs", type=int, default=3)
    share_parser.add_argument("functions", nargs="+")
    share_parser.set_defaults(run=share)
    arguments = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    arguments.run(arguments)


def values(_: argparse.Namespace) -> None:
    reference = best(lambda: sum(range(1000)))
    print(f"{'value':28}{'reading':>12}{'comparing':>12}   (times summing 1,000 numbers)")
    for name, value in samples():
        first, second = snapshot.take(value), snapshot.take(value)
        reading = best(lambda value=value: snapshot.take(value))
        comparing = best(lambda first=first, second=second: difference.compare(first, second))
        print(f"{name:28}{reading / reference:12.2f}{comparing / reference:12.2f}")


def samples() -> Iterator[tuple[str, object]]:
    yield "an int", 1
    yield "a tuple of 3", (1, "a", None)
    yield "a dict of 10", {str(n): [n] for n in range(10)}
    yield "an object", Thing(1)
    for size in (10, 100, 10_000):
        yield f"a list of {size:,} objects", [Thing(n) for n in range(size)]
    for size in (1_000, 1_000_000):
        yield f"a list of {size:,} ints", list(range(size))
        yield f"a dict of {size:,} ints", dict.fromkeys(range(size), 1)
    yield "100 MB of text", "x" * 10**8
    yield "100 MB of bytes", bytearray(10**8)


def best(action: Callable[[], object], rounds: int = 20) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def share(arguments: argparse.Namespace) -> None:
    functions = named_functions(arguments.tree, arguments.functions).functions
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    suite = Suite(arguments.command, arguments.tree, environment)
    plain, recorded, overseen, accounted = [], [], [], []
    with tempfile.TemporaryDirectory() as scratch, SourcePatcher(arguments.tree) as patcher:
        bytecode = Path(scratch) / "bytecode"
        testrun.run(suite, bytecode=bytecode / "plain")
        for number in range(arguments.pairs):
            plain.append(testrun.run(suite, bytecode=bytecode / "plain").cpu_seconds)
            for parts, times in (((), recorded), ((ProbePart.ORACLE,), overseen)):
                token = f"{number}{'o' if parts else 'r'}"
                probe = deployment.recording(Path(scratch) / token, token, *parts)
                patcher.apply(observing_edits(functions, probe))
                folder = bytecode / token
                testrun.run(suite, bytecode=folder)
                times.append(testrun.run(suite, bytecode=folder).cpu_seconds)
                if parts:
                    seconds = max(each.seconds for each in read_oversights(probe.records, len(functions)))
                    accounted.append(seconds / 2)  # both runs wrote there
                patcher.apply(())
    base = statistics.median(plain)
    print(f"plain {base:.2f} s, recorded {statistics.median(recorded):.2f} s, ", end="")
    print(f"with the oracle {statistics.median(overseen):.2f} s")
    measured = statistics.median(after - before for before, after in zip(recorded, overseen, strict=True))
    print(f"oracle's share of the plain run: {measured / base:.1%} measured, ", end="")
    print(f"{statistics.median(accounted) / base:.1%} by its own account")


if __name__ == "__main__":
    main()
