"""Hatch's environments as Hatch would make them: templates, the newest of each matrix, overrides, scripts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hitrate.environment.declared.naming import odd
from hitrate.environment.manifest import table

_MERGED = ("env-vars", "scripts")
_OF_ITS_OWN = ("matrix", "overrides", "template", "matrix-name-format")
_LISTS = ("dependencies", "extra-dependencies", "features")
_VALUE = re.compile(r"\{matrix:([\w-]+)(?::([^{}]*))?\}")
_OF_PYTHON = frozenset({"python", "py"})
_DEPTH = 4
Table = Mapping[str, Any]


def environments(hatch: Table) -> dict[str, Table]:
    """Each environment with what it inherits, as it is for the newest values of its matrix.

    Args:
        hatch: What Hatch is told.
    """
    own = {str(name): one for name, one in table(hatch, "envs").items() if isinstance(one, Mapping)}
    return {name: _made(own, name) for name in own}


def script_lines(environment: Table, name: str, depth: int = _DEPTH) -> Iterator[str]:
    """The command lines of a script; where a line begins with another script's name, that one's.

    Args:
        environment: A resolved environment.
        name: The script's name.
        depth: How far scripts are followed.
    """
    for line in _lines(table(environment, "scripts").get(name)):
        first, _, rest = line.removeprefix("- ").partition(" ")
        if first in table(environment, "scripts") and first != name and depth:
            *before, last = [*script_lines(environment, first, depth - 1)] or [""]
            yield from (*before, f"{_without_arguments(last) if rest else last} {rest}".strip())
        else:
            yield line


def _without_arguments(line: str) -> str:
    """A line whose default arguments are replaced by those that it is called with."""
    return re.sub(r"\s*\{args(?::[^{}]*)?\}", "", line)


def _made(own: Mapping[str, Table], name: str) -> Table:
    inherited = _inherited(own, name, frozenset())
    chosen = _chosen(own[name].get("matrix"))
    changed = _overridden(inherited, table(own[name], "overrides", "matrix"), chosen)
    return {key: _filled(value, chosen) for key, value in changed.items()}


def _inherited(own: Mapping[str, Table], name: str, seen: frozenset[str]) -> Table:
    """An environment's settings over those of its template, which is the default one if it names none."""
    settings = own[name]
    template = settings.get("template", "default")
    apart = name == "hatch-test" or settings.get("detached") is True
    if apart or not isinstance(template, str) or template not in own or template in seen | {name}:
        return settings
    base = _inherited(own, template, seen | {name})
    kept = {key: value for key, value in base.items() if key not in _OF_ITS_OWN}
    merged = {key: {**table(base, key), **table(settings, key)} for key in _MERGED}
    return {**kept, **settings, **{key: value for key, value in merged.items() if value}}


def _chosen(matrices: object) -> dict[str, str]:
    """One value of each variable: the last that names nothing unusual, since lists of versions grow."""
    found: dict[str, str] = {}
    for matrix in matrices if isinstance(matrices, list) else ():
        for variable, values in matrix.items() if isinstance(matrix, Mapping) else ():
            usual = [str(one) for one in values if not odd(str(one))] if isinstance(values, list) else []
            if usual and variable not in _OF_PYTHON:
                found.setdefault(str(variable), usual[-1])
    return found


def _overridden(settings: Table, overrides: Table, chosen: Mapping[str, str]) -> dict[str, Any]:
    changed = dict(settings)
    for variable, value in chosen.items():
        for option, entries in table(overrides, variable).items():
            key = option.removeprefix("set-")
            applying = [one for one in _listed(entries) if _applies(one, value)]
            if key in _LISTS:
                before = changed.get(key) if key == option else None
                changed[key] = [*(before if isinstance(before, list) else ()), *_values(applying)]
            elif key in _MERGED:
                changed[key] = {**table(changed, key), **dict(_pairs(applying, value))}
    return changed


def _listed(entries: object) -> list[object]:
    return entries if isinstance(entries, list) else [entries]


def _values(entries: list[object]) -> Iterator[str]:
    for one in entries:
        value = one.get("value") if isinstance(one, Mapping) else one
        if isinstance(value, str):
            yield value


def _pairs(entries: list[object], value: str) -> Iterator[tuple[str, str]]:
    """Names and what they are given; a name alone is given the value of the matrix."""
    for one in entries:
        if isinstance(one, Mapping) and "key" in one:
            yield str(one["key"]), str(one.get("value", value))
        elif isinstance(one, str):
            name, equals, given = one.partition("=")
            yield name, given if equals else value


def _applies(entry: object, value: str) -> bool:
    """Whether an entry is for this value, here; what asks for a variable of the environment is not."""
    if not isinstance(entry, Mapping):
        return True
    values, systems = entry.get("if"), entry.get("platform")
    return (
        (not isinstance(values, list) or value in map(str, values))
        and (not isinstance(systems, list) or "linux" in systems)
        and "env" not in entry
    )


def _filled(value: Any, chosen: Mapping[str, str]) -> Any:
    """A setting with the values of the matrix in their places."""
    if isinstance(value, str):
        return _VALUE.sub(lambda found: chosen.get(found[1], found[2] or ""), value)
    if isinstance(value, list):
        return [_filled(one, chosen) for one in value]
    if isinstance(value, Mapping):
        return {key: _filled(one, chosen) for key, one in value.items()}
    return value


def _lines(script: object) -> tuple[str, ...]:
    if isinstance(script, str):
        return (script,)
    return tuple(line for line in script if isinstance(line, str)) if isinstance(script, list) else ()
