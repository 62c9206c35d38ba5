"""Small projects whose right verdict is known, through the whole command line.

``HITRATE_VERDICTS_PYTHON`` names another interpreter (one that has pytest) for the tests of the projects.
"""

import importlib.metadata
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.integration.repositories import PROJECTS, hitrate, project

CASES: list[dict[str, Any]] = json.loads((PROJECTS / "verdicts" / "expected.json").read_text("utf-8"))
FIELDS = {
    *("id", "kind", "twin", "functions", "right", "never", "min_size", "calls", "gate", "gate_verdict"),
    *("exit", "requires", "options", "effort", "python", "why", "hazard_tests", "key_says", "never_says"),
    *("metric", "each", "wrong", "sometimes"),
}


def interpreter(case: dict[str, Any]) -> str:
    """The interpreter for the project's tests; skips where there is none with what they need."""
    wanted = case.get("python")
    python = shutil.which(f"python{wanted}") if wanted else os.environ.get("HITRATE_VERDICTS_PYTHON")
    if wanted and python is None:
        pytest.skip(f"no python{wanted} on PATH")
    python = python or sys.executable
    for text in ["pytest", *case.get("requires", [])]:
        requirement = Requirement(text)
        version = installed(python, requirement.name)
        if version is None or version not in requirement.specifier:
            pytest.skip(f"{python} has no {text}")
    return python


def installed(python: str, name: str) -> str | None:
    """The version of a package as an interpreter sees it."""
    if python == sys.executable:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return None
    code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    done = subprocess.run([python, "-c", code, name], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


def measured(case: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """The report of a run on a project."""
    python = interpreter(case)
    tree = project(scratch / "tree", f"verdicts/{case['id']}")
    report = scratch / "report.json"
    named = [word for function in case["functions"] for word in ("--function", function)]
    options = case.get("options", ["--time-budget", "20 seconds"])
    done = hitrate(
        tree,
        *("run", "--effort", case.get("effort", "standard"), "--fail-on", case.get("gate", "never")),
        *named,
        *options,
        *("--json", str(report), "--test-command", f"{shlex.quote(python)} -m pytest -q"),
    )
    assert done.returncode in case.get("exit", [0, 1] if "gate_verdict" in case else [0]), done.stderr
    assert report.exists(), done.stderr
    document: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return document


def faults(case: dict[str, Any], report: dict[str, Any]) -> list[str]:
    """What in a report is not as an expert would say, one line a fault."""
    functions = {f"{found['path']}::{found['qualname']}": found for found in report["functions"]}
    wrong = [f"{name}: not in the report" for name in case["functions"] if name not in functions]
    for name, found in functions.items():
        if name in case["functions"]:
            wrong += function_faults(name, case | case.get("each", {}).get(name, {}), found)
        elif found["verdict"] in case.get("never", []):
            wrong.append(f"{name}: {found['verdict']} ({found['reason']})")
    accepted = case.get("gate_verdict")
    if accepted and report["gate"]["verdict"] not in accepted:
        wrong.append(f"gate: {report['gate']['verdict']}, right is {' or '.join(accepted)}")
    return wrong


def function_faults(name: str, expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What is wrong about one function."""
    wrong = []
    verdict, right = found["verdict"], expected.get("right")
    if (right and verdict not in right) or (not right and verdict in expected.get("never", [])):
        wrong.append(f"{verdict}, right is {' or '.join(right or ['anything else'])} ({found['reason']})")
    size = found.get("recommended_maxsize")
    if size is not None and size < expected.get("min_size", 0):
        wrong.append(f"advises maxsize {size}, at least {expected['min_size']} is needed")
    if found.get("calls") != expected.get("calls", found.get("calls")):
        wrong.append(f"{found.get('calls')} calls, there are {expected['calls']}")
    if found.get("metric") != expected.get("metric", found.get("metric")):
        wrong.append(f"counts {found.get('metric')} time, right is {expected['metric']}")
    for hazard in found["hazards"]:
        wrong += hazard_faults(expected, hazard)
    if "never_says" in expected:
        said = re.search(expected["never_says"], "\n".join(texts(found)))
        wrong += [f"says {said.group()!r}"] if said else []
    return [f"{name}: {fault}" for fault in wrong]


def hazard_faults(expected: dict[str, Any], hazard: dict[str, Any]) -> list[str]:
    """What is wrong about the evidence."""
    wrong = []
    tests, key = expected.get("hazard_tests"), expected.get("key_says", "")
    if tests and hazard["test"] and hazard["test"] not in tests:
        wrong.append(f"names {hazard['test']}, which never makes such a call")
    if not re.search(key, hazard["key"] or ""):
        wrong.append(f"key {hazard['key']} does not show {key}")
    return wrong


def texts(value: object) -> list[str]:
    """Every text in a document."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return []


def known(case: dict[str, Any]) -> list[pytest.MarkDecorator]:
    """The mark of a project whose verdict is known to be wrong, always or sometimes."""
    if "wrong" not in case:
        return []
    return [pytest.mark.xfail(strict=not case.get("sometimes", False), reason=case["wrong"])]


@pytest.mark.verdicts
@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["id"],
            marks=known(case),
        )
        for case in CASES
    ],
)
def test_the_verdict_is_an_experts(case: dict[str, Any], tmp_path: Path) -> None:
    report = measured(case, tmp_path)
    wrong = faults(case, report)
    assert not wrong, "\n".join([case["why"], *wrong])


def test_every_project_has_its_expectation() -> None:
    folders = {path.name for path in (PROJECTS / "verdicts").iterdir() if path.is_dir()}
    assert {case["id"] for case in CASES} == folders


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_an_expectation_is_well_formed(case: dict[str, Any]) -> None:
    assert set(case) <= FIELDS
    assert {field for each in case.get("each", {}).values() for field in each} <= FIELDS
    assert set(case.get("each", {})) <= set(case["functions"])
    assert case.get("right") or case.get("never")
    for function in case["functions"]:
        path, _, name = function.partition("::")
        source = (PROJECTS / "verdicts" / case["id"] / path).read_text("utf-8")
        assert f"def {name.rpartition('.')[2]}(" in source


@pytest.mark.parametrize("kind", range(1, 12))
def test_each_kind_has_five_relatives_and_as_many_twins(kind: int) -> None:
    for twin in (False, True):
        cases = [case for case in CASES if case["kind"] == kind and case.get("twin", False) is twin]
        assert sum(len(case["functions"]) for case in cases) >= 5


def test_a_fault_is_seen() -> None:
    found = {
        "path": "a.py",
        "qualname": "f",
        "verdict": "drop",
        "reason": "only 20 % (at least 20 %)",
        "calls": 3,
        "recommended_maxsize": 1,
        "hazards": [{"test": "t.py::b", "key": "(Decimal(),)"}],
    }
    expected = {
        "functions": ["a.py::f", "a.py::g"],
        "right": ["resize"],
        "min_size": 2,
        "calls": 4,
        "hazard_tests": ["t.py::a"],
        "key_says": "17",
        "gate_verdict": ["pass"],
        "each": {"a.py::f": {"never_says": r"only (\d+) %.*at least \1 %"}},
    }
    wrong = faults(expected, {"functions": [found], "gate": {"verdict": "fail"}})
    assert len(wrong) == 8
    assert wrong[0] == "a.py::g: not in the report"
    assert wrong[-1] == "gate: fail, right is pass"
