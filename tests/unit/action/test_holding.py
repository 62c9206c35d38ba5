"""Where it is looked for what holds a run back: the event, GitHub, the head commit; and in which order."""

from dataclasses import replace

import pytest

from hitrate.action.holding import HeldBack, Holding
from hitrate.github.event import Mode, Plan, Target
from hitrate.github.wishes.holding import Marks
from hitrate.settings.model import Drafts, Settings
from tests.unit.action.offline import TARGET, forbidden, runner, unreached, unread

LABELLED = Marks(labels=("hitrate:skip",))
LABEL = "the pull request has the label `hitrate:skip`"
MESSAGE = "the head commit's message says `[skip hitrate]`"
OFFLINE = Holding(runner(), forbidden)
DOWN = Holding(runner("token"), unreached)


def plain(_: Target) -> str:
    return "A change"


def skipping(_: Target) -> str:
    return "A change\n\n[skip hitrate]"


def test_a_run_that_somebody_asked_for_is_never_held_back() -> None:
    assert Holding(runner("token"), forbidden).reason(None, TARGET, Settings(), unread) is None


def test_a_push_tells_all_by_itself() -> None:
    """Its pull request was just looked for, and its message is in the event."""
    holding = Holding(runner("token"), forbidden)
    assert holding.reason(replace(LABELLED, message="x"), TARGET, Settings(), unread) == LABEL
    assert holding.reason(Marks(message="[hitrate skip]"), TARGET, Settings(), unread) is not None
    assert holding.reason(Marks(message=""), TARGET, Settings(), unread) is None


@pytest.mark.parametrize("holding", [OFFLINE, DOWN])
def test_the_event_is_believed_where_github_does_not_tell(holding: Holding) -> None:
    assert holding.reason(LABELLED, TARGET, Settings(), unread) == LABEL
    assert holding.reason(Marks(), TARGET, Settings(), plain) is None


@pytest.mark.parametrize("holding", [OFFLINE, DOWN])
def test_the_head_commits_message_is_read_where_nothing_else_holds_it_back(holding: Holding) -> None:
    assert holding.reason(Marks(), TARGET, Settings(), skipping) == MESSAGE
    assert holding.reason(Marks(), TARGET, Settings(), lambda _: None) is None


def test_a_dry_run_asks_nobody_and_a_target_without_pull_request_neither() -> None:
    holding = Holding(runner("token"), forbidden)
    assert holding.reason(LABELLED, TARGET, Settings(dry_run=True), unread) == LABEL
    assert holding.reason(Marks(), replace(TARGET, pull_request=None), Settings(), skipping) == MESSAGE


def test_settings_say_which_label_it_is_and_what_becomes_of_drafts() -> None:
    assert OFFLINE.reason(LABELLED, TARGET, Settings(skip_label="other"), plain) is None
    assert OFFLINE.reason(Marks(draft=True), TARGET, Settings(), plain) is None
    drafts = Settings(drafts=Drafts.SKIP)
    assert OFFLINE.reason(Marks(draft=True), TARGET, drafts, unread) is not None


def other(marks: Marks | None, **given: object) -> HeldBack | None:
    """What a second stage without a token takes for what held the other run back."""
    return OFFLINE.of_other_run(Plan(Mode.POST, TARGET, marks=marks), given)


def test_of_another_run_only_the_event_is_known_without_a_token() -> None:
    assert other(None) is None
    assert other(Marks(message="x")) is None
    assert other(LABELLED) == HeldBack(LABEL, None)
    assert other(LABELLED, skip_label="other") is None
    assert other(Marks(message="[skip hitrate]")) == HeldBack(MESSAGE, None)


def test_a_draft_whose_run_left_no_report_counts_as_held_back() -> None:
    """The inputs of that run are not known."""
    assert other(Marks(draft=True)) == HeldBack("the pull request is a draft", None)
    assert other(Marks(draft=True), drafts="skip") == HeldBack(
        "the pull request is a draft, and `drafts` is `skip`", None
    )
