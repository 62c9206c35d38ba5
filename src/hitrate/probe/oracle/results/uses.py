"""What code does with what it gets: under which name it binds it, and which names it tells from each other.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import dis

from ..nodes import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Dict, FrozenSet, List, Optional, Set, Tuple

CODES = 512
SIZE = 1 << 14
_NAMES = ("LOAD_GLOBAL", "LOAD_ATTR", "LOAD_METHOD", "LOAD_NAME")
_COMPARED = ("==", "!=", "is", "is not")
_BINDS = ("STORE_FAST", "STORE_NAME", "STORE_DEREF", "STORE_GLOBAL")
_LOADS = ("LOAD_FAST", "LOAD_NAME", "LOAD_DEREF")
# What may follow a call whose result waits while another is got.
_WAITS = (*_LOADS, "LOAD_GLOBAL", "LOAD_CONST", "LOAD_SMALL_INT", "PUSH_NULL", "SWAP", "ROT_", "BUILD_TUPLE")
_QUIET = ("EXTENDED_ARG", "CACHE", "PRECALL", "NOP", "NOT_TAKEN", "PUSH_NULL", "RESUME")
_ASSERTIONS = frozenset(("assertIs", "assertIsNot", "assertEqual", "assertNotEqual"))


class Site:
    """Where a call is made.

    Attributes:
        frame: The identity of the frame; that of one which has ended may come again.
        offset, line: Of the call in its code.
        name: To which the result is bound at once, "" if it is not.
        is_waiting: Whether the result waits for another one.
        is_compared: Whether it is compared at once with what waits.
    """

    __slots__ = ("frame", "is_compared", "is_waiting", "line", "name", "offset")

    def __init__(self, frame: types.FrameType, operation: str, value: object) -> None:
        self.frame = id_of(frame)
        self.offset, self.line = frame.f_lasti, frame.f_lineno
        self.name: str = _first(value) if operation.startswith(_BINDS) else ""
        self.is_waiting = operation.startswith(_WAITS)
        self.is_compared = _is_comparison(operation, value)

    def is_open_at(self, later: Site) -> bool:
        """Whether the result from here still waits in the same frame when a later call is made."""
        return (
            self.is_waiting
            and (self.frame, self.line) == (later.frame, later.line)
            and self.offset < later.offset
        )


class Uses:
    """What one code object does.

    Attributes:
        added: By a name, what it is added to: another name, with the attributes after it.
        after: By the offset of a call, the next operation, what it is about, and its offset.
        pairs: Names that are compared with each other.
        asked: Names whose identity is asked for, by ``id`` or ``in``.
        numbered: Those of them that ``id`` is asked of.
        read: The attributes that are read of a name.
        stored: The names that are bound, by line.
    """

    __slots__ = ("_path", "added", "after", "asked", "numbered", "pairs", "read", "stored")

    def __init__(self, code: types.CodeType) -> None:
        self.after: Dict[int, Tuple[str, object, int]] = {}
        self.pairs: Set[FrozenSet[str]] = set()
        self.asked: Set[str] = set()
        self.numbered: Set[str] = set()
        self.added: Dict[str, List[Tuple[str, ...]]] = {}
        self._path: Tuple[str, ...] = ()
        self.read: Dict[str, Set[str]] = {}
        self.stored: Dict[int, FrozenSet[str]] = {}
        if len(code.co_code) <= SIZE:
            self._read(code)

    def _read(self, code: types.CodeType) -> None:
        loaded: List[str] = []
        before: Optional[dis.Instruction] = None
        named, line = "", code.co_firstlineno
        lines = dict(dis.findlinestarts(code))
        for step in dis.get_instructions(code):
            line = lines.get(step.offset) or line
            if step.opname in _QUIET:
                continue
            if before is not None and before.opname.startswith("CALL"):
                self.after[before.offset] = (step.opname, step.argval, step.offset)
            before = step
            if step.opname.startswith("STORE_FAST") or step.opname in _BINDS:
                self.stored[line] = self.stored.get(line, frozenset()) | _all(step.argval)
            if step.opname.startswith(_LOADS):
                loaded += [each for each in _listed(step.argval) if type(each) is str]
                continue
            self._take(step, loaded, named)
            if step.opname in _NAMES:
                named = step.argval
                self._follow(step.opname, loaded, named)
            loaded = []

    def _follow(self, operation: str, loaded: List[str], name: str) -> None:
        """Know which attributes of what are read."""
        is_global = operation in ("LOAD_GLOBAL", "LOAD_NAME")
        self._path = (name,) if is_global else (*(loaded[-1:] or self._path), name)
        if loaded and not is_global:
            self.read.setdefault(loaded[-1], set()).add(name)

    def _take(self, step: dis.Instruction, loaded: List[str], named: str) -> None:
        pair = frozenset(loaded[-2:])
        if len(pair) == 2 and (
            _is_comparison(step.opname, step.argval)
            or (named in _ASSERTIONS and step.opname.startswith("CALL"))
        ):
            self.pairs.add(pair)
        if step.opname.startswith("CONTAINS_OP") or step.argval in ("in", "not in"):
            self.asked.update(loaded[-2:][:1])
        if named == "add" and step.opname.startswith("CALL") and loaded:
            self.added.setdefault(loaded[-1], []).append(self._path[:-1])
        if named == "id" and step.opname.startswith("CALL") and loaded:
            self.asked.add(loaded[-1])
            self.numbered.add(loaded[-1])


def _is_comparison(operation: str, value: object) -> bool:
    if operation.startswith("IS_OP"):
        return True
    return operation.startswith("COMPARE_OP") and str(value).replace("bool(", "").rstrip(")") in _COMPARED


def _listed(value: object) -> Tuple[object, ...]:
    return value if type(value) is tuple else (value,)


def _first(value: object) -> str:
    return str(_listed(value)[0])


def _all(value: object) -> FrozenSet[str]:
    return frozenset(map(str, _listed(value)))


_known: Dict[int, Tuple[types.CodeType, Uses]] = {}


def uses_of(code: types.CodeType) -> Uses:
    """What a code object does, read once."""
    known = _known.get(id_of(code))
    if known is None or known[0] is not code:
        if len(_known) >= CODES:
            _known.clear()
        known = _known[id_of(code)] = (code, Uses(code))
    return known[1]


def site_of(frame: types.FrameType) -> Optional[Site]:
    """Where the call is that a frame is making; None where that cannot be told."""
    last, after = frame.f_lasti, uses_of(frame.f_code).after
    call = max((offset for offset in after if offset <= last), default=-1)  # some stand in its inline cache
    if call < 0 or after[call][2] <= last:
        return None
    return Site(frame, *after[call][:2])
