"""Settings that modules of the standard library keep for all who use them; and their own bookkeeping."""

import calendar
import difflib
import fnmatch
import functools
import gettext
import linecache
import mimetypes
import re
import tempfile
import textwrap
import threading
from calendar import monthcalendar
from collections.abc import Callable
from typing import Any

from tests.unit.probe.zoo import Keeper, specimen

doubtful = specimen("doubt")
harmless = specimen(None)


def _then(keeper: Keeper, work: Callable[[int], Any], change: Callable[[], Any]) -> None:
    """Calls before something changes, which show what is called, and two with another argument after it."""
    call = keeper.observe(work)
    for argument in (1, 1, 1):
        call(argument)
    keeper.test("test_zoo.py::test_then")
    change()
    for argument in (2, 2):
        call(argument)


@doubtful
def first_weekday_of_the_calendar(keeper: Keeper) -> None:
    try:
        _then(keeper, lambda month: len(calendar.monthcalendar(2024, month)), _sunday)
    finally:
        calendar.setfirstweekday(calendar.MONDAY)


@doubtful
def first_weekday_by_a_name_of_its_own(keeper: Keeper) -> None:
    try:
        _then(keeper, lambda month: len(monthcalendar(2024, month)), _sunday)
    finally:
        calendar.setfirstweekday(calendar.MONDAY)


def _sunday() -> None:
    calendar.setfirstweekday(calendar.SUNDAY)


@doubtful
def types_of_media(keeper: Keeper) -> None:
    mimetypes.init()
    try:
        _then(
            keeper,
            lambda number: mimetypes.guess_type(f"{number}.zoo"),
            functools.partial(mimetypes.add_type, "application/x-zoo", ".zoo"),
        )
    finally:
        mimetypes.init()


@doubtful
def domain_of_messages(keeper: Keeper) -> None:
    before = gettext.textdomain()
    try:
        _then(
            keeper,
            lambda number: gettext.gettext(f"message {number}"),
            functools.partial(gettext.textdomain, "zoo"),
        )
    finally:
        gettext.textdomain(before)


@harmless
def first_weekday_that_is_not_asked_for(keeper: Keeper) -> None:
    try:
        _then(keeper, lambda year: calendar.isleap(2000 + year), _sunday)
    finally:
        calendar.setfirstweekday(calendar.MONDAY)


@harmless
def first_weekday_that_stays(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda month: len(calendar.monthcalendar(2024, month)),
        lambda: calendar.monthcalendar(2023, 1),
    )


@harmless
def types_of_media_that_stay(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: mimetypes.guess_type(f"{number}.html"),
        lambda: mimetypes.guess_type("a.png"),
    )


@harmless
def expressions_that_are_kept(keeper: Keeper) -> None:
    """``re`` and ``fnmatch`` keep what they have compiled, for others too."""
    _then(
        keeper,
        lambda number: (re.sub(r"\d", "x", str(number)), fnmatch.fnmatch(str(number), "[12]")),
        lambda: [re.compile(f"zoo{number}") for number in range(5)],
    )


@harmless
def lines_that_are_kept(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: linecache.getline(linecache.__file__, number),
        lambda: linecache.getlines(textwrap.__file__),
    )


@harmless
def wrapped_text(keeper: Keeper) -> None:
    _then(
        keeper,
        lambda number: textwrap.fill("a b c " * number, 8),
        lambda: textwrap.TextWrapper(width=5).fill("a b c"),
    )


SCANNER = re.Scanner([(r"\d+", lambda _, text: text), (r"\s+", None)])  # type: ignore[attr-defined]


@harmless
def what_a_scanner_matched_last(keeper: Keeper) -> None:
    _then(keeper, lambda number: tuple(SCANNER.scan(f"1 {number}")[0]), lambda: SCANNER.scan("7"))


MATCHER = difflib.SequenceMatcher[str]()


@harmless
def what_a_matcher_compared_last(keeper: Keeper) -> None:
    def ratio(number: int) -> float:
        MATCHER.set_seqs(f"abc{number}", "abd")
        return MATCHER.ratio()

    call = keeper.observe(ratio)
    for number in (1, 22, 1, 22, 1, 22):
        call(number)


class Scanner:
    """The project's own: others may read what it matched last."""

    def __init__(self) -> None:
        self.match = re.match("x", "x")

    def scan(self, text: str) -> str:
        self.match = re.match(r"\w", text)
        return text


OWN = Scanner()


@specimen("noticed")
def what_an_own_scanner_matched_last(keeper: Keeper) -> None:
    scan = keeper.observe(lambda number: OWN.scan(f"{number} a"))
    for number in (1, 2, 1, 2, 1, 2):
        scan(number)


EVENT = threading.Event()


@specimen("noticed")
def event_that_is_set(keeper: Keeper) -> None:
    def told(number: int) -> int:
        EVENT.set()
        return number

    call = keeper.observe(told)
    for number in (1, 2, 1, 2, 1, 2):
        EVENT.clear()
        call(number)


@harmless
def names_of_temporary_files(keeper: Keeper) -> None:
    """``tempfile`` draws them from a generator of its own."""

    def writes(number: int) -> int:
        with tempfile.TemporaryDirectory(dir=keeper.path) as folder:
            return len(folder) - len(folder) + number

    _then(keeper, writes, list)
