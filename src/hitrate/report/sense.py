"""Whether a report that somebody else wrote makes sense, before anything is rendered of it.

The schema says what each value may be; here is how many there may be and which fit together. Everything that
Hitrate itself writes passes, so what does not was changed, or made to keep its reader busy.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pydantic_core

from hitrate.errors import InputError
from hitrate.report import schema
from hitrate.report.model import FunctionReport, Report, TogetherReport, TrialReport
from hitrate.vocabulary import GateVerdict

REPORT_LIMIT = 32 * 1024 * 1024
"""Bytes of a report that is read."""

COUNTS: Mapping[str, int] = {
    "functions": 10_000,
    "notes": 1_000,
    "rules": 20,
    "hazards": 100,
    "curve": 1_000,
    "remarks": 200,
    "tests": 1_000,
    "edits": 200,
    "after": 1_000,
}
"""Items that a list may have at most, by its name."""

OTHER_COUNT = 20_000
"""The same for every other list, such as the tests that fail."""

TEXT_LIMIT = 20_000
"""Characters of one text."""

VALUES_LIMIT = 1_500_000
"""Values altogether, lists and objects included."""

LARGEST_FIGURE = 1e12
"""Absolute value of a number that is no count: far more seconds than any run takes."""

_ROUNDED = 3
"""Hits and misses that are scaled up are rounded one by one."""

_ALIKE = 0.01
"""Difference that two ways to round a rate may make."""

_REMEDY = "post the report.json of `hitrate` unchanged"


def read(document: bytes, name: str) -> Report:
    """A report that somebody else may have written, checked against the schema and for sense.

    Args:
        document: JSON text, of which a caller need not read more than a byte beyond the limit.
        name: What to call it in an error.

    Raises:
        InputError: It is no report, or none that can be true; the message says where it is not.
    """
    if len(document) > REPORT_LIMIT:
        raise InputError(f"{name}: larger than {REPORT_LIMIT} bytes")
    check_size(document, name)
    report = schema.read(document, name)
    check_figures(report, name)
    return report


def content_of(path: Path, remedy: str) -> bytes:
    """The content of a file that is to be a report, of which no more is read than shows that it is too large.

    Args:
        path: The file.
        remedy: What to do where it cannot be read.

    Raises:
        InputError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(REPORT_LIMIT + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"report: cannot read {str(path)!r} ({reason}); {remedy}") from None


def check_size(document: bytes, name: str) -> None:
    """Refuse a document that would take long to read or to render; what is no JSON is left to the schema.

    Args:
        document: JSON text.
        name: What to call it in an error.

    Raises:
        InputError: Something in it is too long, too large or too much; the message names one such thing.
    """
    try:
        value = pydantic_core.from_json(document)
    except ValueError:
        return
    if not isinstance(value, dict):
        return
    waiting: list[tuple[str, str, Any]] = [("", "", value)]
    seen = 0
    while waiting:
        place, key, container = waiting.pop()
        is_list = isinstance(container, list)
        limit = COUNTS.get(key, OTHER_COUNT) if is_list else OTHER_COUNT
        _measure(name, place, len(container), limit, "items" if is_list else "fields")
        seen += len(container)
        if seen > VALUES_LIMIT:
            raise InputError(f"{name}: more than {VALUES_LIMIT:,} values; divide what is measured")
        for child, item in enumerate(container) if is_list else container.items():
            if isinstance(item, dict | list):
                waiting.append((_within(place, child), "" if is_list else str(child), item))
            elif isinstance(item, str) and len(item) > TEXT_LIMIT:
                _measure(name, _within(place, child), len(item), TEXT_LIMIT, "characters")
            elif isinstance(item, float) and not abs(item) <= LARGEST_FIGURE:
                raise InputError(
                    f"{name}: {_within(place, child)}: {item:g} cannot be a figure of a run; {_REMEDY}"
                )


def check_figures(report: Report, name: str) -> None:
    """Refuse a report whose figures contradict each other.

    Args:
        report: A report of the schema.
        name: What to call it in an error.

    Raises:
        InputError: They do; the message names the first field that cannot be.
    """
    for place, wrong in _contradictions(report):
        raise InputError(f"{name}: {place}: {wrong}; {_REMEDY}")


def _within(place: str, child: object) -> str:
    return f"{place}.{str(child)[:40]}" if place else str(child)[:40]


def _measure(name: str, place: str, found: int, limit: int, what: str) -> None:
    if found > limit:
        where = f" {place}:" if place else ""
        raise InputError(f"{name}:{where} {found:,} {what}, at most {limit:,} are read; measure less at once")


def _contradictions(report: Report) -> Iterator[tuple[str, str]]:
    """Where a report cannot be true, and why."""
    yield from _trial("trial", report.trial)
    for index, function in enumerate(report.functions):
        place = f"functions.{index}"
        yield from _figures(place, function)
        yield from _together(place, function.calls, function.together)
        yield from _trial(f"{place}.trial", function.trial)
    failed = [rule.rule.value for rule in report.gate.rules if rule.passed is False]
    if failed and report.gate.verdict is GateVerdict.PASS:
        yield "gate.verdict", f"pass, though the rule {failed[0]} failed"


def _figures(place: str, function: FunctionReport) -> Iterator[tuple[str, str]]:
    calls, hits, misses = function.calls, function.hits, function.misses
    if calls is not None:
        for field in ("hits", "misses", "unhashable", "distinct_keys"):
            number = getattr(function, field)
            if number is not None and number > calls + (0 if field == "hits" else _ROUNDED):
                yield f"{place}.{field}", f"{number:,} of {calls:,} calls"
        if hits is not None and misses is not None:
            parts = hits + misses + (function.unhashable or 0)
            if parts > calls + _ROUNDED:
                yield (
                    f"{place}.misses",
                    f"with hits and unhashable {parts:,} of {calls:,} calls",
                )
    yield from _rate(place, hits, misses, function.hit_rate)


def _together(place: str, calls: int | None, both: TogetherReport | None) -> Iterator[tuple[str, str]]:
    if both is None:
        return
    if calls is not None and both.hits + both.misses > calls + _ROUNDED:
        yield f"{place}.together.hits", f"{both.hits + both.misses:,} hits and misses of {calls:,} calls"
    yield from _rate(f"{place}.together", both.hits, both.misses, both.hit_rate)


def _rate(place: str, hits: int | None, misses: int | None, rate: float | None) -> Iterator[tuple[str, str]]:
    if hits is None or misses is None or rate is None:
        return
    looked = hits + misses
    if not looked or abs(hits / looked - rate) > _ALIKE + _ROUNDED / looked:
        yield f"{place}.hit_rate", f"{rate:g} with {hits:,} hits and {misses:,} misses"


def _trial(place: str, trial: TrialReport | None) -> Iterator[tuple[str, str]]:
    if trial is None:
        return
    for field, ratios in (
        ("speedup", (trial.low, trial.speedup, trial.high)),
        ("wall_speedup", (trial.wall_low, trial.wall_speedup, trial.wall_high)),
    ):
        if not _rising([ratio for ratio in ratios if ratio is not None]):
            low, middle, high = ("not known" if ratio is None else f"{ratio:g}" for ratio in ratios)
            yield f"{place}.{field}", f"{middle} does not lie between {low} and {high}"


def _rising(ratios: Sequence[float]) -> bool:
    return all(one <= other * (1 + 1e-9) for one, other in pairwise(ratios))
