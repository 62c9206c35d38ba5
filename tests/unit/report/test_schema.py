import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hitrate.errors import InputError
from hitrate.report import schema
from tests.unit import reports

PUBLISHED = Path(__file__).parents[3] / "docs" / "report.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(schema.schema())


def test_the_published_schema_is_that_of_the_model() -> None:
    assert PUBLISHED.read_text() == schema.text(), (
        "run: python -m hitrate.report.schema > docs/report.schema.json"
    )


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema.schema())


@pytest.mark.parametrize("name", reports.STATES)
def test_reports_follow_the_schema_and_are_read_as_they_were_written(name: str) -> None:
    report = reports.STATES[name]()
    document = report.to_json()
    VALIDATOR.validate(json.loads(document))
    assert schema.read(document, name) == report


def test_names_of_the_contract_are_there() -> None:
    data = json.loads(reports.mixed().to_json())
    assert {"schema", "tool", "change", "suite", "trial", "functions", "gate", "notes"} <= set(data)
    assert data["schema"] == 1
    names = (
        "path qualname line kind verdict reason calls hits misses hit_rate hit_rate_within_test",
        "distinct_keys maxsize recommended_maxsize curve mean_call_seconds saved_seconds speedup",
        "memory_bytes together hazards suggestion",
    )
    assert set(" ".join(names).split()) <= set(data["functions"][0])
    assert data["functions"][1]["curve"][0] == [1, 0.0303, 0.3025]


def test_a_newer_report_with_more_fields_is_read() -> None:
    data = json.loads(reports.one_win().to_json())
    data["functions"][0]["novelty"] = {"a": 1}
    VALIDATOR.validate(data)
    assert schema.read(json.dumps(data), "newer.json") == reports.one_win()


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("schema",), 2, "schema: "),
        (("functions", 0, "verdict"), "maybe", "functions.0.verdict: "),
        (("functions", 0, "hit_rate"), 1.5, "functions.0.hit_rate: "),
        (("functions", 0, "line"), 0, "functions.0.line: "),
        (("functions", 0, "source"), "aa -->\n# heading <!--", "functions.0.source: "),
        (("functions", 0, "calls"), -1, "functions.0.calls: "),
        (("functions", 0, "calls"), 10**40, "functions.0.calls: "),
        (("functions", 0, "calls"), "12", "functions.0.calls: "),
        (("functions", 0, "reason"), None, "functions.0.reason: "),
        (("trial", "speedup"), 0, "trial.speedup: "),
        (("change",), [], "change: "),
    ],
)
def test_what_is_no_report_is_refused_by_model_and_schema(
    place: tuple[Any, ...], value: Any, said: str
) -> None:
    data = json.loads(reports.one_win().to_json())
    target = data
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(InputError, match=r"^report\.json: not a Hitrate report of schema 1: " + said):
        schema.read(json.dumps(data), "report.json")


@pytest.mark.parametrize(
    "document", ["", "[]", "{", "NaN", '{"schema": 1, "tool": {"version": NaN}}', b"\xff"]
)
def test_what_is_no_json_object_is_refused(document: str | bytes) -> None:
    with pytest.raises(InputError, match=r"^report\.json: not a Hitrate report"):
        schema.read(document, "report.json")


def test_numbers_that_are_none_are_refused() -> None:
    document = reports.one_win().to_json().replace('"saved_seconds": 9.', '"saved_seconds": NaN, "x": 9.', 1)
    with pytest.raises(InputError, match=r"saved_seconds"):
        schema.read(document, "report.json")
