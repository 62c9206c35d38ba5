"""Tells objects that are what they are from those that are what they hold: locks, queues, marks, queries.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Two locks are never one lock, however alike they look. Such things are told by what their classes can do, so
that those of asyncio, trio, multiprocessing or a project's own are found as well as those of ``threading``.
"""

from __future__ import annotations

import dis
import itertools
import types
import weakref

from .. import snapshot
from ..nodes import ITSELF, OBJECT, OPAQUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Final, Iterator, List, Mapping, Set

    from ..nodes import Compound, Node

CONTENT, IDENTITY, LEAF, QUERY = "content", "identity", "leaf", "query"

_KIND: Final = 0
_TYPE: Final = 1
_PAYLOAD: Final = 3
# What a class can do whose instances are locks, conditions, events, queues, barriers, futures.
_ABILITIES = (
    frozenset(("acquire", "release")),
    frozenset(("notify", "notify_all", "wait")),
    frozenset(("set", "clear", "is_set", "wait")),
    frozenset(("put", "get", "empty", "qsize")),
    frozenset(("wait", "abort", "parties")),
    frozenset(("enter_context", "pop_all")),
    frozenset(("set_result", "add_done_callback")),
)
_NAMED: Dict[str, str] = {
    "_thread._local": IDENTITY,
    "_socket.socket": IDENTITY,
    "threading.Thread": IDENTITY,
    "multiprocessing.process.BaseProcess": IDENTITY,
    "multiprocessing.connection._ConnectionBase": IDENTITY,
    "_contextvars.ContextVar": IDENTITY,
    "django.db.models.query.QuerySet": QUERY,
    "sqlalchemy.orm.query.Query": QUERY,
    "peewee.BaseQuery": QUERY,
    "mongoengine.queryset.base.BaseQuerySet": QUERY,
}
_COMPARISONS = frozenset(
    ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__contains__")
)
_IS = ("is", "is not")  # as CPython 3.8 has it
# What ends a thing, and what it then says of itself.
_ENDS = {"close": ("_closed", "closed", "is_closed", "_is_closed"), "shutdown": ("_shutdown", "_stopped")}
KEYS, FRAMES = 64, 1000


def nature_of(node: Compound) -> str:
    """What tells an object from others like it.

    Returns:
        ``IDENTITY`` if a second one is never the same, ``QUERY`` if it reads when it is used and remembers
        that, else ``CONTENT``.
    """
    plan = snapshot.plan_of(node[_TYPE])
    if plan.nature is None:
        plan.nature = _nature_of_class(node[_TYPE])
    if plan.nature != LEAF:
        return plan.nature
    return IDENTITY if _is_leaf(node) else CONTENT


def _nature_of_class(kind: type) -> str:
    """The same of a class; ``LEAF``: identity where an instance is not linked to others."""
    if kind is object:
        return IDENTITY
    lineage = snapshot.lineage_of(kind)[:-1]
    names = ["%s.%s" % (snapshot.module_of(cls), snapshot.name_of(cls)) for cls in lineage]
    named = next((_NAMED[name] for name in names if name in _NAMED), None)
    if named is not None:
        return named
    spaces = [snapshot.namespace_of(cls) for cls in lineage]
    abilities: Set[str] = set().union(*spaces)
    if any(needed <= abilities for needed in _ABILITIES) or any(map(_hashes_by_identity, spaces)):
        return IDENTITY
    if "__eq__" not in abilities and any(map(_asks_which, _methods(spaces))):
        return LEAF
    return CONTENT


def _hashes_by_identity(space: Mapping[str, object]) -> bool:
    """Whether a class says itself that its instances are told apart by where they are."""
    function = space.get("__hash__")
    if type(function) is not types.FunctionType or "id" not in function.__code__.co_names:
        return False
    steps = dis.get_instructions(function.__code__)
    return any(step.opname == "LOAD_GLOBAL" and step.argval == "id" for step in steps)


def _methods(spaces: List[Mapping[str, object]]) -> Iterator[types.FunctionType]:
    for space in spaces:
        for name, attribute in [*space.items()]:
            if type(attribute) is types.FunctionType and name not in _COMPARISONS:
                yield attribute


def _asks_which(function: types.FunctionType) -> bool:
    """Whether a method compares ``self`` with another argument by ``is``."""
    code = function.__code__
    arguments = {*code.co_varnames[: code.co_argcount]}
    loaded: List[object] = []
    for step in dis.get_instructions(code) if len(arguments) > 1 else ():
        if step.opname.startswith("LOAD_FAST"):
            loaded += step.argval if type(step.argval) is tuple else [step.argval]
        elif step.opname == "IS_OP" or (step.opname == "COMPARE_OP" and step.argval in _IS):
            pair = {*loaded[-2:]}
            if len(pair) == 2 and code.co_varnames[0] in pair and pair <= arguments:
                return True
        elif step.opname not in ("EXTENDED_ARG", "CACHE"):
            loaded = []
    return False


