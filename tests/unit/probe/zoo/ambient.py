"""What code follows that nobody passes: zone, locale, decimal context, levels, what is registered."""

import asyncio
import builtins
import csv
import datetime
import decimal
import functools
import locale
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.probe.zoo import Keeper, specimen

doubtful = specimen("doubt")
harmless = specimen(None)


def _then(keeper: Keeper, call: Callable[..., Any], change: Callable[[], Any], *arguments: Any) -> None:
    """Two calls with the first argument; after a change two with the other one, so that no result differs."""
    first, then = arguments
    for argument in (first, first):
        call(argument)
    keeper.test("test_zoo.py::test_then")
    change()
    for argument in (then, then):
        call(argument)


def _zone(keeper: Keeper, name: str) -> None:
    keeper.patch.setenv("TZ", name)
    time.tzset()


def _with_zones(keeper: Keeper, call: Callable[..., Any]) -> None:
    _zone(keeper, "UTC")
    try:
        _then(keeper, keeper.observe(call), lambda: _zone(keeper, "XXX-5"), 0, 3600)
    finally:
        keeper.patch.undo()
        time.tzset()


@doubtful
def hour_by_the_zone_of_the_process(keeper: Keeper) -> None:
    _with_zones(keeper, lambda stamp: time.localtime(stamp).tm_hour)


@doubtful
def local_datetime(keeper: Keeper) -> None:
    _with_zones(keeper, lambda stamp: datetime.datetime.fromtimestamp(stamp).isoformat())


@doubtful
def stamp_of_a_local_time(keeper: Keeper) -> None:
    _with_zones(keeper, lambda hour: datetime.datetime(2024, 1, 1, hour % 24).timestamp())


@harmless
def hour_in_utc(keeper: Keeper) -> None:
    _with_zones(keeper, lambda stamp: time.gmtime(stamp).tm_hour)


@harmless
def utc_datetime(keeper: Keeper) -> None:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    _with_zones(keeper, lambda stamp: (epoch + datetime.timedelta(seconds=stamp)).isoformat())


def _with_locales(keeper: Keeper, call: Callable[..., Any]) -> None:
    known = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, "C.UTF-8")
    except locale.Error:
        pytest.skip("this system has no locale C.UTF-8")
    try:
        locale.setlocale(locale.LC_ALL, "C")
        other = functools.partial(locale.setlocale, locale.LC_ALL, "C.UTF-8")
        _then(keeper, keeper.observe(call), other, 1, 2)
    finally:
        locale.setlocale(locale.LC_ALL, known)


@doubtful
def name_of_a_month(keeper: Keeper) -> None:
    _with_locales(keeper, lambda month: datetime.date(2024, month, 1).strftime("%B"))


@harmless
def number_of_a_month(keeper: Keeper) -> None:
    _with_locales(keeper, lambda month: datetime.date(2024, month, 1).isoformat())


@doubtful
def decimal_numbers_that_are_passed(keeper: Keeper) -> None:
    third = keeper.observe(lambda total: total / 3)
    with decimal.localcontext() as context:
        _then(
            keeper, third, functools.partial(setattr, context, "prec", 4),
            decimal.Decimal(1), decimal.Decimal(2),
        )  # fmt: skip


