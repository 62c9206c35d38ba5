"""What was found about a function, in a word that people can write when they accept it. Pure.

The word is the verdict and, of one that is unsafe, how: ``resize``, ``unsafe+stale``.
"""

from collections import Counter
from collections.abc import Sequence

from hitrate.report.model import FunctionReport
from hitrate.vocabulary import Verdict, is_finding

WORD = r"[a-z-]{1,20}(?:\+[a-z-]{1,20}){0,9}"
"""A regular expression for what :func:`word` gives."""

_GRAVITY = {verdict.value: 0 for verdict in Verdict} | {
    Verdict.UNSAFE.value: 2,
    Verdict.INCONCLUSIVE.value: 1,
}
"""How much is accepted with a verdict: that a cache is wrong, that it may be, that it is of little use."""


def word(function: FunctionReport) -> str:
    """What was found about a function."""
    kinds = {hazard.kind.value for hazard in function.hazards} if function.verdict is Verdict.UNSAFE else ()
    return "+".join([function.verdict.value, *sorted(kinds)])


def covers(accepted: str, found: str) -> bool:
    """Whether who has accepted one finding has accepted the other: the same, or one that is less grave.

    Args:
        accepted: A word; ``unsafe`` alone stands for every hazard.
        found: The word for what is found now.
    """
    verdict, *kinds = accepted.split("+")
    verdict_now, *kinds_now = found.split("+")
    gravity = _GRAVITY.get(verdict, -1)
    if gravity != _GRAVITY[verdict_now]:
        return gravity > _GRAVITY[verdict_now]
    return not kinds or set(kinds_now) <= set(kinds)


def both(one: str, other: str) -> str:
    """The word for two findings: the graver one, or of two that are unsafe every hazard."""
    if covers(one, other) or covers(other, one):
        return one if covers(one, other) else other
    verdict, *kinds = one.split("+")
    return "+".join([verdict, *sorted({*kinds, *other.split("+")[1:]})])


def split(written: str) -> tuple[str, str | None]:
    """A function's name and the finding behind it: ``path::Qual.name:resize``; None where there is none."""
    name, _, found = written.rpartition(":")
    return (name, found) if is_finding(found) and not name.endswith(":") else (written, None)


def identities(functions: Sequence[FunctionReport]) -> list[str]:
    """A name for each function that no other has: ``path::Qual.name``, of namesakes with a number behind it.

    Namesakes are numbered as they stand in their file.
    """
    times = Counter(function.id for function in functions)
    seen: Counter[str] = Counter()
    names = {}
    for place in sorted(range(len(functions)), key=lambda place: functions[place].line):
        name = functions[place].id
        seen[name] += 1
        names[place] = name if times[name] == 1 else f"{name}#{seen[name]}"
    return [names[place] for place in range(len(functions))]
