"""Which entries of a table code asks for, where it writes their names out.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

import dis

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Dict, List, Optional, Set

    Keys = Dict[str, Optional[Set[str]]]  # by the name of a table; None: any may be asked for

_SILENT = frozenset(("CACHE", "PUSH_NULL", "PRECALL", "EXTENDED_ARG", "NOP", "NOT_TAKEN"))
_NAMING = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_ATTR", "LOAD_METHOD", "LOAD_FAST")
_READING = frozenset(("get", "__getitem__"))


def take_in(keys: Keys, code: types.CodeType) -> None:
    """Add which entries one code object asks for of what it names."""
    steps = [step for step in dis.get_instructions(code) if step.opname not in _SILENT]
    for at, step in enumerate(steps):
        if step.opname.startswith(_NAMING) and type(step.argval) is str:
            asked = _asked(steps[at + 1 : at + 3])
            if asked is None:
                keys[step.argval] = None
            else:
                known = keys.setdefault(step.argval, set())
                if known is not None:
                    known.add(asked)


def _asked(steps: List[dis.Instruction]) -> Optional[str]:
    """The key of ``table[key]`` or ``table.get(key)``, given what follows the table; else None."""
    if len(steps) < 2:
        return None
    first, second = steps
    if first.opname in ("LOAD_ATTR", "LOAD_METHOD") and first.argval in _READING:
        return _constant(second)
    is_item = second.opname == "BINARY_SUBSCR" or (second.opname == "BINARY_OP" and "[" in second.argrepr)
    return _constant(first) if is_item else None


def _constant(step: dis.Instruction) -> Optional[str]:
    return step.argval if step.opname == "LOAD_CONST" and type(step.argval) is str else None
