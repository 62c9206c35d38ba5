"""The step's outputs that a report decides."""

from typing import Any

import pytest

from hitrate.action.outputs import outputs
from hitrate.report.model import FunctionReport, Report
from hitrate.vocabulary import Metric
from tests.unit import reports


def missed(report: Report) -> object:
    return outputs(report)["missed-saving"]


def win(**fields: Any) -> FunctionReport:
    return reports.win(together=None, saved_seconds=2.0, **fields)


def test_what_is_missed_is_a_share_of_the_workload() -> None:
    suite = reports.suite(cpu_seconds=4.0, workload="python bench.py", workload_cpu_seconds=20.0)
    assert missed(reports.report([win()], suite=suite)) == pytest.approx(0.1)


def test_what_waits_is_a_share_of_wall_time() -> None:
    suite = reports.suite(cpu_seconds=4.0, wall_seconds=40.0)
    both = [win(metric=Metric.WALL), win()]
    assert missed(reports.report(both, suite=suite)) == pytest.approx(0.05 + 0.5)


def test_nothing_is_missed_where_nothing_is_worth_it_and_the_unknown_stays_unknown() -> None:
    assert missed(reports.nothing()) == 0.0
    assert missed(reports.quick()) is None
