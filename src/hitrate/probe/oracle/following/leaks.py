"""Which instances a cache on their method would keep alive.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from .. import snapshot
from ..nodes import id_of
from .followed import Weak, hash_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Dict, Iterable, List, Optional, Set, Tuple

    from .followed import KeptCall

    Instance = Tuple[Weak, Optional[str], str]  # the instance, the only test that called it, what all are


def instances(code: types.CodeType, entries: Iterable[KeptCall]) -> List[Instance]:
    """Instances that own the method and were called in one test only."""
    tests: Dict[int, Set[Optional[str]]] = {}
    found: Dict[int, object] = {}
    for entry in entries:
        if entry.args and _is_own_instance(code, entry.args[0]):
            tests.setdefault(id_of(entry.args[0]), set()).update((entry.first_test, entry.test))
            found[id_of(entry.args[0])] = entry.args[0]
    kept = {
        key: value
        for key, value in found.items()
        if len(tests[key]) == 1 and _has_weak_references(type(value))
    }
    name = _common_name([type(value) for value in kept.values()])
    return [(Weak(value), tests[key].pop(), name) for key, value in kept.items()]


def leaked(found: List[Instance]) -> Optional[Tuple[str, Optional[str]]]:
    """What is gone now that no key refers to it, and a test of that; None where it is not worth a word."""
    gone = [(test, name) for reference, test, name in found if reference() is None]
    if len(gone) < 2:
        return None
    return "%d of %d instances of %s" % (len(gone), len(found), gone[0][1]), gone[0][0]


def _common_name(kinds: List[type]) -> str:
    """The name of the nearest class that all of them are or come from; "" where there are none."""
    if not kinds:
        return ""
    others = [snapshot.lineage_of(kind) for kind in {id(kind): kind for kind in kinds}.values()]
    common = (cls for cls in others[0] if all(any(cls is each for each in lineage) for lineage in others))
    return snapshot.name_of(next(common))


def _is_own_instance(code: types.CodeType, value: object) -> bool:
    """Whether a value is the ``self`` of a method, hashed by identity."""
    if code.co_argcount == 0 or code.co_varnames[0] != "self":
        return False
    return hash_of(type(value)) is object.__hash__


def _has_weak_references(kind: type) -> bool:
    return any("__weakref__" in snapshot.namespace_of(cls) for cls in snapshot.lineage_of(kind))
