"""What trials find where there is nothing, and where something was planted.

    python benchmarks/trials.py coverage            simulated: coverage of the interval for every pair count
    python benchmarks/trials.py null [--load 2]     real: the same code in both arms, 200 trials
    python benchmarks/trials.py power               real: a planted saving of 10 %, default settings

Run it on a machine with nothing else to do; ``--load`` starts that many busy processes beside it.
"""

import argparse
import math
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hitrate.evidence import Saving, Trial
from hitrate.patching.patcher import SourcePatcher
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.arms import Bench, Winner
from hitrate.trials.pairs import Arm, measure
from hitrate.trials.payback import AT_ANY_COST, FRUGAL, Economy
from hitrate.trials.stats import DECLARED_PAIRS, interval, schedule
from hitrate.trials.validator import IndividualValidator
from hitrate.vocabulary import Metric

WORK = """
def work(number):
    total = 0
    for step in range(SIZE // 20):
        total += step * number % 7
    return total

def planted(number):
    total = 0
    for step in range(SIZE // 20):
        total += step * number % 7
    return total
"""
SUITE = """
import functools
import work
for number in range(179):
    work.work(number % 9)
for _ in range(21):
    work.planted(1)
"""


class Nothing:
    """A patcher that changes nothing: both arms are the same code."""

    def apply(self, edits: Sequence[object], /) -> None:
        """Do nothing."""
        del edits


def noise(kind: str, source: random.Random) -> float:
    """Log of one run's time over its usual one; one run in ten is hit by something else on the machine."""
    usual = source.gauss(0, 0.02)
    if kind == "quiet" or source.random() >= 0.1:
        return usual
    return usual + source.expovariate(1 / {"spikes": 0.2, "heavy spikes": 1.0}[kind])


