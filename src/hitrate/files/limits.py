"""Limits for what is read from a pull request: size, tokens, depth, what aliases come to, and time.

Everything that a change brings along is written by whoever made it, and parsers have inputs that take them
minutes or break their recursion. So a text is measured before it is parsed, and the parser, with what is made
of its result, gets an allowance of time. Timers end Python code and regular expressions, but no other code in
C; that is kept short by the sizes.
"""

import ast
import configparser
import json
import re
import signal
import threading
import time
import tomllib
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import FrameType
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent

from hitrate.errors import AnalysisError

CONFIG_BYTES = 64 * 1024
SOURCE_BYTES = 4 * 1024 * 1024
SOURCE_TOKENS = 500_000
"""Words and signs in Python source: its syntax tree takes about a kilobyte for each."""
PACKAGING_BYTES = 1024 * 1024
LOCK_BYTES = 64 * 1024 * 1024
"""Of a lock file only the beginning is of interest, but it is a file to read."""
PINNED_BYTES = 4096
"""Of ``.python-version``."""
WORKFLOW_BYTES = 1024 * 1024
DEPTH = 100
"""Tables and lists within one another, in what is data."""
YAML_NODES = 10_000
"""Keys, values and lists, everything behind an alias counted at each place where it is used."""
NAMES = 10_000
FILE_SECONDS = 3.0
"""CPU time for one file of data, by the clock that stands still while another process runs."""
SOURCE_SECONDS = 15.0
"""CPU time for one file of source: an ordinary one of a megabyte, all changed, takes 1 to 4 s."""
LOOK_SECONDS = 60.0
"""Time for the whole of the look before the first run."""
GLOBS = 1000
GLOB_CHARACTERS = 1000
NAME_CHARACTERS = 1000
REQUIREMENT_FILES = 200
"""Requirements files that one may include, directly or not."""
COMMAND_BYTES = 100_000
"""Linux takes 128 KiB for one argument, and a command line is one argument of the shell."""

_TOKEN = re.compile(rb"\w+|[^\w\s]")
_LONG_KEY = re.compile(
    rb"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}""" % DEPTH,
)
"""A dotted key of TOML, for each of whose parts the parser makes all that is before it anew."""
_AGAIN_SECONDS = 1.0
"""An exception that a finaliser has swallowed is raised again after this time."""

T = TypeVar("T")


class LimitError(ValueError):
    """A text goes over a limit; the message says which, and follows the name of the text."""


class _ElapsedError(BaseException):
    """The time is up; no ``except Exception`` on the way is to take it for something else."""


def within(seconds: float, work: Callable[[], T], *, timer: int = signal.ITIMER_PROF) -> T:
    """What ``work`` returns, unless it takes longer.

    Args:
        seconds: What it may take, by the timer. Only the main thread can be interrupted; elsewhere it may
            take what it takes.
        work: Called once; it may be broken off anywhere.
        timer: ``ITIMER_PROF`` counts this process's CPU time, ``ITIMER_REAL`` what a clock shows.

    Raises:
        LimitError: It took longer, or ran out of stack or memory.
    """
    try:
        if threading.current_thread() is not threading.main_thread():
            return work()
        return _interrupted(seconds, work, timer)
    except RecursionError:
        raise LimitError("is nested too deeply") from None
    except MemoryError:
        raise LimitError("takes more memory than there is") from None


def _interrupted(seconds: float, work: Callable[[], T], timer: int) -> T:
    number = {signal.ITIMER_REAL: signal.SIGALRM, signal.ITIMER_PROF: signal.SIGPROF}[timer]
    mine = _ElapsedError()

    def elapse(received: int, frame: FrameType | None) -> None:
        del received, frame
        raise mine

    before = signal.signal(number, elapse)
    try:
        signal.setitimer(timer, max(seconds, 1e-6), _AGAIN_SECONDS)
        try:
            return work()
        finally:
            signal.setitimer(timer, 0)
    except _ElapsedError as elapsed:
        signal.setitimer(timer, 0)
        if elapsed is not mine:  # that of a longer piece of work, which this one is part of
            raise
        raise LimitError(f"takes more than {seconds:g} s to read") from None
    finally:
        signal.signal(number, before)


@dataclass
class FirstLook:
    """The look before the first run: its parts share one allowance of time.

    Attributes:
        seconds: What all of it may take.
        clock: Seconds that pass while anything is done, or waited for.
    """

    seconds: float = LOOK_SECONDS
    clock: Callable[[], float] = time.monotonic
    _spent: float = field(default=0.0, init=False)

    def spend(self, what: str, remedy: str, work: Callable[[], T]) -> T:
        """What a part of the look returns.

        Args:
            what: What is looked at, for the message.
            remedy: What the user can do where it takes too long.
            work: The part.

        Raises:
            AnalysisError: The time of the whole look is up, or the stack or memory.
        """
        started = self.clock()
        try:
            return within(self.seconds - self._spent, work, timer=signal.ITIMER_REAL)
        except LimitError as error:
            over = self.clock() - started + self._spent >= self.seconds
            why = f"the look before the first run takes more than {self.seconds:g} s" if over else str(error)
            raise AnalysisError(f"{what}: {why}; {remedy}") from None
        finally:
            self._spent += self.clock() - started


