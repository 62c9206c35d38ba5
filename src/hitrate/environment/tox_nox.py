"""What tox and nox would install and run for the tests: read from their files, without running either."""

import ast
import configparser
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hitrate.environment import manifest
from hitrate.environment.manifest import strings, table
from hitrate.files import limits
from hitrate.source.names import written

_FOR_TESTS = re.compile(r"(?:unit[-_]?)?(?:py|python|tests?|testing|pytest|unit)(?:$|[-_.\d])")
_FACTOR = re.compile(r"[!\w{},.-]+:\s")
_REFERENCE = re.compile(r"\{\[([^\]]+)\](\w+)\}")
_OWN_FOLDER = re.compile(r"\{(?:toxinidir|tox_root)\}/?")
_OWN_PROJECT = re.compile(r"\.(?:\[([^\]]*)\])?")
_ADDED = re.compile(r"\{(?:posargs|args)(?::([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Session:
    """What one session installs beside the project, and what it runs.

    Attributes:
        source: The file and the session's name.
        arguments: Arguments for ``pip install``: requirements, and ``-r`` each with a file.
        extras: Extras of the project.
        groups: Dependency groups (PEP 735).
        commands: Command lines that run in the project's folder.
    """

    source: str
    arguments: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def installs_nothing(self) -> bool:
        """Whether there is nothing to install beside the project."""
        return not (self.arguments or self.extras or self.groups)


def session_of_tests(folder: Path, pyproject: Mapping[str, Any]) -> Session | None:
    """The session that runs the tests, of tox or else of nox; None if none installs anything."""
    found = sessions_of_tests(folder, pyproject)
    return next((session for session in found if not session.installs_nothing), None)


def sessions_of_tests(folder: Path, pyproject: Mapping[str, Any]) -> Iterator[Session]:
    """The sessions that run tests by their names, of tox and then of nox."""
    yield from _tox_ini(folder, pyproject)
    yield from _tox_toml(folder, pyproject)
    yield from _nox(folder)


def filled(line: str) -> str:
    """A command line as it is where the user of tox or Hatch adds nothing, less what only they understand."""
    line = _OWN_FOLDER.sub("", _ADDED.sub(lambda match: (match[1] or "").lstrip(), line))
    return " ".join(word for word in line.removeprefix("- ").split() if "{" not in word)


def _tox_ini(folder: Path, pyproject: Mapping[str, Any]) -> Iterator[Session]:
    legacy = table(pyproject, "tool", "tox").get("legacy_tox_ini")
    texts = ((name, manifest.text(folder / name)) for name in ("tox.ini", "setup.cfg"))
    for source, text in (*texts, ("pyproject.toml", legacy)):
        parser = _ini(text, source)
        if parser is None:
            continue
        for section in sorted(parser.sections(), key=lambda name: name != "testenv"):
            if section == "testenv" or _FOR_TESTS.match(section.removeprefix("testenv:")):
                yield _ini_session(parser, section, source)


def _ini(text: object, source: str) -> configparser.ConfigParser | None:
    try:
        return limits.parse_ini(text if isinstance(text, str) else "")
    except limits.LimitError as error:
        raise manifest.over(source, error) from None
    except configparser.Error:
        return None


def _ini_session(parser: configparser.ConfigParser, section: str, source: str) -> Session:
    return Session(
        source=f"{source} [{section}]",
        arguments=tuple(_tox_arguments(_ini_lines(parser, section, "deps"))),
        extras=tuple(word for line in _ini_lines(parser, section, "extras") for word in _words(line)),
        groups=tuple(
            word for line in _ini_lines(parser, section, "dependency_groups") for word in _words(line)
        ),
        commands=()
        if parser.has_option(section, "changedir")
        else tuple(map(filled, _ini_lines(parser, section, "commands"))),
    )


def _ini_lines(parser: configparser.ConfigParser, section: str, key: str) -> Iterator[str]:
    """Lines of a value that hold whatever the factors; references to other values are followed, each once."""
    seen = {(section, key)}
    pending = [iter(_lines_of(parser, section, key))]
    while pending:
        line = next(pending[-1], None)
        if line is None:
            pending.pop()
        elif reference := _REFERENCE.fullmatch(line):
            place = (reference[1], reference[2])
            if place not in seen:
                seen.add(place)
                pending.append(iter(_lines_of(parser, *place)))
        elif line and not line.startswith("#") and not _FACTOR.match(line):
            yield line


def _lines_of(parser: configparser.ConfigParser, section: str, key: str) -> list[str]:
    value = parser.get(section, key, fallback="").replace("\\\n", " ")
    return [line.strip() for line in value.splitlines()]


def _words(line: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", line) if word and "{" not in word]


def _tox_toml(folder: Path, pyproject: Mapping[str, Any]) -> Iterator[Session]:
    standalone = manifest.toml(folder / "tox.toml")
    source = "tox.toml" if standalone else "pyproject.toml"
    document = standalone or table(pyproject, "tool", "tox")
    for path in (
        ("env_run_base",),
        *(("env", name) for name in table(document, "env") if _FOR_TESTS.match(name)),
    ):
        found = table(document, *path)
        lines = found.get("commands", ()) if "change_dir" not in found else ()
        yield Session(
            source=f"{source} [{'.'.join(path)}]",
            arguments=tuple(_tox_arguments(strings(found.get("deps")))),
            extras=strings(found.get("extras")),
            groups=strings(found.get("dependency_groups")),
            commands=tuple(filled(shlex.join(_toml_words(line))) for line in _items(lines)),
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
    """Lines of tox's ``deps`` as arguments of pip, less those that only tox understands."""
    for line in lines:
        text = _OWN_FOLDER.sub("", line)
        if "{" in text:
            continue
        if text.startswith(("-r", "-c", "-e")):
            yield from (text[:2], text[2:].lstrip("= "))
        elif not text.startswith("-"):
            yield text


def _nox(folder: Path) -> Iterator[Session]:
    module = manifest.parsed(folder / "noxfile.py")
    if module is None:
        return
    constants = {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and (name := _session_name(node)) and _FOR_TESTS.match(name):
            calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
            words = [word for call in calls for word in _literals(call, "session.install", constants)]
            ran = [list(_literals(call, "session.run", constants)) for call in calls]
            session = _nox_session(f"noxfile.py session {name!r}", words)
            yield replace(session, commands=tuple(shlex.join(line) for line in ran if line))


def _session_name(function: ast.FunctionDef) -> str | None:
    """The name under which nox knows a function; None if it is no session."""
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        if written(call.func if call else decorator).rpartition(".")[2] != "session":
            continue
        for keyword in call.keywords if call else ():
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return keyword.value.value if isinstance(keyword.value.value, str) else None
        return function.name
    return None


def _literals(call: ast.Call, function: str, constants: Mapping[str, ast.expr]) -> Iterator[str]:
    """Literal arguments of a call of that function, starred constants of the module included."""
    for argument in call.args if _is_called(call, function) else ():
        value = argument.value if isinstance(argument, ast.Starred) else argument
        if isinstance(value, ast.Name):
            value = constants.get(value.id, value)
        for item in value.elts if isinstance(value, ast.Tuple | ast.List) else [value]:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                yield item.value


def _is_called(call: ast.Call, function: str) -> bool:
    return isinstance(call.func, ast.Attribute) and written(call.func) == function


def _nox_session(source: str, words: list[str]) -> Session:
    arguments: list[str] = []
    extras: list[str] = []
    groups: list[str] = []
    pending = iter(words)
    for word in pending:
        project = _OWN_PROJECT.fullmatch(word)
        if project:
            extras += _words(project[1] or "")
        elif word in ("-r", "-c"):
            arguments += [word, next(pending, "")]
        elif word == "--group":
            groups.append(next(pending, ""))
        elif not word.startswith("-"):
            arguments.append(word)
    return Session(source, tuple(arguments), tuple(extras), tuple(groups))
