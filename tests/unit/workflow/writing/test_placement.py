"""Where the step goes in the text of a workflow."""

import pytest

from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.recipe import Recipe
from hitrate.workflow.reading.document import Document, UnreadableError, load
from hitrate.workflow.writing.placement import placed
from hitrate.workflow.writing.step import PERMISSIONS

CHOSEN = Candidate("ci.yml", "test", Recipe("pytest -q", "3.12"), "matrix.a == 1", ())
HEAD = "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n"
STEPS = "    steps:\n      - uses: actions/checkout@v4\n      - run: pytest\n"


def after(text: str, chosen: Candidate = CHOSEN) -> str:
    return placed(Document(text), chosen, "o/a@v1")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + STEPS,
        HEAD + STEPS + "        # about pytest\n\n  other:\n    runs-on: x\n    steps: []\n",
        (HEAD + STEPS).replace("\n", "\r\n"),
        (HEAD + STEPS).removesuffix("\n"),
        HEAD.replace("    runs-on", "    name: a\n    runs-on") + STEPS.replace("      -", "    -"),
        HEAD + STEPS.replace("      - run", "\n      - run"),
    ],
)
def test_a_step_is_added_and_every_other_line_stays(text: str) -> None:
    found = after(text)
    kept = iter(found.splitlines())
    assert all(line in kept for line in text.splitlines())
    steps = load(found)["jobs"]["test"]["steps"]
    assert steps[:2] == load(text)["jobs"]["test"]["steps"]
    assert steps[2]["with"] == {"python-version": "3.12", "test-command": "pytest -q"}
    assert load(found)["jobs"]["test"]["permissions"] == PERMISSIONS
    assert "\r\n" not in text or "\n" not in found.replace("\r\n", "")


def test_permissions_grow_by_what_is_missing_only() -> None:
    own = HEAD + "    permissions:\n      contents: write\n      issues: read\n" + STEPS
    assert load(after(own))["jobs"]["test"]["permissions"] == {
        "contents": "write", "issues": "read", "pull-requests": "write",
    }  # fmt: skip
    flow = HEAD + "    permissions: {pull-requests: read}\n" + STEPS
    assert load(after(flow))["jobs"]["test"]["permissions"] == {"pull-requests": "write", "contents": "read"}
    top = "permissions: write-all\n" + HEAD + STEPS
    assert "permissions" not in load(after(top))["jobs"]["test"]
    enough = "permissions:\n  contents: read\n  pull-requests: write\n" + HEAD + STEPS
    assert "permissions" not in load(after(enough))["jobs"]["test"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "    steps: [{run: pytest}]\n", "on one line"),
        ("a: &s\n  - run: pytest\n" + HEAD + "    steps: *s\n", "another place"),
        ("on: x\njobs: {test: {runs-on: x, steps: [{run: pytest}]}}\n", "on one line"),
        (HEAD + "    permissions: read-all\n" + STEPS, "not a list of permissions"),
    ],
)
def test_what_is_written_in_an_unusual_way_is_left_alone(text: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        after(text)


def test_without_a_recipe_there_is_no_step() -> None:
    with pytest.raises(UnreadableError, match="is not known"):
        after(HEAD + STEPS, Candidate("ci.yml", "test", None, None, ()))
