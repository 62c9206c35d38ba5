"""What holds a run back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.github.wishes.holding import Marks, held_back, held_back_by_message
from hitrate.settings.model import Drafts, Settings

PLAIN = Settings()


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (Marks(labels=("bug", "Hitrate:SKIP")), "label"),
        (Marks(title="Fix it [skip hitrate]"), "title"),
        (Marks(title="[Hitrate  Skip] Fix it"), "title"),
        (Marks(message="Fix it\n\n[ hitrate skip ]"), "message"),
    ],
)
def test_what_asks_for_it_is_named(marks: Marks, said: str) -> None:
    reason = held_back(marks, PLAIN)
    assert reason is not None
    assert said in reason


@pytest.mark.parametrize(
    "marks",
    [
        Marks(),
        Marks(draft=True),
        Marks(labels=("hitrate", "skip")),
        Marks(title="skip hitrate"),
        Marks(title="[skip ci]", message="[skiphitrate]"),
    ],
)
def test_nothing_else_does(marks: Marks) -> None:
    assert held_back(marks, PLAIN) is None


def test_drafts_are_held_back_where_the_user_chose_so() -> None:
    choosing = Settings(drafts=Drafts.SKIP, skip_label="later")
    assert "draft" in (held_back(Marks(draft=True), choosing) or "")
    assert held_back(Marks(), choosing) is None
    assert held_back(Marks(labels=("hitrate:skip",)), choosing) is None
    assert "later" in (held_back(Marks(labels=("later",)), choosing) or "")


@given(st.text())
def test_a_message_is_quoted_on_one_line(text: str) -> None:
    reason = held_back_by_message(f"{text}[skip\n hitrate]{text}")
    assert reason is not None
    assert "\n" not in reason
    assert held_back_by_message(None) is None