def check_size(data: bytes, limit: int) -> None:
    """Refuse what is larger than the limit.

    Raises:
        LimitError: It is.
    """
    if len(data) > limit:
        raise LimitError(f"is larger than {limit} bytes")


def parse_python(data: bytes) -> ast.Module:
    """The syntax tree of Python source.

    Raises:
        LimitError: It is too large, too dense or nested too deeply.
        SyntaxError: It is no Python of this version.
        ValueError: It holds a null byte.
    """
    check_size(data, SOURCE_BYTES)
    if len(data) > SOURCE_TOKENS and sum(1 for _ in _TOKEN.finditer(data)) > SOURCE_TOKENS:
        raise LimitError(f"holds more than {SOURCE_TOKENS} words and signs")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes are the author's business
            return ast.parse(data)
    except (RecursionError, MemoryError):  # the parser's own limits, however much memory there is
        raise LimitError("is nested too deeply for Python's parser") from None


def parse_toml(data: bytes) -> dict[str, Any]:
    """The document in TOML.

    Raises:
        LimitError: It is too large, nested too deeply or takes too long.
        ValueError: It is no TOML in UTF-8; a ``tomllib.TOMLDecodeError`` where it says why.
    """
    check_size(data, PACKAGING_BYTES)
    if _LONG_KEY.search(data):
        raise LimitError(f"holds a key of more than {DEPTH} parts")
    document = within(FILE_SECONDS, lambda: tomllib.loads(data.decode()))
    _check_depth(document)
    return document


@lru_cache(maxsize=8)
def parse_ini(text: str) -> configparser.ConfigParser:
    """The document in an INI file, as setuptools and tox read it, nothing substituted; not to be changed.

    Raises:
        LimitError: It is too large or takes too long.
        configparser.Error: It is no INI file.
    """
    check_size(text.encode("utf-8", "surrogatepass"), PACKAGING_BYTES)
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    within(FILE_SECONDS, lambda: parser.read_string(text))
    return parser


def parse_json(data: bytes | str) -> Any:
    """The value in JSON that was read within limits of its own.

    Raises:
        ValueError: It is no JSON, or nested too deeply.
    """
    try:
        return json.loads(data)
    except RecursionError:
        raise LimitError("is nested too deeply") from None


def check_yaml(data: bytes, limit: int = CONFIG_BYTES) -> None:
    """Refuse YAML that would come to more than a config file ever holds, before anything is made of it.

    Raises:
        LimitError: It is too large, nested too deeply, holds too much once aliases are resolved, or holds
            something that contains itself.
        YAMLError: It is no YAML.
    """
    check_size(data, limit)
    within(FILE_SECONDS, lambda: _count_nodes(YAML(typ="safe", pure=True).parse(data)))


class _Nodes:
    """Counts the nodes of a stream of YAML, what aliases stand for included."""

    def __init__(self) -> None:
        self.total = 0
        self.open: list[tuple[str | None, int]] = []
        """Anchor of each list and mapping that has not ended, and the nodes before it."""
        self._of_anchor: dict[str, int | None] = {}  # None while it is being counted

    def take(self, event: object) -> None:
        """Count one event."""
        if isinstance(event, AliasEvent):
            self.total += self._behind(event.anchor)
        elif isinstance(event, CollectionStartEvent):
            self.open.append((event.anchor, self.total))
            self._note(event.anchor, None)
            self.total += 1
        elif isinstance(event, CollectionEndEvent):
            anchor, before = self.open.pop()
            self._note(anchor, self.total - before)
        elif isinstance(event, NodeEvent):
            self._note(event.anchor, 1)
            self.total += 1

    def _note(self, anchor: str | None, nodes: int | None) -> None:
        if anchor:
            self._of_anchor[anchor] = nodes

    def _behind(self, anchor: str) -> int:
        nodes = self._of_anchor.get(anchor, 0)  # an alias to nothing is told when the text is read
        if nodes is None:
            raise LimitError(f"has an alias, *{anchor[:40]}, to what contains it")
        return nodes


def _count_nodes(events: Iterable[object]) -> None:
    nodes = _Nodes()
    for event in events:
        nodes.take(event)
        if len(nodes.open) > DEPTH:
            raise LimitError(f"is nested more than {DEPTH} deep")
        if nodes.total > YAML_NODES:
            raise LimitError(f"comes to more than {YAML_NODES} keys and values once aliases are resolved")


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise LimitError(f"is nested more than {DEPTH} deep")


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
