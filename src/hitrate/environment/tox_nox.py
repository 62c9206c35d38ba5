"""What tox and nox would install and run for the tests: read from their files, without running either."""

import configparser
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hitrate.environment import manifest
from hitrate.environment.declared.nox import nox_sessions
from hitrate.environment.declared.session import DeclaredSession, assignments
from hitrate.environment.declared.toxini import ToxIni, called_for_tests, filled
from hitrate.environment.manifest import strings, table
from hitrate.files import limits

_ENVIRONMENTS = 8
_COMMENT = re.compile(r"\s+#.*")
_TO_FILL_IN = re.compile(r"\{(?!(?:toxinidir|tox_root|root|/)\})")


def session_of_tests(folder: Path, pyproject: Mapping[str, Any]) -> DeclaredSession | None:
    """The session that runs the tests, of tox or else of nox; None if none installs anything."""
    found = sessions_of_tests(folder, pyproject)
    return next((session for session in found if not session.installs_nothing), None)


def sessions_of_tests(folder: Path, pyproject: Mapping[str, Any]) -> Iterator[DeclaredSession]:
    """The sessions that run tests by their names, of tox and then of nox."""
    yield from _tox_ini(folder, pyproject)
    yield from _tox_toml(folder, pyproject)
    yield from nox_sessions(folder)


def _tox_ini(folder: Path, pyproject: Mapping[str, Any]) -> Iterator[DeclaredSession]:
    legacy = table(pyproject, "tool", "tox").get("legacy_tox_ini")
    texts = ((name, manifest.text(folder / name)) for name in ("tox.ini", "setup.cfg"))
    for source, text in (*texts, ("pyproject.toml", legacy)):
        parser = _ini(text, source)
        if parser is not None and any(name.startswith("testenv") for name in parser.sections()):
            ini = ToxIni(parser)
            yield from (_ini_session(ini, name, source) for name in ini.environments()[:_ENVIRONMENTS])


def _ini(text: object, source: str) -> configparser.ConfigParser | None:
    try:
        return limits.parse_ini(text if isinstance(text, str) else "")
    except limits.LimitError as error:
        raise manifest.over(source, error) from None
    except configparser.Error:
        return None


def _ini_session(ini: ToxIni, name: str, source: str) -> DeclaredSession:
    listed = [word for line in ini.lines(name, "extras") for word in _words(line)]
    grouped = [word for line in ini.lines(name, "dependency_groups") for word in _words(line)]
    elsewhere = ini.has(name, "changedir", "change_dir")
    variables = assignments(_known(_set(ini.lines(name, "setenv", "set_env"))))
    return DeclaredSession(
        source=f"{source} [{ini.section(name)}]",
        arguments=tuple(_tox_arguments(ini.filled(ini.lines(name, "deps"), name))),
        extras=tuple(dict.fromkeys(listed)),
        groups=tuple(dict.fromkeys(grouped)),
        commands=()
        if elsewhere
        else tuple(f"{variables}{line}" for line in ini.filled(ini.lines(name, "commands"), name)),
    )


def _set(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Variables and their values, a pair a line."""
    for line in lines:
        name, equals, value = line.partition("=")
        if equals:
            yield name.strip(), _COMMENT.sub("", value).strip()


def _known(variables: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Those whose values are known here: what only tox could fill in, or has to look up, is left out."""
    return {
        name: filled(value)
        for name, value in variables
        if isinstance(value, str) and not _TO_FILL_IN.search(value)
    }


def _words(line: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", line) if word and "{" not in word]


def _tox_toml(folder: Path, pyproject: Mapping[str, Any]) -> Iterator[DeclaredSession]:
    standalone = manifest.toml(folder / "tox.toml")
    source = "tox.toml" if standalone else "pyproject.toml"
    document = standalone or table(pyproject, "tool", "tox")
    for path in (
        ("env_run_base",),
        *(("env", name) for name in table(document, "env") if called_for_tests(name)),
    ):
        found = table(document, *path)
        lines = found.get("commands", ()) if "change_dir" not in found else ()
        variables = assignments(_known(table(found, "set_env").items()))
        yield DeclaredSession(
            source=f"{source} [{'.'.join(path)}]",
            arguments=tuple(_tox_arguments(strings(found.get("deps")))),
            extras=strings(found.get("extras")),
            groups=strings(found.get("dependency_groups")),
            commands=tuple(f"{variables}{filled(shlex.join(_toml_words(line)))}" for line in _items(lines)),
        )


def _toml_words(line: object) -> Iterator[str]:
    """Words of one of tox's commands; in place of what the user may add, its default."""
    for word in _items(line):
        if isinstance(word, str):
            yield word
        elif isinstance(word, Mapping) and word.get("replace") == "posargs":
            yield from strings(word.get("default"))


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _tox_arguments(lines: Iterable[str]) -> Iterator[str]:
    """Lines of tox's ``deps`` as arguments of pip, each once, less those that only tox understands."""
    for line in dict.fromkeys(lines):
        text = _COMMENT.sub("", filled(line))
        if text.startswith(("-r", "-c", "-e")):
            yield from (text[:2], text[2:].lstrip("= "))
        elif text and not text.startswith("-"):
            yield text
