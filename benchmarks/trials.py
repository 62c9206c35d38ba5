"""What trials find where there is nothing, and where something was planted.

    python benchmarks/trials.py coverage            simulated: coverage of the interval for every pair count
    python benchmarks/trials.py null [--load 2]     real: the same code in both arms, 200 trials
    python benchmarks/trials.py planted             real: savings of 2 to 30 % in suites of 0.5, 2 and 10 s
    python benchmarks/trials.py planted --seconds 2 --saving 0.3 --trials 10    one of them
    python benchmarks/trials.py passes              real: the same for pytest; a saving of 0 is the same code

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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from hitrate.analysis.rounds.allowance import SHORT_SECONDS, WHOLE_RUNS
from hitrate.analysis.rounds.sittings import passes_of
from hitrate.evidence import Saving, Trial
from hitrate.patching.patcher import SourcePatcher
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trials.arms import Bench, Winner
from hitrate.trials.pairs import Arm, measure
from hitrate.trials.payback import AT_ANY_COST, FRUGAL, Economy
from hitrate.trials.stats import DECLARED_PAIRS, Interval, interval, interval_of_arms, schedule
from hitrate.trials.validator import IndividualValidator
from hitrate.vocabulary import Metric

CALLS = 200
WORK = """
def work(number):
    total = 0
    for step in range(SIZE):
        total += step * number % 7
    return total

def planted(number):
    total = 0
    for step in range(SIZE):
        total += step * number % 7
    return total
"""
SUITE = """
import functools
import work
for number in range(CALLS - PLANTED):
    work.work(number % 9)
for _ in range(PLANTED):
    work.planted(1)
"""
TESTS = """
import pytest
import work
COUNT = iter(range(10**9))

