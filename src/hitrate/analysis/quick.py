"""Effort ``quick``: one run with real ``functools.lru_cache`` on every candidate, counted on the spot."""

from collections.abc import Sequence
from dataclasses import replace

from hitrate.analysis.session import Measurement, Session
from hitrate.evidence import Evidence, Runs, Screening, Together, Trial, duration_of
from hitrate.hazards.hazard import Hazard
from hitrate.patching.patcher import Edit
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.pycache import seed
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trace import deployment
from hitrate.trace.counts import Count, read_counts
from hitrate.vocabulary import HazardKind, Metric
from hitrate.wording.figures import some, verb

NOTES = (
    "Effort quick: all candidates were cached in the same run; its figures are those of all together.",
    "Effort quick: one run without and one with the caches; the speedup has no confidence interval.",
    "Effort quick: what one cache saves was not measured; effort standard tells.",
)


def measure(session: Session, functions: Sequence[Function], baseline: TestRun) -> Measurement:
    """Run the tests once with every function cached.

    Args:
        session: What to work with.
        functions: Candidates and existing caches, none ineligible.
        baseline: The plain run of the tests, which passed.
    """
    with session.progress.phase(f"Tests with {some(len(functions), 'function')} cached"):
        session.progress.run("cached", 2, 2)
        screening = _cached_run(session, functions, baseline)
    return Measurement(
        evidence=screening.evidence,
        processes=screening.processes,
        trial=_single_pair(baseline, screening),
        runs=Runs(cached=1),
        workload=duration_of(baseline),
        notes=screening.notes,
    )


def _cached_run(session: Session, functions: Sequence[Function], baseline: TestRun) -> Screening:
    """The tests once with every function cached, and the counts of all processes; the tree is put back."""
    scratch, maxsize = session.scratch / "cached", session.settings.maxsize
    bytecode = scratch / "bytecode"
    seed(bytecode, session.bytecode.compiled)  # as cold as the baseline was
    probe = deployment.counting(scratch, "cached")
    session.patcher.apply([_edit(slot, function, maxsize, probe) for slot, function in enumerate(functions)])
    try:
        run = testrun.run(session.project.suite, bytecode=bytecode, progress=session.progress)
    finally:
        session.patcher.apply(())
    counts, processes = read_counts(probe.records, len(functions))
    evidence = [
        _evidence(function, count, maxsize) for function, count in zip(functions, counts, strict=True)
    ]
    return Screening(tuple(blame(with_hidden(evidence, counts), baseline, run)), run, processes, NOTES)


def _size(function: Function, maxsize: int | None) -> int | None:
    return maxsize if function.cache is None else function.cache.maxsize


def _edit(slot: int, function: Function, maxsize: int | None, probe: deployment.Instrument) -> Edit:
    typed = function.cache is not None and function.cache.typed
    decorator = f"{deployment.ALIAS}.count({slot}, {_size(function, maxsize)!r}, {typed!r})"
    return Edit(function.path, function.qualname, function.line, decorator, probe.preamble)


def _evidence(function: Function, count: Count, maxsize: int | None) -> Evidence:
    calls = count.hits + count.misses + count.refused
    # The calls of a recursive function are fewer and shorter with the cache than without: no estimate holds.
    mean = count.nanoseconds / 1e9 / count.misses if count.misses and not count.reentries else None
    return Evidence(
        function,
        maxsize=_size(function, maxsize),
        calls=calls,
        hits=count.hits,
        misses=count.misses,
        unhashable=count.refused,
        mean_call_seconds=mean,
        saved_seconds_at_most=None if mean is None else count.hits * mean,
        together=Together(count.hits, count.misses, None),
        tests=count.tests,
    )


def with_hidden(evidence: Sequence[Evidence], counts: Sequence[Count]) -> list[Evidence]:
    """Tell each function which caches hid it: those that answered, of functions that call it, near or far."""
    return [
        replace(
            item,
            hidden_by=tuple(
                evidence[caller].function.id
                for caller in sorted(_callers(slot, counts))
                if evidence[caller].hits
            ),
        )
        for slot, item in enumerate(evidence)
    ]


def _callers(slot: int, counts: Sequence[Count]) -> set[int]:
    """The functions that call it, those that call these, and so on."""
    found: set[int] = set()
    waiting = [*counts[slot].callers]
    while waiting:
        caller = waiting.pop()
        if caller not in found and caller != slot:
            found.add(caller)
            waiting += counts[caller].callers
    return found


def blame(evidence: Sequence[Evidence], baseline: TestRun, cached: TestRun) -> list[Evidence]:
    """Give the tests that fail only with the caches to the functions that they call.

    A test that calls one function proves that function broken. Where it calls several, one run cannot tell
    which: each of them gets a doubt instead of a hazard.
    """
    if cached.outcome is Outcome.PASSED:
        return list(evidence)
    broken = tuple(test for test in cached.failed if test not in baseline.failed)
    suspects = [
        [item.function.id for item in evidence if item.calls and test in item.tests] for test in broken
    ]
    called = [item.function.id for item in evidence if item.calls]
    everyone = called or [item.function.id for item in evidence]
    blamed = [names or everyone for names in suspects] or [everyone]
    labels: list[str | None] = [*broken] or [None]
    return [_with_blame(item, list(zip(labels, blamed, strict=True)), cached) for item in evidence]


def _with_blame(
    evidence: Evidence, blamed: Sequence[tuple[str | None, list[str]]], cached: TestRun
) -> Evidence:
    name = evidence.function.id
    proven = [test for test, names in blamed if names == [name]]
    shared = [test for test, names in blamed if name in names and len(names) > 1]
    if proven:
        detail = _broken_detail(evidence, proven, cached)
        gist = f"{some(len(proven), 'test')} {verb(proven, 'fails', 'fail')} with the cache"
        hazard = Hazard(HazardKind.BROKEN, detail, test=proven[0], gist=gist)
        return replace(evidence, hazards=(*evidence.hazards, hazard))
    if shared:
        doubt = Doubt(Topic.ENTANGLED, Grounds.TRIED, (_failing(shared, cached),))
        return replace(evidence, doubts=(*evidence.doubts, doubt))
    return evidence


def _broken_detail(evidence: Evidence, tests: Sequence[str | None], cached: TestRun) -> str:
    detail = f"{_failing(tests, cached)} with the cache"
    if evidence.unhashable:
        detail += f"; {evidence.unhashable} of its calls pass arguments that cannot be hashed"
    return detail


def _failing(tests: Sequence[str | None], cached: TestRun) -> str:
    named = [test for test in tests if test is not None]
    if not named:
        return (
            "the test command times out" if cached.outcome is Outcome.TIMED_OUT else "the test command fails"
        )
    more = f" and {len(named) - 1} more fail" if len(named) > 1 else " fails"
    return named[0] + more


def single_pair_speedup(baseline: TestRun, cached: TestRun) -> float | None:
    """CPU time without ÷ with the caches of one pair of runs; None where the cached run did not pass."""
    if cached.outcome is not Outcome.PASSED or not cached.cpu_seconds:
        return None
    return baseline.cpu_seconds / cached.cpu_seconds


def _single_pair(baseline: TestRun, screening: Screening) -> Trial:
    """One pair of runs as a trial without an interval."""
    cached = screening.run
    return Trial(
        speedup=single_pair_speedup(baseline, cached),
        low=None,
        high=None,
        confidence=None,
        pairs=1,
        detectable=None,
        metric=Metric.CPU,
        broken_tests=tuple(test for test in cached.failed if test not in baseline.failed),
        functions=tuple(item.function.id for item in screening.evidence),
    )
