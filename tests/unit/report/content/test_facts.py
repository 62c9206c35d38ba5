"""The facts that every renderer tells."""

from typing import Any

from hitrate.report.content.facts import evidence, method
from hitrate.report.model import ChangeReport, FunctionReport, RunsReport
from hitrate.wording.figures import NBSP
from tests.unit.reports import BASE, HEAD, broken_suite, report, suite, together, trial, win


def test_a_trial_shows_its_times_and_wall_time_beside_cpu_time() -> None:
    fields = {"seconds_without": 12.0, "seconds_with": 9.0}
    wall = {"wall_speedup": 1.3, "wall_low": 1.18, "wall_high": 1.43}
    told = " ".join(method(report([win()], trial=trial(**fields, **wall)))).replace(NBSP, " ")
    assert "A run took 12 s without and 9.0 s with them." in told
    assert "By wall time the speedup is 1.30× (1.18–1.43)." in told
    assert "By wall time" not in " ".join(method(report([win()], trial=trial(**fields))))


def compared(**fields: Any) -> str:
    change = ChangeReport(repository=None, **({"base": BASE, "head": HEAD} | fields))
    return list(method(report([win()], change=change)))[-1]


def test_what_was_compared() -> None:
    assert compared().endswith(f"compared `{BASE[:12]}` with `{HEAD[:12]}`.")
    both = f"compared `{BASE[:12]}` with `{HEAD[:12]}` and uncommitted changes."
    assert compared(uncommitted=True).endswith(both)
    assert compared(head=BASE, uncommitted=True).endswith(f"compared `{BASE[:12]}` with uncommitted changes.")
    assert compared(head=BASE).endswith("with itself.")


def test_of_what_was_not_run_nothing_is_told() -> None:
    (only,) = method(report([], suite=suite(runs=RunsReport(), tests=None, suite_equivalents=None)))
    assert only.startswith("Hitrate")
    told = " ".join(method(broken_suite()))
    assert "1 run without caches." in told
    assert "workload" not in told


def told(function: FunctionReport) -> str:
    return " ".join(evidence(report([function]), function)).replace(NBSP, " ")


def test_evidence_of_one_function() -> None:
    for fact in (
        "9,120 calls with 320 different keys.",
        "8,800 hits and 320 misses at maxsize 512: hit rate 96 %.",
        "If each test began with an empty cache, it would hit 83 %; the rest is",
        "A call takes 1.1 ms on average, 39 µs with the cache (28× faster).",
        "A cache would save 9.7 s of 41 s CPU time (23 %).",
        "A full cache holds about 75 KiB.",
    ):
        assert fact in told(win())


def test_fewer_lookups_than_calls_are_explained() -> None:
    assert "hit rate 96 %; calls made within a call that hits would not happen." in told(win(calls=20_000))


def test_an_outer_cache_that_starves_an_inner_one_is_told() -> None:
    starved = win(together=together(10, 310, 0.01))
    fact = "With the other recommended caches in place it hits 3 %, saving 10 ms of 41 s CPU time."
    assert fact in told(starved)


def test_a_call_that_a_cache_makes_no_faster_is_told_as_such() -> None:
    for speedup, words in (
        (1.001, "no faster"),
        (0.999, "no faster"),
        (1.5, "1.50× faster"),
        (0.5, "2.00× slower"),
    ):
        assert f" with the cache ({words})." in " ".join(evidence(report([win()]), win(speedup=speedup)))
