"""What a comment has shown, kept in its hidden second line: the sources that its readers have seen. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

ROOM = 6_500
"""Characters that the line takes at most."""

_ITEMS = 120
_ITEM = re.compile(r"([0-9a-f]{12})=([0-9a-f]{1,64})@(\d{1,15})")
_LINE = re.compile(r"^<!-- hitrate seen(?P<items>(?: [0-9a-f]+=[0-9a-f]+@\d+)*) -->$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A function as a comment has shown it.

    Attributes:
        digest: Of its source.
        since: When this source was first shown, in whole seconds since 1970.
    """

    digest: str
    since: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a comment is about to show.

    Attributes:
        sources: Digest of the source of every function that the report knows, by ``path::Qual.name``.
        since: Of the findings among them, when their source counts as seen, in seconds since 1970.
        now: The time, in seconds since 1970.
    """

    sources: Mapping[str, str]
    since: Mapping[str, float]
    now: float


def key(name: str) -> str:
    """What stands for a function in the hidden line."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]


def read_seen(body: str) -> dict[str, Seen]:
    """What the hidden line of a comment's text says, by key; nothing where there is none."""
    found = _LINE.search(body[: 4 * ROOM])
    items = _ITEM.findall(found["items"]) if found else ()
    return {name: Seen(digest, int(since)) for name, digest, since in items[:_ITEMS]}


def line(before: str, shown: Shown | None) -> str:
    """The hidden line, with its end, for the text in the place of ``before``; empty if it has nothing.

    What was seen is not forgotten for a run that shows less: who acknowledges a finding means the source of
    then. Where a function has changed, its new source counts as seen from now on.

    Args:
        before: The comment's text as it is; empty if there is none.
        shown: What is shown now; None keeps what was seen.
    """
    seen = read_seen(before)
    if shown is not None:
        sources = {key(name): digest for name, digest in shown.sources.items()}
        for name, old in seen.items():
            if sources.get(name, old.digest) != old.digest:
                seen[name] = Seen(sources[name], int(shown.now))
        for function, since in shown.since.items():
            name = key(function)
            if name not in seen or since < seen[name].since:
                seen[name] = Seen(sources[name], int(since))
    newest = sorted(seen.items(), key=lambda item: -item[1].since)[:_ITEMS]
    items = "".join(f" {name}={one.digest}@{one.since}" for name, one in sorted(newest))
    return f"<!-- hitrate seen{items} -->\n" if items else ""