@harmless
def whole_numbers_under_another_context(keeper: Keeper) -> None:
    third = keeper.observe(lambda total: total // 3)
    with decimal.localcontext() as context:
        _then(keeper, third, functools.partial(setattr, context, "prec", 4), 10, 20)


LOG = logging.getLogger("zoo.ambient.shop")
ABOVE = logging.getLogger("zoo.ambient")


def _with_levels(keeper: Keeper, logger: logging.Logger, level: int, call: Callable[..., Any]) -> None:
    try:
        _then(keeper, keeper.observe(call), functools.partial(logger.setLevel, level), "a", "b")
    finally:
        logger.setLevel(logging.NOTSET)


def _told(name: str) -> str:
    return f"<{name}: all>" if LOG.isEnabledFor(logging.DEBUG) else f"<{name}>"


def _threshold(name: str) -> tuple[str, int]:
    return name, LOG.getEffectiveLevel()


def _quiet(name: str) -> str:
    LOG.debug("a name: %s", name)
    return name.upper()


@doubtful
def level_of_its_logger(keeper: Keeper) -> None:
    _with_levels(keeper, LOG, logging.DEBUG, _told)


@doubtful
def level_of_a_logger_above(keeper: Keeper) -> None:
    _with_levels(keeper, ABOVE, logging.DEBUG, _threshold)


@doubtful
def logging_that_is_disabled(keeper: Keeper) -> None:
    try:
        _then(keeper, keeper.observe(_told), functools.partial(logging.disable, logging.ERROR), "a", "b")
    finally:
        logging.disable(logging.NOTSET)


@harmless
def level_that_nobody_asks_for(keeper: Keeper) -> None:
    _with_levels(keeper, ABOVE, logging.ERROR, _quiet)


@functools.singledispatch
def _spelled(value: object) -> str:
    return f"a {type(value).__name__}"


class _Printer:
    @functools.singledispatchmethod
    def spelled(self, value: object) -> str:
        return f"a {type(value).__name__}"

    def page(self, value: object) -> str:
        return self.spelled(value)


@functools.singledispatch
def _settled(value: object) -> str:
    return "?"


_settled.register(int, lambda value: f"i{value}")
_settled.register(str, lambda value: f"s{value}")


def _spell(value: object) -> str:
    return _spelled(value) + "."


def _settle(value: object) -> str:
    return _settled(value) + "."


@doubtful
def implementation_that_comes_later(keeper: Keeper) -> None:
    _then(keeper, keeper.observe(_spell), lambda: _spelled.register(bytes, lambda value: "bytes"), 1, b"1")


@doubtful
def method_that_comes_later(keeper: Keeper) -> None:
    page = keeper.observe(_Printer.page)
    added = functools.partial(_Printer.__dict__["spelled"].register, bytes, lambda self, value: "bytes")
    printer = _Printer()
    _then(keeper, functools.partial(page, printer), added, 1, b"1")


@harmless
def implementations_that_were_there(keeper: Keeper) -> None:
    _then(keeper, keeper.observe(_settle), list, 1, "a")


def _registered(keeper: Keeper, call: Callable[[str], Any], name: str) -> None:
    csv.register_dialect("zoo_table", delimiter=";")
    try:
        _then(keeper, keeper.observe(call), lambda: csv.register_dialect(name, delimiter="|"), "a", "b")
    finally:
        for each in {"zoo_table", name}:
            csv.unregister_dialect(each)


@doubtful
def csv_dialect_registered_anew(keeper: Keeper) -> None:
    _registered(keeper, lambda line: tuple(next(csv.reader([line], "zoo_table"))), "zoo_table")


@harmless
def other_csv_dialect_registered(keeper: Keeper) -> None:
    _registered(keeper, lambda line: tuple(next(csv.reader([line], "zoo_table"))), "zoo_other")


def _translating(table: dict[str, str]) -> Callable[[str], str]:
    return lambda word: table.get(word, word)


def _installed(keeper: Keeper, name: str) -> None:
    """Tests install another translation under a name, where every module finds it."""
    keeper.patch.setattr(builtins, "_", _translating({}), raising=False)

    def label(word: str) -> str:
        return _(word) + "!"  # type: ignore[name-defined, no-any-return, operator]  # noqa: F821

    table = {"no": "nein", "yes": "ja"}
    change = lambda: keeper.patch.setattr(builtins, name, _translating(table), raising=False)  # noqa: E731
    _then(keeper, keeper.observe(label), change, "one", "two")


@doubtful
def translation_installed_for_all_modules(keeper: Keeper) -> None:
    _installed(keeper, "_")


@harmless
def other_name_installed_for_all_modules(keeper: Keeper) -> None:
    _installed(keeper, "ngettext")


def _patched(keeper: Keeper, call: Callable[[str], Any], module: object, name: str, value: object) -> None:
    """Tests set what a module of the standard library has under a name."""
    _then(keeper, keeper.observe(call), lambda: keeper.patch.setattr(module, name, value), "a", "b")


@doubtful
def platform_that_tests_set(keeper: Keeper) -> None:
    _patched(keeper, lambda name: name + (";" if sys.platform == "win32" else ":"), sys, "platform", "win32")


@doubtful
def name_of_the_system_that_tests_set(keeper: Keeper) -> None:
    _patched(keeper, lambda name: (name, os.name == "nt"), os, "name", "nt")


@doubtful
def version_that_tests_set(keeper: Keeper) -> None:
    _patched(keeper, lambda name: (name, sys.version_info >= (3, 5)), sys, "version_info", (3, 4, 0))


@doubtful
def arguments_of_the_program(keeper: Keeper) -> None:
    _patched(keeper, lambda name: (name, "--verbose" in sys.argv), sys, "argv", ["tool", "--verbose"])


@harmless
def platform_where_tests_set_the_arguments(keeper: Keeper) -> None:
    _patched(keeper, lambda name: name + sys.platform, sys, "argv", ["tool", "--verbose"])


@harmless
def paths_joined_where_the_search_path_changes(keeper: Keeper) -> None:
    call = keeper.observe(lambda name: os.path.join(name, sys.platform))
    _then(keeper, call, lambda: keeper.patch.syspath_prepend(str(keeper.path)), "a", "b")


def _in_another_thread(keeper: Keeper, call: Callable[[str], Any]) -> None:
    """Two calls here, and two with another argument in a thread."""
    for _ in range(2):
        call("a")
    keeper.test("test_zoo.py::test_then")
    thread = threading.Thread(target=lambda: (call("b"), call("b")), name="other")
    thread.start()
    thread.join()


@doubtful
def name_of_the_thread(keeper: Keeper) -> None:
    _in_another_thread(keeper, keeper.observe(lambda name: name + threading.current_thread().name))


@harmless
def work_in_another_thread(keeper: Keeper) -> None:
    _in_another_thread(keeper, keeper.observe(lambda name: name + str(threading.active_count() > 0)))


def _loop_of(name: str) -> tuple[str, bool]:
    return name, asyncio.get_running_loop().is_running()


async def _asking(call: Callable[[str], Any], names: str) -> None:
    for name in names:
        call(name)


@doubtful
def event_loop_of_each_test(keeper: Keeper) -> None:
    call, loops = keeper.observe(_loop_of), [asyncio.new_event_loop(), asyncio.new_event_loop()]
    for loop, names in zip(loops, ("aa", "bb"), strict=True):
        loop.run_until_complete(_asking(call, names))
    for loop in loops:
        loop.close()


@harmless
def one_event_loop(keeper: Keeper) -> None:
    asyncio.run(_asking(keeper.observe(_loop_of), "aabb"))
