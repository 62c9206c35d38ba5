"""Hazards through the whole command line: real recorder, real oracle, real test runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.repositories import hitrate, new_repository, project

FUNCTIONS = ("price", "rate", "place", "options", "note", "label", "total", "rank", "Basket.size")


def analysed(
    tree: Path, *arguments: str, functions: tuple[str, ...] = FUNCTIONS
) -> dict[str, dict[str, Any]]:
    report = tree.parent / "report.json"
    named = [word for name in functions for word in ("--function", f"shop.py::{name}")]
    done = hitrate(
        tree, "run", *named, *arguments, "--json", str(report), "--test-command", "python -m pytest -q"
    )
    assert report.exists(), done.stderr
    return {each["qualname"]: each for each in json.loads(report.read_text())["functions"]}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    tree = project(tmp_path_factory.mktemp("hazards") / "tree", "hazards")
    return analysed(tree, "--effort", "standard", "--time-budget", "5s")


@pytest.mark.parametrize(
    ("name", "kind", "test"),
    [
        ("rate", "stale", "test_one.py::test_rate_changed"),
        ("options", "aliased", "test_one.py::test_options"),
        ("note", "side-effect", "test_one.py::test_note"),
        ("label", "typed", "test_one.py::test_label"),
        ("total", "broken", "test_one.py::test_total"),
    ],
)
def test_a_hazard_names_its_kind_test_key_and_remedy(
    seen: dict[str, dict[str, Any]], name: str, kind: str, test: str
) -> None:
    hazard = seen[name]["hazards"][0]
    assert seen[name]["verdict"] == "unsafe"
    assert (hazard["kind"], hazard["test"]) == (kind, test)
    assert hazard["key"].startswith("(")
    assert hazard["remedy"]


def test_instances_that_a_cache_would_keep(seen: dict[str, dict[str, Any]]) -> None:
    assert [hazard["kind"] for hazard in seen["Basket.size"]["hazards"]] == ["leak"]


def test_a_hidden_input_that_did_not_vary_prevents_a_recommendation(seen: dict[str, dict[str, Any]]) -> None:
    assert seen["place"]["verdict"] == "inconclusive"
    assert "the current directory" in seen["place"]["reason"]
    assert seen["place"]["hazards"] == []


def test_a_harmless_function_is_recommended(seen: dict[str, dict[str, Any]]) -> None:
    assert (seen["price"]["verdict"], seen["price"]["hazards"]) == ("cache", [])


@pytest.mark.slow
def test_other_conditions_bring_to_light_what_one_run_cannot_show(tmp_path: Path) -> None:
    tree = project(tmp_path / "tree", "hazards")
    functions = analysed(
        tree, "--effort", "thorough", "--time-budget", "5m", functions=("place", "rank", "price")
    )
    (followed,) = functions["place"]["hazards"]
    assert (followed["kind"], "the current directory" in followed["detail"]) == ("stale", True)
    assert "which calls came before" in functions["rank"]["hazards"][0]["detail"]
    assert functions["price"]["hazards"] == []


@pytest.mark.slow
def test_a_cache_of_few_dear_results_earns_its_keep(tmp_path: Path) -> None:
    """All its computed calls are watched by the oracle, and all others with their keys are lookups."""
    tree = new_repository(
        tmp_path / "dear",
        {
            "shop.py": (
                "import functools\n\n\n@functools.lru_cache(maxsize=8)\n"
                "def dear(n):\n    return sum(i * n % 7 for i in range(20_000))\n"
            ),
            "test_shop.py": (
                "from shop import dear\n\n\ndef test_dear():\n"
                "    for n in range(300):\n        assert dear(n % 3) >= 0\n"
            ),
        },
    )
    dear = analysed(tree, functions=("dear",))["dear"]
    assert (dear["verdict"], dear["hits"], dear["misses"]) == ("keep", 297, 3)
    assert dear["saved_seconds"] > 0.1
