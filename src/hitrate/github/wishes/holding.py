"""What holds a run back: a label, words in a title or in the head commit's message, a draft. Pure."""

import re
from dataclasses import dataclass

from hitrate.settings.model import Drafts, Settings
from hitrate.wording.text import quoted

_WORDS = re.compile(r"\[\s*(?:skip\s+hitrate|hitrate\s+skip)\s*\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a pull request, or a commit that was pushed, says of itself.

    Attributes:
        title: Of the pull request.
        labels: Names of its labels.
        draft: Whether it is a draft.
        message: The head commit's, where the event tells it; None where it has to be looked for.
    """

    title: str = ""
    labels: tuple[str, ...] = ()
    draft: bool = False
    message: str | None = None


def held_back(marks: Marks, settings: Settings) -> str | None:
    """Why a run is held back, as a clause; None where nothing that the marks tell asks for it.

    GitHub takes labels that differ only in case for the same one.
    """
    if settings.skip_label.casefold() in map(str.casefold, marks.labels):
        return f"the pull request has the label {quoted(settings.skip_label)}"
    if words := _said(marks.title):
        return f"the pull request's title says {words}"
    if marks.draft and settings.drafts is Drafts.SKIP:
        return "the pull request is a draft, and `drafts` is `skip`"
    return held_back_by_message(marks.message)


def held_back_by_message(message: str | None) -> str | None:
    """Why a run is held back by the message of its head commit, as a clause; None where it is not."""
    words = _said(message or "")
    return f"the head commit's message says {words}" if words else None


def _said(text: str) -> str | None:
    found = _WORDS.search(text)
    return quoted(" ".join(found[0].split())) if found else None
