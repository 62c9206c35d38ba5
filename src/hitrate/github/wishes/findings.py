"""What a comment has shown, kept in its hidden second line: findings, and the sources they are on. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from hitrate.report.content.finding import WORD, both, covers
from hitrate.vocabulary import is_finding

ROOM = 11_500
"""Characters that the line takes at most."""

_ITEMS = 120
_ITEM = re.compile(rf"([0-9a-f]{{12}})=([0-9a-f]{{1,64}})@(\d{{1,15}}):({WORD})")
_LINE = re.compile(
    rf"^<!-- seen(?P<items>(?: [0-9a-f]+=[0-9a-f]+@\d+:{WORD}){{0,{_ITEMS}}}) -->$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class ShownFunction:
    """A function as a comment has shown it.

    Attributes:
        digest: Of its source.
        since: When this source and this finding were first shown, in whole seconds since 1970.
        found: What was found, in a word.
    """

    digest: str
    since: int
    found: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a comment is about to show.

    Attributes:
        sources: Digest of the source of every function that the report knows, by its identity.
        findings: As they count as shown: those that ask something of a reader, or are acknowledged.
        now: The time, in seconds since 1970.
    """

    sources: Mapping[str, str]
    findings: Mapping[str, ShownFunction]
    now: float


def key(name: str) -> str:
    """What stands for a function in the hidden line."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12]


def read_seen(body: str) -> dict[str, ShownFunction]:
    """What the hidden line of a comment's text says, by key; nothing where there is none."""
    found = _LINE.search(body[: 4 * ROOM])
    items = _ITEM.findall(found["items"]) if found else ()
    read = {name: ShownFunction(digest, int(since), word) for name, digest, since, word in items[:_ITEMS]}
    return {name: one for name, one in read.items() if is_finding(one.found)}


def line(before: str, shown: Shown | None) -> str:
    """The hidden line, with its end, for the text in the place of ``before``; empty if it has nothing.

    What was seen is not forgotten for a run that shows less: who acknowledges a finding means the source of
    then. Where a function has changed, what was seen of it is over; something graver is seen from now on.

    Args:
        before: The comment's text as it is; empty if there is none.
        shown: What is shown now; None keeps what was seen.
    """
    seen = read_seen(before)
    if shown is not None:
        sources = {key(name): digest for name, digest in shown.sources.items()}
        seen = {name: old for name, old in seen.items() if sources.get(name, old.digest) == old.digest}
        for function, finding in shown.findings.items():
            seen[key(function)] = _joined(seen.get(key(function)), finding, int(shown.now))
    newest = sorted(seen.items(), key=lambda item: -item[1].since)[:_ITEMS]
    items = "".join(f" {name}={one.digest}@{one.since}:{one.found}" for name, one in sorted(newest))
    return f"<!-- seen{items} -->\n" if items else ""


def _joined(old: ShownFunction | None, new: ShownFunction, now: int) -> ShownFunction:
    """What was shown of a function, together with what is shown now of the same source."""
    if old is None:
        return new
    return old if covers(old.found, new.found) else ShownFunction(new.digest, now, both(old.found, new.found))
