"""Poetry's groups of requirements, as pip would be told of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from hitrate.environment.manifest import pep440, strings, table

_NOT_FETCHED = frozenset({"path", "file"})


def poetry_groups(pyproject: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The tables of its groups by their names; that of former versions is called ``dev``."""
    groups = table(pyproject, "tool", "poetry", "group")
    named = {name: table(groups, name, "dependencies") for name in groups}
    former = table(pyproject, "tool", "poetry", "dev-dependencies")
    return named | ({"dev": former} if former else {})


def poetry_requirements(dependencies: Mapping[str, Any]) -> tuple[str, ...]:
    """A table of dependencies as requirements; those that lie in a folder are left out."""
    return tuple(
        f"{name}{_extras(one)}{_versions(one)}{_marker(one)}"
        for name, said in dependencies.items()
        for one in _each(said)
        if not _NOT_FETCHED & one.keys()
    )


def _each(said: object) -> Iterator[Mapping[str, Any]]:
    """What is said of one package, once for each of several constraints."""
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str):
            yield {"version": one}
        elif isinstance(one, Mapping):
            yield one


def _extras(one: Mapping[str, Any]) -> str:
    named = strings(one.get("extras"))
    return f"[{','.join(named)}]" if named else ""


def _versions(one: Mapping[str, Any]) -> str:
    if isinstance(url := one.get("url"), str):
        return f" @ {url}"
    if isinstance(url := one.get("git"), str):
        at = next((one[key] for key in ("rev", "tag", "branch") if isinstance(one.get(key), str)), "")
        return f" @ git+{url}{'@' if at else ''}{at}"
    version = one.get("version", "*")
    return (pep440(version) or "") if isinstance(version, str) and version.strip() != "*" else ""


def _marker(one: Mapping[str, Any]) -> str:
    said = [one["markers"]] if isinstance(one.get("markers"), str) else []
    python = one.get("python")
    if isinstance(python, str) and (specifier := pep440(python)):
        said += [f"python_version {_spaced(clause)}" for clause in specifier.split(",")]
    return f" ; {' and '.join(f'({each})' for each in said)}" if said else ""


def _spaced(clause: str) -> str:
    """A version's clause as a marker writes it: ``>=3.8`` as ``>= '3.8'``."""
    version = clause.lstrip("<>=!~")
    return f"{clause.removesuffix(version)} '{version}'"
