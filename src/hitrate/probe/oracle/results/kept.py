"""Tells what a project keeps of single objects: in weak sets and dictionaries, and in tables by ``id``.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

What is kept of an object is lost on another one that looks alike, and found on one that all share. A table
that has the same for each of them is a memo, and says nothing.
"""

from __future__ import annotations

import os
import sys
import types
import weakref

from .. import difference, rules, sightings, snapshot
from ..nodes import id_of
from ..state import reach
from . import sources, uses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterable, Iterator, Mapping, Set, Tuple

    from ..snapshot import Snapshot

    Kept = Dict[int, Snapshot]  # what a weak dictionary has of an object, by the dictionary's identity

REFERENCES = 16
NODES = 60
_WEAK = (os.path.join(rules.STDLIB, "weakref.py"), os.path.join(rules.STDLIB, "_weakrefset.py"))
_TOLD = frozenset(("__repr__", "__str__", "__format__"))  # for people to read
_WALKS = frozenset(("pop", "popleft", "popitem"))


def tables_of(value: object) -> Iterator[object]:
    """The weak sets and dictionaries that a value is in."""
    for reference in weakref.getweakrefs(value)[:REFERENCES]:
        callback = reference.__callback__
        if type(callback) is types.FunctionType and callback.__code__.co_filename in _WEAK:
            for default in callback.__defaults__ or ():
                table = default() if type(default) is weakref.ref else None
                if table is not None:
                    yield table


def is_listed(value: object) -> bool:
    """Whether a value is in a weak set, or is what a weak dictionary gives for some key."""
    return any(not _is_by_object(table) for table in tables_of(value))


def will_be_listed(frame: types.FrameType) -> bool:
    """Whether the code of a frame puts what it gets from the call that it makes into a weak set."""
    site = uses.site_of(frame)
    found = uses.uses_of(frame.f_code).added.get(site.name, ()) if site is not None and site.name else ()
    return any(_is_weak_set(_value_of(frame, path)) for path in found)


def _value_of(frame: types.FrameType, path: Tuple[str, ...]) -> object:
    """What a name and the attributes after it stand for, as far as objects hold them themselves."""
    value = frame.f_locals.get(path[0], frame.f_globals.get(path[0]))
    for name in path[1:]:
        plan = snapshot.plan_of(type(value))
        held = plan.dictionary.__get__(value, type(value)) if plan.dictionary is not None else {}
        value = held.get(name)
    return value


def _is_weak_set(value: object) -> bool:
    return any(cls is weakref.WeakSet for cls in snapshot.lineage_of(type(value)))


def noted_of(value: object) -> Kept:
    """What weak dictionaries have of a value."""
    found: Kept = {}
    for table in filter(_is_by_object, tables_of(value)):
        data: object = object.__getattribute__(table, "data")
        for reference in weakref.getweakrefs(value):
            if type(data) is dict and reference in data:
                found[id_of(table)] = snapshot.take(data[reference], NODES)
    return found


def differ(before: Kept, now: Kept) -> bool:
    """Whether one dictionary has other things of the second object than it had of the first."""
    return any(
        difference.compare(before[table], kept).difference is not None
        for table, kept in now.items()
        if table in before
    )


def _is_by_object(table: object) -> bool:
    return any(cls is weakref.WeakKeyDictionary for cls in snapshot.lineage_of(type(table)))


def is_told_by_number(value: object, spaces: Iterable[Mapping[str, object]]) -> bool:
    """Whether functions of some modules, or of its own, tell objects like a value from each other by ``id``.

    Those that go through linked objects do it to come to an end; they meet each object once.
    """
    owner = type(value)
    own = next((vars(each) for each in _modules_of(owner)), {})
    names = {*_attributes_of(value)}
    seen: Set[int] = set()
    for space in (*spaces, own):
        if id_of(space) in seen or sightings.is_library(str(space.get("__file__", ""))):
            continue
        seen.add(id_of(space))
        if any(_asks_number(each.__code__, names) for each in sources.functions_of(space)):
            return True
    return False


def _modules_of(kind: type) -> Iterator[types.ModuleType]:
    found = sys.modules.get(snapshot.module_of(kind))
    if type(found) is types.ModuleType:
        yield found


def _attributes_of(value: object) -> Iterator[str]:
    plan = snapshot.plan_of(type(value))
    if plan.dictionary is not None:
        yield from plan.dictionary.__get__(value, type(value))
    yield from (name for name, _ in plan.slots)
    for cls in snapshot.lineage_of(type(value))[:-1]:
        yield from snapshot.namespace_of(cls)


def _asks_number(code: types.CodeType, names: Set[str]) -> bool:
    """Whether code asks ``id`` of something of which it reads only such attributes, and some."""
    codes = [*reach.nested(code)]
    if code.co_name in _TOLD:
        return False
    mentioned = {name for each in codes for name in each.co_names}
    if "id" not in mentioned or code.co_name in mentioned or not _WALKS.isdisjoint(mentioned):
        return False
    return any(
        found.read.get(name) and found.read[name] <= names
        for found in map(uses.uses_of, codes)
        for name in found.numbered
    )
