"""Actions that are named by commit."""

import pytest

from hitrate.workflow.writing.pinning import cache, checkout, pins, uses
from hitrate.workflow.writing.step import ACTION, CACHE_VERSION, CHECKOUT, DEFAULT_USES, VERSION

SHA = "0123456789abcdef0123456789abcdef01234567"
PINNED = f"steps:\n  - uses: actions/checkout@{SHA} # v4.2\n  - uses: 'actions/cache/restore@{SHA}'  # v4.1\n"
NAMED = "steps:\n  - uses: actions/checkout@v4\n  - uses: ./local\n"


@pytest.mark.parametrize(
    ("text", "expected"), [(PINNED, True), (NAMED, False), (PINNED + NAMED, True), ("", False)]
)
def test_most_decide(text: str, expected: bool) -> None:
    assert pins(text) is expected


def test_where_others_are_named_nobody_is_asked() -> None:
    assert uses(NAMED, lambda: pytest.fail("asked")) == (DEFAULT_USES, None)


def test_where_others_are_pinned_this_one_is_too() -> None:
    assert uses(PINNED, lambda: SHA) == (f"{ACTION}@{SHA} # {VERSION}", None)


@pytest.mark.parametrize("answer", [None, "main", SHA[:7]])
def test_a_commit_that_cannot_be_had_is_the_users_to_find(answer: str | None) -> None:
    named, note = uses(PINNED, lambda: answer)
    assert named == DEFAULT_USES
    assert note is not None
    assert "git ls-remote" in note


def test_other_actions_are_named_as_the_workflows_do() -> None:
    assert checkout([NAMED, PINNED]) == f"actions/checkout@{SHA} # v4.2"
    assert checkout([NAMED]) == CHECKOUT
    assert cache([PINNED]) == f"{SHA} # v4.1"
    assert cache([NAMED]) == CACHE_VERSION
    assert cache([PINNED.replace("actions/cache/restore", "other/action")]) is None