@pytest.mark.parametrize("part", range(10))
def test_planted(part):
    for number in range(BESIDES // 10):
        work.work(number)
    for _ in range(PLANTED // 10):
        work.planted(ARGUMENT)
"""
OTHERS = """
import pytest
import work

@pytest.mark.parametrize("part", range(30))
def test_other(part):
    for number in range(REST // 30):
        work.work(number)
"""
PYTEST_STARTING = 0.3
BEFORE = 1.4
"""Runs of the suite that an analysis takes before its proving run: the observed one, and Hitrate itself."""
STARTING = 0.02
"""Seconds that the suite's interpreter takes to start."""


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
        f"Coverage of the 95 % interval, {trials} simulated trials each, saving of 10 %, one run in ten hit;"
        " in brackets how often it holds the estimate of the next trial"
    )
    print("pairs   quiet            spikes           heavy spikes")
    lowest = lowest_again = 1.0
    for pairs in range(2, DECLARED_PAIRS[-1] + 1):
        row, again = [], []
        for kind in ("quiet", "spikes", "heavy spikes"):
            source = random.Random(pairs)
            intervals = []
            for _ in range(trials):
                without = [effect + noise(kind, source) for _ in range(pairs)]
                cached = [noise(kind, source) for _ in range(pairs)]
                intervals.append(of_pairs(without, cached))
            row.append(statistics.fmean(one.low <= math.exp(effect) <= one.high for one in intervals))
            again.append(
                statistics.fmean(one.low <= other.speedup <= one.high for one, other in pairwise(intervals))
            )
        lowest, lowest_again = min(lowest, *row), min(lowest_again, *again)
        told = (f"{each:6.1%} ({other:6.1%})" for each, other in zip(row, again, strict=True))
        print(f"{pairs:5}   {'  '.join(told)}")
    print(f"lowest {lowest:.1%} ({lowest_again:.1%})")
    print("\nWhole trials, looks and stopping included")
    for pairs in (2, 3, *DECLARED_PAIRS):
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


def of_pairs(without: Sequence[float], cached: Sequence[float]) -> Interval:
    if len(without) < DECLARED_PAIRS[0]:
        return interval_of_arms(without, cached, 0.05)
    return interval([one - other for one, other in zip(without, cached, strict=True)], 0.05)


def simulated(kind: str, source: random.Random, effect: float, pairs: int) -> tuple[float, float, int]:
    def run(arm: Arm, number: int) -> TestRun:
        del number
        seconds = math.exp(noise(kind, source) - (effect if arm is Arm.WITH else 0.0))
        return TestRun(Outcome.PASSED, 0, seconds, seconds)

    series = measure(run, schedule(pairs), Metric.CPU, lambda: math.inf)
    assert series.interval is not None
    return series.interval.low, series.interval.high, series.interval.pairs


def null(trials: int, load: int) -> None:
    print(
        f"The same code in both arms, {trials} trials, {load} busy processes beside it, {os.cpu_count()} CPUs"
    )
    with project(0.05, 0.1) as (root, scratch), busy(load):
        economy = replace(AT_ANY_COST, pairs_at_most=8)
        report(trials, lambda: validator(root, scratch, Nothing(), economy), None)


def planted(trials: int, seconds: Sequence[float], savings: Sequence[float], load: int) -> None:
    print(f"Planted savings, default settings, {trials} trials each, {load} busy processes beside it")
    for each in seconds:
        for saving in savings:
            print(f"\nA saving of {saving:.0%} in a suite of {each:g} s")
            with project(each, saving) as (root, scratch), SourcePatcher(root) as patcher, busy(load):
                make = partial(validator, root, scratch, patcher, FRUGAL)
                report(trials, make, saving)


def passes(given: argparse.Namespace) -> None:
    trials, chosen = given.trials or 10, given.chosen
    print(f"pytest, default settings, {trials} trials each, {given.load} busy processes beside it")
    for each in given.seconds:
        for saving in given.saving:
            print(
                f"\nA saving of {saving:.0%} in a suite of {each:g} s, at least {chosen:.0%} of it in tests that call"
            )
            with (
                pytest_project(each, saving, chosen) as (root, scratch),
                SourcePatcher(root) as patcher,
                busy(given.load),
            ):
                command = f"{sys.executable} -m pytest -q -p no:cacheprovider"
                make = partial(validator, root, scratch, patcher, FRUGAL, command)
                tests = [f"test_planted.py::test_planted[{part}]" for part in range(10)]
                report(trials, make, saving or None, tests, saving * each, given.before)


def report(
    trials: int,
    make: Callable[[], IndividualValidator],
    saving: float | None,
    tests: Sequence[str] = (),
    planted_seconds: float = 0.0,
    before: float = 0.0,
) -> None:
    """Make trials, and say what they find: of a planted saving, or of nothing."""
    started, found, costs, before = time.monotonic(), [], [], os.getloadavg()[0]
    for _ in range(trials):
        maker = make()
        winner = Winner(Function("work.py", "planted", 8), 128)
        promised = (saving or (0.1 if tests else 1.0)) * maker.baseline.cpu_seconds
        proof = maker.prove([winner], tests)
        maker = replace(
            maker, economy=replace(maker.economy, room=room(maker, before) if tests else math.inf)
        )
        found.append(maker.trial([winner], Saving(promised), tests, 600.0, proof))
        costs.append(maker.bench.spent.cpu_seconds / maker.baseline.cpu_seconds)
    measured = [trial for trial in found if trial.low is not None and trial.high is not None]
    differing = [trial for trial in measured if trial.low > 1 or trial.high < 1]
    after, seconds = os.getloadavg()[0], time.monotonic() - started
    print(f"load average {before:.1f} before, {after:.1f} after, {seconds:.0f} s")
    print(f"{len(measured)} of {trials} trials gave an interval")
    print(f"cost in runs of the suite, proving run included: {spread(costs)}")
    if before:
        print(f"in all, with {before:g} before it: {spread([cost + before for cost in costs])}")
    if not measured:
        print(f"nothing to be seen below {found[0].detectable or 1:.1%}, by the rule")
        return
    print(f"a difference is claimed in {len(differing)}: {len(differing) / len(measured):.1%}")
    if tests:
        by_passes = [trial for trial in measured if trial.processes]
        print(f"{len(by_passes)} by passes; {sorted({note for trial in found for note in trial.notes})}")
        saved = [trial.seconds_without - trial.seconds_with for trial in measured]
        print(
            f"seconds saved in a run: {spread(saved)}; {planted_seconds:.4f} planted, at the pace of the beginning"
        )
    elif saving is not None:
        true = 1 / (1 - saving)
        print(
            f"the planted saving is covered in {share(trial.low <= true <= trial.high for trial in measured)}"
        )
    following = [a.low <= b.speedup <= a.high for a, b in pairwise(measured)]
    if following:
        print(f"the interval of one covers the estimate of the next in {share(following)}")
    print(f"pairs a trial: {statistics.fmean(trial.pairs for trial in measured):.1f}")
    print(f"speedups: {spread([trial.speedup for trial in measured])}")
    print(f"half-widths: {spread([half_width(trial) for trial in measured])}")
    print(f"detectable savings: {spread([trial.detectable for trial in measured])}")


def room(maker: IndividualValidator, before: float) -> float:
    """Runs of the suite that a trial may take, where so many were made before the proving run."""
    suite = maker.baseline.cpu_seconds
    used = before + maker.bench.spent.cpu_seconds / suite
    return max(0.0, WHOLE_RUNS - used) if suite > SHORT_SECONDS else math.inf


def share(answers: Iterable[bool]) -> str:
    told = list(answers)
    return f"{sum(told)} of {len(told)}"


def half_width(trial: Trial) -> float:
    return math.log(trial.high / trial.low) / 2


def spread(values: Sequence[float]) -> str:
    low, *_, high = statistics.quantiles(values, n=20) if len(values) > 1 else (values[0], values[0])
    return f"median {statistics.median(values):.4f}, nine in ten within {low:.4f} to {high:.4f}"


def validator(
    root: Path, scratch: Path, patcher: SourcePatcher | Nothing, economy: Economy, command: str | None = None
) -> IndividualValidator:
    suite = Suite(command or f"{sys.executable} suite.py", root, {"PATH": os.environ["PATH"]})
    if not (scratch / "warm").exists():
        testrun.run(suite, bytecode=scratch / "warm")  # it compiles, which no plain run is to be blamed for
    baseline = testrun.run(suite, bytecode=scratch / "warm")
    assert baseline.outcome is Outcome.PASSED, baseline.tail
    bench = Bench(patcher, Path(tempfile.mkdtemp(dir=scratch)), scratch / "warm")
    return IndividualValidator(bench, suite, baseline, economy=economy, passes=passes_of)


@contextmanager
def pytest_project(seconds: float, saving: float, chosen: float) -> Iterator[tuple[Path, Path]]:
    """Tests that take so many CPU seconds, of which a cache saves a share; some of them call the function."""
    with tempfile.TemporaryDirectory() as folder:
        root, scratch = Path(folder, "project"), Path(folder, "scratch")
        root.mkdir()
        scratch.mkdir()
        calls = 1200
        working = max(seconds - PYTEST_STARTING, 0.1)
        size = round(working / calls / step_seconds())
        count = round(saving * seconds / working * calls / 10 + 1) * 10 if saving else 50
        besides = max(round(chosen * calls), round(1.25 * count)) - count
        (root / "work.py").write_text(textwrap.dedent(WORK).replace("SIZE", str(size)))
        text = TESTS.replace("BESIDES", str(besides)).replace("PLANTED", str(count))
        text = text.replace("ARGUMENT", "1" if saving else "next(COUNT)")
        (root / "test_planted.py").write_text(text)
        (root / "test_others.py").write_text(OTHERS.replace("REST", str(max(0, calls - besides - count))))
        yield root, scratch


@contextmanager
def project(seconds: float, saving: float) -> Iterator[tuple[Path, Path]]:
    """A suite that takes so many CPU seconds, of which a cache saves a share."""
    with tempfile.TemporaryDirectory() as folder:
        root, scratch = Path(folder, "project"), Path(folder, "scratch")
        root.mkdir()
        scratch.mkdir()
        size = round(max(seconds - STARTING, 0.01) / CALLS / step_seconds())
        count = 1 + round(saving * CALLS * seconds / max(seconds - STARTING, 0.01))
        (root / "work.py").write_text(textwrap.dedent(WORK).replace("SIZE", str(size)))
        suite = textwrap.dedent(SUITE).replace("CALLS", str(CALLS)).replace("PLANTED", str(count))
        (root / "suite.py").write_text(suite)
        yield root, scratch


def step_seconds() -> float:
    """CPU seconds of one step of the work, here and now."""
    space: dict[str, Callable[[int], int]] = {}
    exec(WORK.replace("SIZE", "200_000"), space)
    times = []
    for number in range(5):
        start = time.process_time()
        space["work"](number)
        times.append(time.process_time() - start)
    return statistics.median(times) / 200_000


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
    parser.add_argument("part", choices=["coverage", "null", "planted", "passes"])
    parser.add_argument("--trials", type=int)
    parser.add_argument("--load", type=int, default=0)
    parser.add_argument("--seconds", type=float, nargs="+", default=[0.5, 2.0, 10.0])
    parser.add_argument("--saving", type=float, nargs="+", default=[0.02, 0.05, 0.1, 0.3])
    parser.add_argument("--chosen", type=float, default=0.2)
    parser.add_argument("--before", type=float, default=BEFORE, help="runs of the suite, for passes")
    given = parser.parse_args()
    match given.part:
        case "coverage":
            coverage(given.trials or 4000)
        case "null":
            null(given.trials or 200, given.load)
        case "passes":
            passes(given)
        case _:
            planted(given.trials or 10, given.seconds, given.saving, given.load)


if __name__ == "__main__":
    main()
