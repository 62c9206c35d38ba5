"""What the reach probe wrote, read and checked: the project's code can write anything there."""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hitrate.files import untrusted
from hitrate.probe.reach.log import VERSION

LOG_BYTES = 512 << 20
PROCESSES = 4096
_SUFFIX = ".reach"


class IncompleteError(Exception):
    """The logs do not tell what all tests reached; the message says why, as the second half of a sentence."""


@dataclass(slots=True)
class ProcessLog:
    """What one process saw.

    Attributes:
        python: Its interpreter: ``sys.version`` and ``sys.prefix``.
        pieces: Path and line of each piece; see :mod:`hitrate.probe.reach.log` for the lines that are none.
        reached: Pieces by context.
        anything: Contexts in which anything may have been reached besides.
        modules: What was reached while a module was imported, by the module's piece.
        files: Contexts of each file that was collected.
        tests: Contexts of each test, in the order in which they ran.
        cost: CPU seconds that noting it took, as far as they are known.
    """

    python: tuple[str, str] = ("", "")
    pieces: list[tuple[str, int]] = field(default_factory=list)
    reached: dict[int, set[int]] = field(default_factory=dict)
    anything: set[int] = field(default_factory=set)
    modules: dict[int, set[int]] = field(default_factory=dict)
    files: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    tests: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    cost: float = 0.0


def read_logs(records: Path) -> list[ProcessLog]:
    """The logs of all processes that noted what they reached.

    Raises:
        IncompleteError: One of them ends too early, or is none; or there are none.
    """
    names = sorted(path.name for path in records.glob(f"*{_SUFFIX}"))
    if not names:
        raise IncompleteError("no pytest ran under it")
    if len(names) > PROCESSES:
        raise IncompleteError("too many processes ran the tests")
    return [parse(_content(records, name)) for name in names]


def _content(records: Path, name: str) -> bytes:
    try:
        content = untrusted.read(records, name, LOG_BYTES)
    except (ValueError, OSError):
        content = None
    if content is None:
        raise IncompleteError("a process wrote too much to be read")
    return content


def parse(content: bytes) -> ProcessLog:
    """One process's log.

    Raises:
        IncompleteError: It has no end, or is no such log.
    """
    log = ProcessLog()
    lines = content.splitlines()
    try:
        first, *rest, last = (json.loads(line) for line in lines)
        if first[:2] != ["begin", VERSION] or last != ["end"]:
            raise IncompleteError("a test process broke off")
        log.python = (_text(first[2]), _text(first[3]))
        for kind, *values in rest:
            _LINES[kind](log, *values)
        _check(log)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        raise IncompleteError("a test process broke off, or wrote something that makes no sense") from None
    return log


def _check(log: ProcessLog) -> None:
    """All numbers are of pieces.

    Raises:
        IndexError: One is not.
    """
    for number in _numbers(log):
        if not 0 <= number < len(log.pieces):
            raise IndexError


def _numbers(log: ProcessLog) -> Iterator[int]:
    yield from log.modules
    for reached in (*log.reached.values(), *log.modules.values()):
        yield from reached


def _piece(log: ProcessLog, number: int, path: str, line: int) -> None:
    if number != len(log.pieces) or not isinstance(path, str) or type(line) is not int:
        raise ValueError
    log.pieces.append((path, line))


def _reached(log: ProcessLog, context: int, numbers: list[int]) -> None:
    log.reached.setdefault(_whole(context), set()).update(map(_whole, numbers))


def _anything(log: ProcessLog, context: int, _: str) -> None:
    log.anything.add(_whole(context))


def _module(log: ProcessLog, number: int, numbers: list[int]) -> None:
    log.modules.setdefault(_whole(number), set()).update(map(_whole, numbers))


def _file(log: ProcessLog, path: str, contexts: list[int]) -> None:
    log.files.append((_text(path), tuple(map(_whole, contexts))))


def _test(log: ProcessLog, test: str, contexts: list[int]) -> None:
    log.tests.append((_text(test), tuple(map(_whole, contexts))))


def _cost(log: ProcessLog, seconds: float) -> None:
    if type(seconds) not in (int, float) or not 0 <= seconds < math.inf:
        raise ValueError
    log.cost += seconds


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


_LINES: dict[str, Callable[..., Any]] = {
    "piece": _piece,
    "reached": _reached,
    "anything": _anything,
    "module": _module,
    "file": _file,
    "test": _test,
    "cost": _cost,
}