def coverage(trials: int) -> None:
    effect = -math.log1p(-0.1)
    print(
        f"Coverage of the 95 % interval, {trials} simulated trials each, saving of 10 %, one run in ten hit"
    )
    print("pairs   quiet   spikes   heavy spikes")
    lowest = 1.0
    for pairs in range(2, DECLARED_PAIRS[-1] + 1):
        row = []
        for kind in ("quiet", "spikes", "heavy spikes"):
            source = random.Random(pairs)
            covered = 0
            for _ in range(trials):
                logs = [effect + noise(kind, source) - noise(kind, source) for _ in range(pairs)]
                found = interval(logs, 0.05)
                covered += found.low <= math.exp(effect) <= found.high
            row.append(covered / trials)
        lowest = min(lowest, *row)
        print(f"{pairs:5}   {row[0]:6.1%}   {row[1]:6.1%}   {row[2]:6.1%}")
    print(f"lowest {lowest:.1%}")
    print("\nWhole trials, looks and stopping included")
    for pairs in DECLARED_PAIRS:
        for kind in ("quiet", "spikes", "heavy spikes"):
            source = random.Random(pairs)
            found = [simulated(kind, source, effect, pairs) for _ in range(trials // 2)]
            hit = statistics.fmean(low <= math.exp(effect) <= high for low, high, _ in found)
            used = statistics.fmean(count for _, _, count in found)
            shown = statistics.fmean(low > 1 for low, _, _ in found)
            print(
                f"up to {pairs:2} pairs, {kind:12}: covered {hit:.1%}, found {shown:.1%}, "
                f"{used:.1f} pairs on average"
            )


def simulated(kind: str, source: random.Random, effect: float, pairs: int) -> tuple[float, float, int]:
    def run(arm: Arm, number: int) -> TestRun:
        del number
        seconds = math.exp(noise(kind, source) - (effect if arm is Arm.WITH else 0.0))
        return TestRun(Outcome.PASSED, 0, seconds, seconds)

    series = measure(run, schedule(pairs), Metric.CPU, lambda: 1.0)
    assert series.interval is not None
    return series.interval.low, series.interval.high, series.interval.pairs


def null(trials: int, load: int) -> None:
    print(
        f"The same code in both arms, {trials} trials, {load} busy processes beside it, {os.cpu_count()} CPUs"
    )
    with project(30_000) as (root, scratch), busy(load):
        economy = replace(AT_ANY_COST, pairs_at_most=8)
        report(trials, lambda: validator(root, scratch, Nothing(), economy), 1.0)


def power(trials: int) -> None:
    print(f"A planted saving of 10 %, {trials} trials, default settings")
    with project(1_000_000) as (root, scratch), SourcePatcher(root) as patcher:
        report(trials, lambda: validator(root, scratch, patcher, FRUGAL), None)


def report(trials: int, make: Callable[[], IndividualValidator], saving: float | None) -> None:
    started, found, before = time.monotonic(), [], os.getloadavg()[0]
    for _ in range(trials):
        maker = make()
        winner = Winner(Function("work.py", "planted", 8), 128)
        promised = saving or 0.1 * maker.baseline.cpu_seconds
        found.append(maker.trial([winner], Saving(promised), [], 600.0))
    measured = [trial for trial in found if trial.low is not None and trial.high is not None]
    differing = [trial for trial in measured if trial.low > 1 or trial.high < 1]
    after, seconds = os.getloadavg()[0], time.monotonic() - started
    print(f"load average {before:.1f} before, {after:.1f} after, {seconds:.0f} s")
    print(f"{len(measured)} of {trials} trials gave an interval")
    if measured:
        print(f"a difference is claimed in {len(differing)}: {len(differing) / len(measured):.1%}")
        print(f"pairs a trial: {statistics.fmean(trial.pairs for trial in measured):.1f}")
        print(f"speedups: {spread([trial.speedup for trial in measured])}")
        print(f"half-widths: {spread([half_width(trial) for trial in measured])}")
        print(f"detectable savings: {spread([trial.detectable for trial in measured])}")


def half_width(trial: Trial) -> float:
    return math.log(trial.high / trial.low) / 2


def spread(values: Sequence[float]) -> str:
    low, *_, high = statistics.quantiles(values, n=20)
    return f"median {statistics.median(values):.4f}, nine in ten within {low:.4f} to {high:.4f}"


def validator(
    root: Path, scratch: Path, patcher: SourcePatcher | Nothing, economy: Economy
) -> IndividualValidator:
    suite = Suite(f"{sys.executable} suite.py", root, {"PATH": os.environ["PATH"]})
    baseline = testrun.run(suite, bytecode=scratch / "warm")
    assert baseline.outcome is Outcome.PASSED, baseline.tail
    return IndividualValidator(Bench(patcher, scratch, scratch / "warm"), suite, baseline, economy=economy)


@contextmanager
def project(size: int) -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        root, scratch = Path(folder, "project"), Path(folder, "scratch")
        root.mkdir()
        scratch.mkdir()
        (root / "work.py").write_text(textwrap.dedent(WORK).replace("SIZE", str(size)))
        (root / "suite.py").write_text(textwrap.dedent(SUITE))
        yield root, scratch


@contextmanager
def busy(count: int) -> Iterator[None]:
    """So many processes that work in bursts, as other jobs on a shared machine do."""
    others = [multiprocessing.Process(target=bursts, args=(number,), daemon=True) for number in range(count)]
    for other in others:
        other.start()
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.join()


def bursts(seed: int) -> None:
    source = random.Random(seed)
    data = bytearray(1 << 24)
    while True:
        end = time.monotonic() + source.expovariate(1 / 0.3)
        while time.monotonic() < end:
            for place in range(0, len(data), 4096):
                data[place] = (data[place] + 1) % 256
        time.sleep(source.expovariate(1 / 0.1))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=["coverage", "null", "power"])
    parser.add_argument("--trials", type=int)
    parser.add_argument("--load", type=int, default=0)
    given = parser.parse_args()
    match given.part:
        case "coverage":
            coverage(given.trials or 4000)
        case "null":
            null(given.trials or 200, given.load)
        case _:
            power(given.trials or 30)


if __name__ == "__main__":
    main()
