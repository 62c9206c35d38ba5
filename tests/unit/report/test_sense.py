"""Reports that somebody else wrote: what Hitrate itself writes is read, what cannot be true is not."""

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.analysis.assemble import function_report
from hitrate.commands.shards import merge
from hitrate.errors import InputError
from hitrate.evidence import Duration
from hitrate.github.post import read_report
from hitrate.report import markdown, sense
from hitrate.report.model import Report
from hitrate.report.sense import REPORT_LIMIT
from hitrate.trace.reader import Wrapper
from hitrate.verdict.advice import Advice
from hitrate.verdict.judge import Thresholds, judge
from tests.unit import reports
from tests.unit.replay.test_prediction import WRAPPER, evidence

SECONDS = 3.0
THRESHOLDS = Thresholds(min_hit_rate=0.2, min_saving=0.01, min_cache_hit_rate=0.2, max_missed_saving=0.05)


def read(data: Any) -> Report:
    return read_report(json.dumps(data).encode())


@pytest.mark.parametrize("name", reports.STATES)
def test_every_state_of_a_report_makes_sense(name: str) -> None:
    report = reports.STATES[name]()
    assert read_report(report.to_json().encode()) == report


def test_no_more_is_read_of_a_file_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    large, gone = tmp_path / "large.json", tmp_path / "gone.json"
    with large.open("wb") as file:
        file.truncate(REPORT_LIMIT + 1000)
    content = sense.content_of(large, "divide it")
    assert len(content) == REPORT_LIMIT + 1
    with pytest.raises(InputError, match="larger than"):
        sense.read(content, "large.json")
    with pytest.raises(
        InputError, match=r"^report: cannot read '.*gone\.json' \(No such file.*\); look there$"
    ):
        sense.content_of(gone, "look there")


def test_what_shards_come_to_makes_sense() -> None:
    parts = [reports.report([reports.win()], trial=reports.trial()), reports.report([reports.second_win()])]
    whole = merge(parts, 3)
    assert read_report(whole.to_json().encode()) == whole


