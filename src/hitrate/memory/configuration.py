"""What of a configuration file may make a difference to tests."""

import json
import re
from pathlib import PurePosixPath
from typing import Any

from hitrate.files.limits import parse_toml

_TOOLS = frozenset(
    name
    for names in (
        # Format.
        "autoflake autopep8 black darker docformatter isort pyproject-fmt tomlsort yapf",
        # Check the source.
        "bandit djlint flake8 interrogate pycodestyle pydocstyle pyflakes pylint refurb ruff vulture",
        # Check types.
        "basedpyright mypy pyrefly pyright pytype ty",
        # Check texts and packages.
        "check-manifest check-wheel-contents codespell deptry doc8 rstcheck typos",
        # Release.
        "bump-my-version bumpver bumpversion cibuildwheel commitizen git-cliff scriv semantic_release",
        "tbump towncrier zest-releaser",
    )
    for name in names.split()
)
"""Tools that check, format or release, and none that runs tests, builds what is tested, or finds it.

Whoever else reads a file is seen to; so a test of such a tool, or a plugin of pytest that runs one, is run.
"""
_HEAD = re.compile(rb"^\[([^\]\r\n]*)\]", re.MULTILINE)
_SECTIONS = re.compile(
    rb"(?:tox|testenv|gh-actions|travis|flake8|mypy|pylint)(?:[:.\-_].*)?"
    rb"|isort|pycodestyle|pydocstyle|pep8|yapf|black|doc8|rstcheck|codespell|autopep8|bandit|check-manifest"
    rb"|bumpversion(?::.*)?|zest\.releaser|sdist|bdist_wheel|aliases|upload_docs|build_sphinx|wheel"
)
"""Sections of INI files for the same, and for tox, which does not run where pytest is called itself."""
_ABOUT = ("authors", "maintainers", "classifiers", "keywords", "urls")
_INSTALLED = ("dependencies", "optional-dependencies")


def significant(path: str, data: bytes, *, direct: bool) -> bytes:
    """What in a file may make a difference, as bytes that differ where that does.

    That is all of it, where nothing else is known. What is installed is looked at itself; so it is no matter
    which packages are asked for, but where from.

    Args:
        path: The file.
        data: Its content.
        direct: Whether pytest is called itself, and not by a tool that reads the file for what to run.
    """
    name = PurePosixPath(path).name
    if not direct:
        return data
    try:
        match name:
            case "pyproject.toml":
                return json.dumps(_of_project(parse_toml(data)), default=str, sort_keys=True).encode()
            case "setup.cfg" | "tox.ini":
                return _of_sections(data)
            case "noxfile.py" | "tox.toml":
                return b""
            case _:
                return data
    except (ValueError, RecursionError):
        return data


def _of_project(document: dict[str, Any]) -> dict[str, Any]:
    """A ``pyproject.toml`` without what tells about a project, and without tools that run no tests."""
    found = dict(document)
    if isinstance(tool := document.get("tool"), dict):
        found["tool"] = {name: table for name, table in tool.items() if name not in _TOOLS}
    if isinstance(project := document.get("project"), dict):
        found["project"] = {
            name: _places(value) if name in _INSTALLED else value
            for name, value in project.items()
            if name not in _ABOUT
        }
    if "dependency-groups" in document:
        found["dependency-groups"] = _places(document["dependency-groups"])
    return found


def _places(dependencies: object) -> list[str]:
    """Requirements that say where a package is from: what is there may change under one version."""
    match dependencies:
        case str(text):
            return [text] if "@" in text or "/" in text else []
        case list(inner):
            return [each for one in inner for each in _places(one)]
        case dict(named):
            return [each for _, one in sorted(named.items()) for each in _places(one)]
        case _:
            return []


def _of_sections(data: bytes) -> bytes:
    """An INI file without such sections; each reaches from its head to that of the next one."""
    heads = [*_HEAD.finditer(data)]
    ends = [*(head.start() for head in heads), len(data)][1:]
    kept = [data[: heads[0].start()] if heads else data]
    kept += [
        data[head.start() : end]
        for head, end in zip(heads, ends, strict=True)
        if not _SECTIONS.fullmatch(head[1])
    ]
    return b"".join(kept)