def things_in(node: Node) -> Iterator[str]:
    """The names of classes of a result, and of its attributes, of which a second one is never the same."""
    if type(node) is not tuple or node[_KIND] not in (OBJECT, OPAQUE, ITSELF):
        return
    parts = [*node[_PAYLOAD][0].values()] if node[_KIND] == OBJECT else []
    for each in (node, *parts):
        if type(each) is tuple and each[_KIND] in (OBJECT, OPAQUE) and nature_of(each) == IDENTITY:
            yield snapshot.name_of(each[_TYPE])


def can_end(value: object) -> bool:
    """Whether somebody has to close or shut down a thing, so that no second one is to be made unasked."""
    kind = type(value)
    return not snapshot.is_plain(value) and any(
        not _ENDS.keys().isdisjoint(snapshot.namespace_of(cls)) for cls in snapshot.lineage_of(kind)[:-1]
    )


def has_ended(value: object) -> bool:
    """Whether something has been closed or shut down: a file, a socket, a loop, a pool, a project's own."""
    if snapshot.is_plain(value):
        return False
    kind = type(value)
    if snapshot.module_of(kind) == "_io":
        return bool(object.__getattribute__(value, "closed"))
    spaces = [snapshot.namespace_of(cls) for cls in snapshot.lineage_of(kind)[:-1]]
    abilities: Set[str] = set().union(*spaces)
    plan = snapshot.plan_of(kind)
    held = {} if plan.dictionary is None else plan.dictionary.__get__(value, kind)
    for ability, marks in _ENDS.items():
        for mark in marks if ability in abilities else ():
            slot = next((space[mark] for space in spaces if mark in space), None)
            if held.get(mark) is True or _in_slot(value, slot) is True:
                return True
    return False


def _in_slot(value: object, slot: object) -> object:
    try:
        return slot.__get__(value, type(value)) if type(slot) is types.MemberDescriptorType else None
    except AttributeError:
        return None


def stands_for_itself(value: object) -> bool:
    """Whether an object is told from all others like it, or that nobody has it any more makes a difference.

    One that is a key of its own attribute is told from others in all that is made of it. Of one that does
    something at its end, the end would not come.
    """
    plan, lineage = snapshot.plan_of(type(value)), snapshot.lineage_of(type(value))[:-1]
    if snapshot.is_plain(value) or type in lineage:
        return False
    if any(map(_has_end, lineage)):
        return True
    if not plan.is_object:
        return False
    if any(type(each.__callback__) is weakref.finalize for each in weakref.getweakrefs(value)):
        return True
    attributes = {} if plan.dictionary is None else plan.dictionary.__get__(value, type(value))
    return any(_is_key(value, each) for each in [*attributes.values(), *_slots(value)])


def was_raised(before: object, now: object) -> bool:
    """Whether the receiver of an exception has raised it: then it holds where, and what else was going on.

    Args:
        before: A result that has been used, or anything.
        now: Another one of the same key, just returned.
    """
    return _frames(before) > _frames(now)


def _frames(value: object) -> int:
    """How many frames an exception has passed through."""
    if BaseException not in snapshot.lineage_of(type(value)):
        return 0
    count, passed = 0, object.__getattribute__(value, "__traceback__")
    while passed is not None and count < FRAMES:
        count, passed = count + 1, passed.tb_next
    return count


def _has_end(kind: type) -> bool:
    return type(snapshot.namespace_of(kind).get("__del__")) is types.FunctionType


def _slots(value: object) -> Iterator[object]:
    for _, descriptor in snapshot.plan_of(type(value)).slots:
        try:
            yield descriptor.__get__(value, type(value))
        except AttributeError:
            continue


def _is_key(value: object, container: object) -> bool:
    if type(container) is dict or type(container) is set or type(container) is frozenset:
        return any(key is value for key in [*itertools.islice(container, KEYS)])
    return False


def _is_leaf(node: Compound) -> bool:
    """Whether an object holds plain values alone: where it is linked to others, ``is`` finds its place."""
    if node[_KIND] != OBJECT:
        return False
    attributes, inner = node[_PAYLOAD]
    return inner is None and bool(attributes) and all(type(each) is not tuple for each in attributes.values())