@given(
    keys=st.lists(st.integers(0, 9), min_size=1, max_size=60),
    counted=st.sampled_from([0, 1, 7, 333, 10_007]),
    maxsize=st.sampled_from([None, 1, 2, 3, 128]),
    seconds=st.sampled_from([0.0, 1e-8, 1e-6, 1e-3, 10.0]),
    nested=st.booleans(),
)
def test_what_is_made_of_a_trace_makes_sense(
    keys: list[int], counted: int, maxsize: int | None, seconds: float, nested: bool
) -> None:
    wrapper = Wrapper(0, 1, 2, counted=counted) if counted else WRAPPER
    stops = [2 * (index // 2) + 2 for index in range(len(keys))] if nested and len(keys) % 2 == 0 else ()
    found = evidence(keys, seconds=seconds, maxsize=maxsize, wrapper=wrapper, stops=stops)
    finding = judge(found, THRESHOLDS, Duration(1.0, 1.0))
    report = reports.report([function_report(finding, Advice())])
    assert read_report(report.to_json().encode()) == report


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("functions", 0, "hits"), 9121, "functions.0.hits: 9,121 of 9,120 calls"),
        (("functions", 0, "calls"), 5, "functions.0.hits: "),
        (("functions", 0, "misses"), 9120, "functions.0.misses: with hits and unhashable "),
        (
            ("functions", 0, "unhashable"),
            9000,
            "functions.0.misses: with hits and unhashable ",
        ),
        (("functions", 0, "distinct_keys"), 10**6, "functions.0.distinct_keys: 1,000,000 of 9,120 calls"),
        (("functions", 0, "hit_rate"), 0.1, "functions.0.hit_rate: 0.1 with "),
        (("functions", 0, "together", "hits"), 10**6, "functions.0.together.hits: 1,000,380 hits and misses"),
        (("functions", 0, "together", "hit_rate"), 0.0, "functions.0.together.hit_rate: 0 with "),
        (
            ("functions", 0, "saved_seconds"),
            1e300,
            "functions.0.saved_seconds: 1e+300 cannot be a figure of a run",
        ),
        (("functions", 0, "saved_seconds"), -1e300, "functions.0.saved_seconds: -1e+300 cannot be a figure"),
        (
            ("functions", 0, "curve"),
            [[1, 0.5, -1e99]],
            "functions.0.curve.0.2: -1e+99 cannot be a figure of a run",
        ),
        (("functions", 0, "curve"), [[1, 1.5, 0]], "not a Hitrate report of schema 1: functions.0.curve.0.1"),
        (("functions", 0, "mean_call_seconds"), -1, "not a Hitrate report of schema 1: functions.0.mean"),
        (("trial", "low"), 2.0, "trial.speedup: 1.38 does not lie between 2 and 1.45"),
        (("trial", "high"), 1.1, "trial.speedup: 1.38 does not lie between 1.31 and 1.1"),
        (("trial", "wall_speedup"), 0.5, None),
        (("suite", "cpu_seconds"), 1e200, "suite.cpu_seconds: 1e+200 cannot be a figure of a run"),
        (("gate", "rules", 0, "passed"), False, "gate.verdict: pass, though the rule unsafe failed"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_the_field_is_named(
    place: tuple[Any, ...], value: Any, said: str | None
) -> None:
    data = json.loads(reports.one_win().to_json())
    target = data
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    if said is None:
        read(data)
        return
    with pytest.raises(InputError) as raised:
        read(data)
    message = str(raised.value)
    assert message.startswith(f"report: {said}")
    assert "\n" not in message
    assert len(message) < 300


def large(**changes: Any) -> bytes:
    data = json.loads(reports.one_win().to_json())
    function = data["functions"][0]
    for name, value in changes.items():
        (function if name in function else data)[name] = value
    return json.dumps(data).encode()


BARE = {"path": "a", "qualname": "f", "line": 1, "kind": "new", "verdict": "cache", "reason": "x"}
HAZARD = {"kind": "stale", "detail": "x"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (large(notes=["x" * 100] * 280_000), "report: notes: 280,000 items, at most 1,000 are read"),
        (large(functions=[BARE] * 280_000), "report: functions: 280,000 items, at most 10,000 are read"),
        (large(hazards=[HAZARD] * 200_000), "report: functions.0.hazards: 200,000 items, at most 100"),
        (large(curve=[[1, 0.5, 0.1]] * 200_000), "report: functions.0.curve: 200,000 items"),
        (large(tests=["x"] * 200_000), "report: functions.0.tests: 200,000 items"),
        (large(reason="x" * 30_000_000), "report: functions.0.reason: 30,000,000 characters"),
        (large(novelty=[[0] * 15_000] * 400), "report: more than 1,500,000 values"),
        (large(novelty={str(number): 0 for number in range(10**6)}), "report: novelty: 1,000,000 fields"),
        (b'{"notes": "' + b"x" * REPORT_LIMIT + b'"}', "report: larger than "),
        (b"[" * (REPORT_LIMIT - 1), "report: not a Hitrate report of schema 1: the document: Invalid JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_would_keep_its_reader_busy_is_refused_soon(content: bytes, said: str) -> None:
    started = process_time()
    with pytest.raises(InputError) as raised:
        read_report(content)
    assert process_time() - started < SECONDS
    assert str(raised.value).startswith(said)
    assert len(str(raised.value)) < 300


def test_as_much_as_is_read_is_rendered_within_a_comments_room() -> None:
    notes = ["&<@>" * 5_000] * sense.COUNTS["notes"]
    report = read_report(large(notes=notes, hazards=[HAZARD] * 100, remarks=["<" * 19_000] * 20))
    for limit in (65_000, 20_000):
        assert len(markdown.comment(report, limit=limit).encode()) <= limit
        assert len(markdown.resolved(report, limit=limit).encode()) <= limit
    assert "notes omitted, see report.json" in markdown.comment(report)
