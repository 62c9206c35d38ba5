"""What an environment of tox, a session of nox or a target runs: tests, a part of them, or something else."""

import ast
import configparser
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from hitrate.environment import manifest
from hitrate.environment.manifest import table
from hitrate.errors import AnalysisError


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OTHER = _words(
    """
    asv audit bandit bench benchmark benchmarks black build builds changelog check checkmanifest checks
    clean codecov codeql codespell codspeed combine cover coveralls deploy dist doc doc8 docs docset
    doctest doctesting doctests documentation flake8 fmt format formatting isort labeler labels license
    licenses lint linter linters linting lints manifest metadata mypy package packaging pages perf
    precommit publish pylint pyre pyrefly pyright pyupgrade qa readme release report ruff sdist security
    semgrep spellcheck spelling stale static style translations twine type typecheck typechecking
    typechecks typed types typing upload website wheel wheels zizmor
    """
)
"""Words that name something else than tests, whatever they run."""

_PART = _words(
    """
    32bit aarch64 acceptance alpine arm arm64 asan bot bots bsd chrome conda cygwin darwin debug deps
    dev devel dispatch dispatching downstream e2e embedded emscripten example examples experimental
    external extra firefox freebsd freeze frozen functional fuzz git graalpy hypothesis i686 install
    integration integrations jython lowest macos main master memleaks memory memray min minimal minimum
    minimums mins msys2 musl nightly no node not notebooks oldest pickle plugin plugins ppc64le pre
    prerelease prereleases property pyemscripten pyodide pypy pypy2 pypy27 pypy3 pypy310 pypy311 pypy36
    pypy37 pypy38 pypy39 quick random randomly redistribute regression s390x schema scripts single slow
    smoke ssl stress sunos upstream valgrind vcs vendored wasm weekly win32 windows without wsl
    """
)
"""Words that name a part of the tests, or the tests under something unusual."""

_TESTS = re.compile(
    r"(?:unit)?(?:py|python|tests?|testing|pytest|unit|unittests?|tox|ci)(?:\d[\d.]*t?)?|\d[\d.]*"
)
_RUNS_TESTS = re.compile(
    r"(?:^|[\s/])(?:pytest|py\.test|unittest|nosetests|stestr|trial|ward|runtests?(?:\.py)?)\b|manage\.py\s+test\b"
    r"|\bcoverage\s+run\b|\bsetup\.py\s+test\b|-m\s+[\w.]+\.tests?\b"
)
_FACTORS = re.compile(r"(!?[\w{},.!-]+):\s+(.*)")
_BRACES = re.compile(r"\{([^{}]*)\}")
_REFERENCE = re.compile(r"\{\[([^\]]+)\](\w+)\}")
_BRACES_LIMIT = 200


class Runs(Enum):
    """What a name stands for."""

    TESTS = "the tests"
    PART = "a part of the tests, or an unusual variant"
    OTHER = "something else than the tests"
    UNKNOWN = "something that its name does not tell"


def words_of(name: str) -> list[str]:
    """The words that a name is made of, in lower case."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"pre-commit", "precommit", name, flags=re.IGNORECASE))
    return [word for word in re.split(r"[^A-Za-z0-9.]+", apart.lower()) if word]


def by_name(name: str) -> Runs:
    """What a name says by itself."""
    words = words_of(name)
    if any(word in _OTHER for word in words):
        return Runs.OTHER
    if any(word in _PART for word in words):
        return Runs.PART
    return Runs.TESTS if any(_TESTS.fullmatch(word) for word in words) else Runs.UNKNOWN


def odd(text: str) -> bool:
    """Whether a value of a matrix, or its key, names something unusual."""
    return any(word in _PART or word in _OTHER for word in words_of(text))


def of_tox(name: str, folder: Path | None) -> Runs:
    """What an environment of tox runs, by its name and by its commands."""
    return _judged(name, tox_commands(name, folder) if folder else None)


def of_nox(name: str, folder: Path | None) -> Runs:
    """What a session of nox runs, by its name and by its commands."""
    plain = re.sub(r"-\d[\w.]*$", "", name.partition("(")[0])
    found = _judged(plain, _nox_commands(plain, folder) if folder else None)
    return found if found is Runs.OTHER or by_name(name) is not Runs.PART else Runs.PART


def _judged(name: str, commands: list[str] | None) -> Runs:
    named = by_name(name)
    if named is Runs.OTHER or not commands:
        return named
    if any(_RUNS_TESTS.search(line) for line in commands):
        return Runs.PART if named is Runs.PART else Runs.TESTS
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
    lines = [line for key in ("setenv", "set_env") for line in _ini_lines(text, name, key)]
    pairs = [line.partition("=") for line in lines if "=" in line and "{" not in line and line[:1] != "#"]
    return {key.strip(): value.strip() for key, _, value in pairs}


def _toml(file: Path) -> Mapping[str, Any]:
    try:
        return manifest.toml(file)
    except AnalysisError:
        return {}


def _ini_lines(text: str, name: str, key: str) -> Iterator[str]:
    """Lines of a value that holds for one environment of tox."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    sections = [one for one in parser.sections() if one.startswith("testenv:")]
    own = next((one for one in sections if name in _expanded(one.removeprefix("testenv:"))), None)
    section = own if own and parser.has_option(own, key) else "testenv"
    yield from filter(None, _applying(parser, section, key, frozenset(name.split("-")), 4))


def _applying(
    parser: configparser.ConfigParser, section: str, key: str, factors: frozenset[str], depth: int
) -> Iterator[str]:
    """Lines that hold under these factors; references to other sections are followed."""
    for line in parser.get(section, key, fallback="").replace("\\\n", " ").splitlines():
        text = line.strip()
        reference = _REFERENCE.fullmatch(text)
        if reference and depth:
            yield from _applying(parser, reference[1], reference[2], factors, depth - 1)
            continue
        conditional = _FACTORS.fullmatch(text)
        if conditional is None:
            yield text
        elif any(_fits(one, factors) for one in _expanded(conditional[1])):
            yield conditional[2]


def _fits(condition: str, factors: frozenset[str]) -> bool:
    return all((one.lstrip("!") in factors) is not one.startswith("!") for one in condition.split("-"))


def _expanded(pattern: str) -> list[str]:
    """``a,{b,c}-d`` as a, b-d, c-d."""
    patterns: list[str] = [pattern]
    done: list[str] = []
    while patterns and len(patterns) + len(done) < _BRACES_LIMIT:
        first = patterns.pop()
        found = _BRACES.search(first)
        if found:
            patterns += [
                first[: found.start()] + one.strip() + first[found.end() :] for one in found[1].split(",")
            ]
        else:
            done += [one.strip() for one in first.split(",")]
    return done


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


JUDGES: Mapping[str, Callable[[str, Path | None], Runs]] = {"tox": of_tox, "nox": of_nox}
