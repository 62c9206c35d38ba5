"""What a table says about one function: data of the report, never its sentences read back."""

from dataclasses import dataclass
from typing import Any

import pytest

from hitrate.report.content.row import (
    NEGLIGIBLE,
    advised_size,
    own_share_saved,
    saves,
    share_saved,
    why,
)
from hitrate.report.model import CacheReport, LimitsReport, Report
from hitrate.vocabulary import Kind, Metric, Verdict
from tests.unit import reports

NBSP = "\u00a0"
LIMITS = LimitsReport(min_hit_rate=0.2, min_saving=0.01, min_cache_hit_rate=0.2)


def measured(cpu: float | None = 10.0, limits: LimitsReport | None = None, **suite: Any) -> Report:
    report = reports.report([reports.win()])
    times = {"cpu_seconds": cpu, "wall_seconds": 20.0, **suite}
    return report.model_copy(update={"suite": report.suite.model_copy(update=times), "limits": limits})


def test_the_few_words_of_a_verdict_come_before_its_reason() -> None:
    told = {"reason": "Stale: it reads `a.txt`.", "gist": "it reads files"}
    assert why(reports.win(**told)) == "it reads files"
    assert why(reports.win(**told | {"gist": None})) == "Stale: it reads `a.txt`"


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"suggested": CacheReport(maxsize=2048)}, "2,048"),
        ({"suggested": CacheReport(maxsize=None)}, "unbounded"),
        ({"suggested": CacheReport(maxsize=64), "suggestion": "@memo(maxsize=7)"}, "64"),
        ({"suggested": None, "recommended_maxsize": 32, "suggestion": "@memo(maxsize=7)"}, "32"),
        ({"suggested": None, "recommended_maxsize": None}, "–"),
        ({"verdict": Verdict.RESIZE, "suggested": CacheReport(maxsize=8)}, "8"),
        ({"verdict": Verdict.KEEP, "maxsize": None}, "unbounded"),
        ({"verdict": Verdict.KEEP, "maxsize": 128, "recommended_maxsize": 512}, "128"),
        ({"verdict": Verdict.DROP, "recommended_maxsize": 512}, "–"),
    ],
)
def test_the_size_is_that_of_the_cache_that_is_suggested(fields: dict[str, Any], size: str) -> None:
    assert advised_size(reports.win(**fields)) == size


@dataclass(frozen=True)
class Saved:
    seconds: float | None
    told: str


@pytest.mark.parametrize(
    "case",
    [
        Saved(0.049, f"≈{NBSP}0"),
        Saved(0.05, f"50{NBSP}ms{NBSP}(0.5{NBSP}%)"),
        Saved(-0.049, f"≈{NBSP}0"),
        Saved(-0.05, f"−50{NBSP}ms"),
        Saved(0.0, f"≈{NBSP}0"),
        Saved(3.0, f"3.0{NBSP}s{NBSP}(30{NBSP}%)"),
        Saved(30.0, f"10{NBSP}s{NBSP}(100{NBSP}%)"),
        Saved(None, "–"),
    ],
)
def test_what_is_negligible_is_no_saving_and_no_loss(case: Saved) -> None:
    assert NEGLIGIBLE == 0.005
    assert saves(measured(), reports.win(saved_seconds=case.seconds)) == case.told
    assert saves(measured(limits=LIMITS), reports.win(saved_seconds=case.seconds)) == case.told


@pytest.mark.parametrize(
    "case",
    [
        Saved(0.05, f"≈{NBSP}0"),
        Saved(2.5, f"2.5{NBSP}s{NBSP}(20{NBSP}%)"),
        Saved(10.0, f"10{NBSP}s{NBSP}(50{NBSP}%)"),
        Saved(30.0, f"30{NBSP}s{NBSP}(75{NBSP}%)"),
        Saved(-0.05, f"−50{NBSP}ms"),
        Saved(None, "–"),
    ],
)
@pytest.mark.parametrize("verdict", [Verdict.KEEP, Verdict.RESIZE, Verdict.UNSAFE, Verdict.INCONCLUSIVE])
def test_what_a_cache_that_is_there_saves_was_not_spent(case: Saved, verdict: Verdict) -> None:
    existing = reports.win(kind=Kind.EXISTING, verdict=verdict, saved_seconds=case.seconds)
    assert saves(measured(), existing) == case.told


def test_the_whole_of_a_cache_that_is_there_is_told_with_what_it_saves() -> None:
    existing = reports.win(kind=Kind.EXISTING, verdict=Verdict.KEEP)
    assert own_share_saved(measured(), existing, 30.0) == f"30{NBSP}s of 40{NBSP}s CPU time"
    assert own_share_saved(measured(), existing, -2.0) == f"2.0{NBSP}s of 10{NBSP}s CPU time"
    assert own_share_saved(measured(), reports.win(), 3.0) == f"3.0{NBSP}s of 10{NBSP}s CPU time"
    waits = existing.model_copy(update={"metric": Metric.WALL})
    assert own_share_saved(measured(), waits, 20.0) == f"20{NBSP}s of 40{NBSP}s wall time"
    assert own_share_saved(measured(cpu=None), existing, 3.0) == f"3.0{NBSP}s"


def test_negligible_is_half_of_the_saving_that_is_wanted() -> None:
    wanted = LIMITS.model_copy(update={"min_saving": 0.2})
    shown = {
        seconds: saves(measured(limits=wanted), reports.win(saved_seconds=seconds)) for seconds in (0.99, 1.0)
    }
    assert shown == {0.99: f"≈{NBSP}0", 1.0: f"1.0{NBSP}s{NBSP}(10{NBSP}%)"}


def test_a_saving_of_an_unknown_whole_is_told_without_a_share() -> None:
    assert saves(measured(cpu=None), reports.win(saved_seconds=0.001)) == f"1.0{NBSP}ms"
    assert share_saved(measured(cpu=None), 3.0, Metric.CPU) == f"3.0{NBSP}s"


def test_a_saving_is_of_what_stands_for_production_by_its_own_metric() -> None:
    assert share_saved(measured(), 3.0, Metric.CPU) == f"3.0{NBSP}s of 10{NBSP}s CPU time"
    assert share_saved(measured(), 30.0, Metric.WALL) == f"20{NBSP}s of 20{NBSP}s wall time"
    workload = {"workload": "python bench.py", "workload_cpu_seconds": 4.0, "workload_wall_seconds": 5.0}
    assert share_saved(measured(**workload), 3.0, Metric.CPU) == f"3.0{NBSP}s of 4.0{NBSP}s CPU time"
    assert share_saved(measured(**workload), 3.0, Metric.WALL) == f"3.0{NBSP}s of 5.0{NBSP}s wall time"
