"""Settings of the process or thread that code written in C follows, and that nobody passes or names.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
Each is read only for code that names what follows it, and is a doubt only where it was seen to change.
"""

from __future__ import annotations

import _thread as _threads
import sys
import time

from .. import snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, FrozenSet, Iterator, Optional, Set, Tuple

    # What it is, who follows it, and its reader, which is told what the code and its arguments name.
    Setting = Tuple[str, FrozenSet[str], Callable[[Set[str]], Optional[str]]]

_thread_of = _threads.get_ident


def settings(names: Set[str], args: Tuple[object, ...]) -> Iterator[Tuple[str, str]]:
    """What such settings are now, each with what it is called.

    Args:
        names: Names in the code that asks.
        args: Its arguments; arithmetic with decimal numbers needs no name.
    """
    kinds = {snapshot.name_of(type(value)) for value in args}
    named = {*names, *(value for value in args if type(value) is str)}
    for called, followers, read in _SETTINGS:
        if not (followers.isdisjoint(names) and followers.isdisjoint(kinds)):
            found = read(named)
            if found is not None:
                yield called, found


def _decimal_context(_: Set[str]) -> Optional[str]:
    module = sys.modules.get("decimal")
    if module is None:
        return None
    context = module.getcontext()
    return "precision %d, %s" % (context.prec, context.rounding)


def _time_zone(_: Set[str]) -> str:
    return "%s, %d seconds west" % ("/".join(time.tzname), time.timezone)


def _locale(_: Set[str]) -> Optional[str]:
    module = sys.modules.get("_locale")
    try:
        return None if module is None else str(module.setlocale(module.LC_ALL))
    except Exception:  # one that this system does not know
        return None


def _csv_dialect(named: Set[str]) -> Optional[str]:
    """Those that are asked for by name."""
    module = sys.modules.get("_csv")
    if module is None:
        return None
    known = sorted(named.intersection(module.list_dialects()))
    found = [(name, module.get_dialect(name)) for name in known]
    told = "delimiter %s, quotechar %s, quoting %d"
    return "; ".join("%s: " % name + told % (it.delimiter, it.quotechar, it.quoting) for name, it in found)


def _thread(_: Set[str]) -> Optional[str]:
    module = sys.modules.get("threading")
    thread = None if module is None else module._active.get(_thread_of())
    return None if thread is None else str(thread._name)


def _event_loop(_: Set[str]) -> Optional[str]:
    module = sys.modules.get("_asyncio")
    loop = None if module is None else module._get_running_loop()
    return None if loop is None else "%s at %x" % (snapshot.name_of(type(loop)), id(loop))


_SETTINGS: Tuple[Setting, ...] = (
    ("the decimal context", frozenset(("Decimal", "decimal")), _decimal_context),
    (
        "the time zone",
        frozenset(
            ("localtime", "mktime", "ctime", "asctime", "fromtimestamp", "astimezone", "timestamp", "tzlocal")
        ),
        _time_zone,
    ),
    (
        "the csv dialect",
        frozenset(("reader", "writer", "DictReader", "DictWriter", "get_dialect")),
        _csv_dialect,
    ),
    ("the thread", frozenset(("current_thread", "currentThread", "get_ident", "get_native_id")), _thread),
    ("the event loop", frozenset(("get_running_loop", "get_event_loop", "current_task")), _event_loop),
    ("the locale", frozenset(("strftime", "strptime", "strcoll", "strxfrm")), _locale),
)
