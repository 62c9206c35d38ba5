"""What an environment of tox, a session of nox or a target runs: tests, a part of them, or something else."""

import ast
import configparser
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hitrate.environment import manifest
from hitrate.environment.declared.naming import Purpose, by_name
from hitrate.environment.declared.toxini import ToxIni
from hitrate.environment.manifest import table
from hitrate.errors import AnalysisError

_RUNS_TESTS = re.compile(
    r"(?:^|[\s/])(?:pytest|py\.test|unittest|nosetests|stestr|trial|ward|runtests?(?:\.py)?)\b|manage\.py\s+test\b"
    r"|\bcoverage\s+run\b|\bsetup\.py\s+test\b|-m\s+[\w.]+\.tests?\b"
)


def of_tox(name: str, folder: Path | None) -> Purpose:
    """What an environment of tox runs, by its name and by its commands."""
    return _judged(name, tox_commands(name, folder) if folder else None)


def of_nox(name: str, folder: Path | None) -> Purpose:
    """What a session of nox runs, by its name and by its commands."""
    plain = re.sub(r"-\d[\w.]*$", "", name.partition("(")[0])
    found = _judged(plain, _nox_commands(plain, folder) if folder else None)
    return found if found is Purpose.OTHER or by_name(name) is not Purpose.PART else Purpose.PART


def _judged(name: str, commands: list[str] | None) -> Purpose:
    named = by_name(name)
    if named is Purpose.OTHER or not commands:
        return named
    if any(_RUNS_TESTS.search(line) for line in commands):
        return Purpose.PART if named is Purpose.PART else Purpose.TESTS
    # What it calls may run tests in its turn: only a name speaks for that.
    return named


def configured(kind: str, folder: Path) -> bool:
    """Whether a project has a configuration of tox, nox or Hatch."""
    pyproject = manifest.text(folder / "pyproject.toml")
    if kind == "tox":
        named = any((folder / name).is_file() for name in ("tox.ini", "tox.toml"))
        return named or "[tool.tox" in pyproject or "[testenv" in manifest.text(folder / "setup.cfg")
    if kind == "nox":
        return (folder / "noxfile.py").is_file()
    return "[tool.hatch" in pyproject or (folder / "hatch.toml").is_file()


def tox_commands(name: str, folder: Path) -> list[str]:
    """Command lines of one environment of tox, as they stand there."""
    document = _toml(folder / "pyproject.toml")
    legacy = table(document, "tool", "tox").get("legacy_tox_ini")
    for text in (manifest.text(folder / "tox.ini"), manifest.text(folder / "setup.cfg"), legacy):
        if isinstance(text, str) and "[testenv" in text:
            return list(_ini_lines(text, name, "commands"))
    settings = _toml(folder / "tox.toml") or table(document, "tool", "tox")
    own = table(settings, "env", name)
    lines = own.get("commands", table(settings, "env_run_base").get("commands"))
    return (
        [" ".join(map(str, line)) for line in lines if isinstance(line, list)]
        if isinstance(lines, list)
        else []
    )


def tox_variables(name: str, folder: Path) -> dict[str, str]:
    """Environment variables that tox sets for one environment of an ini file, where they are plain text."""
    text = manifest.text(folder / "tox.ini")
    lines = _ini_lines(text, name, "setenv", "set_env")
    pairs = [line.partition("=") for line in lines if "=" in line and "{" not in line and line[:1] != "#"]
    return {key.strip(): value.strip() for key, _, value in pairs}


def _toml(file: Path) -> Mapping[str, Any]:
    try:
        return manifest.toml(file)
    except AnalysisError:
        return {}


def _ini_lines(text: str, name: str, *keys: str) -> Iterator[str]:
    """Lines of a value that holds for one environment of tox."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    with suppress(configparser.Error):
        parser.read_string(text)
        yield from ToxIni(parser).lines(name, *keys)


def _nox_commands(name: str, folder: Path) -> list[str]:
    """Command lines of one session of nox, and of the functions of its file that it calls."""
    module = manifest.parsed(folder / "noxfile.py")
    functions = (
        {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)} if module else {}
    )
    chosen = [
        node
        for node in functions.values()
        if name in (node.name, node.name.replace("_", "-"), _given_name(node))
    ]
    lines: list[str] = []
    for node in chosen:
        called = [functions[one] for one in _names_called(node) if one in functions]
        lines += [line for one in (node, *called) for line in _lines_run(one)]
    return lines


def _given_name(function: ast.FunctionDef) -> str | None:
    keywords = [
        keyword for one in function.decorator_list if isinstance(one, ast.Call) for keyword in one.keywords
    ]
    return next(
        (
            str(one.value.value)
            for one in keywords
            if one.arg == "name" and isinstance(one.value, ast.Constant)
        ),
        None,
    )


def _calls(function: ast.FunctionDef) -> Iterable[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _names_called(function: ast.FunctionDef) -> list[str]:
    return [call.func.id for call in _calls(function) if isinstance(call.func, ast.Name)]


def _lines_run(function: ast.FunctionDef) -> Iterator[str]:
    for call in _calls(function):
        if isinstance(call.func, ast.Attribute) and call.func.attr.startswith("run"):
            values = [
                node.value for part in call.args for node in ast.walk(part) if isinstance(node, ast.Constant)
            ]
            yield " ".join(value for value in values if isinstance(value, str))


JUDGES: Mapping[str, Callable[[str, Path | None], Purpose]] = {"tox": of_tox, "nox": of_nox}
