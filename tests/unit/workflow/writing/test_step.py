"""The text of the step and of a workflow of its own."""

from io import StringIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hitrate.workflow.writing.step import PERMISSIONS, Keeping, entry, scalar, step, workflow

printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


@given(st.lists(printable, min_size=1, max_size=3).map("\n".join))
@example("yes")
@example("1.10")
@example("~")
@example("a: b")
@example("a #b")
@example("- a")
@example(" a")
@example("a:")
@example("")
@example("${{ matrix.python }}")
@example("one\n\n  two")
def test_text_is_read_back_as_it_was(value: str) -> None:
    found = read("\n".join(entry("key", value, 2)) + "\n")["key"]
    assert isinstance(found, str)
    assert found.removesuffix("\n") == value.removesuffix("\n")


def test_plain_text_stays_plain() -> None:
    assert scalar("pytest -q tests") == ["pytest -q tests"]
    assert scalar("on") == ['"on"']
    assert scalar("a\nb") == ["|", "a", "b"]


@pytest.mark.parametrize("indent", [2, 4])
def test_a_step_holds_what_it_was_given(indent: int) -> None:
    inputs, variables = (
        {"setup": "apt-get update\napt-get install x", "python-version": "3.12"},
        {"MODE": "a: b"},
    )
    (found,) = read("\n".join(step("github.event_name == 'x'", inputs, indent, variables, "o/a@v1")) + "\n")
    assert found["if"] == "github.event_name == 'x'"
    assert found["uses"] == "o/a@v1"
    assert {key: value.strip() for key, value in found["with"].items()} == inputs
    assert found["env"] == variables


def test_what_is_not_given_is_left_out() -> None:
    (found,) = read("\n".join(step(None, {}, 2, uses="o/a@v1")))
    assert set(found) == {"name", "uses"}


def test_a_workflow_asks_for_no_more_than_it_needs() -> None:
    plain = read(workflow({"setup": "x"}))
    assert plain["on"] == "pull_request"
    assert plain["permissions"] == {}
    assert plain["jobs"]["hitrate"]["permissions"] == PERMISSIONS
    assert plain["jobs"]["hitrate"]["steps"][0]["with"] == {"persist-credentials": False}
    assert plain["concurrency"]["cancel-in-progress"] is True


@pytest.mark.parametrize("branch", ["main", "release/2.0", "yes no", "#1"])
def test_memory_is_restored_before_and_saved_after(branch: str) -> None:
    kept = read(workflow({}, keeping=Keeping(branch)))
    assert kept["on"]["push"]["branches"] == [branch]
    _, restored, run, saved = kept["jobs"]["hitrate"]["steps"]
    assert restored["with"]["path"] == saved["with"]["path"] == run["with"]["memory"]
    assert saved["with"]["key"].startswith(restored["with"]["restore-keys"])
    assert (restored["if"], saved["if"]) == (
        "github.event_name == 'pull_request'",
        "github.event_name == 'push'",
    )
