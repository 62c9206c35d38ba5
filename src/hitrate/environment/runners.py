"""Command lines that run tests, and the commands that Hitrate runs instead."""

import configparser
import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from hitrate.environment.declared import shell
from hitrate.environment.manifest import Manifest, strings, text
from hitrate.errors import AnalysisError
from hitrate.files import limits

PYTEST = "python -m pytest"
_UNITTEST = ("python", "-m", "unittest")
_PYTEST_FILES = ("pytest.ini", ".pytest.ini", "pytest.toml", "tox.ini", "setup.cfg", "pyproject.toml")
_TESTPATHS = re.compile(r"^[^\S\n]*testpaths[^\S\n]*=", re.MULTILINE)
_WITH_VALUE = re.compile(
    r"-[ckmnopWr]|--(?:cov|cov-config|cov-report|rootdir|confcutdir|basetemp|junitxml|numprocesses)"
)
_OF_COVERAGE = re.compile(r"--(?:source(?:-pkgs)?|rcfile|omit|include|concurrency|context|data-file|debug)")
_PYTHON = re.compile(r"(?:python|pypy)[\d.]*")
_OF_PYTHON = frozenset({"-W", "-X", "-Q"})
_OF_CONFIGURATION = frozenset({"-c", "--config-file", "--rootdir"})
_TESTS = re.compile(
    r"(?:^|[._-])(?:all)?(?:unit|run)?[._-]?tests?(?:[._-]|$)|^(?:all|run)tests?$", re.IGNORECASE
)
_STARTED_AS_MODULE = {
    "nose2": "nose2",
    "nosetests": "nose",
    "trial": "twisted.trial",
    "stestr": "stestr",
    "zope-testrunner": "zope.testrunner",
    "green": "green",
}
_MODULES_OF_RUNNERS = frozenset({*_STARTED_AS_MODULE.values(), "testtools.run", "xmlrunner"})
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
# Of use to a tool alone, or set by Hitrate itself, or nothing that a project may say.
_WORTHLESS = re.compile(
    r"PATH|HOME|TERM|COLUMNS|LINES|CI|DISPLAY|.*COLORS?|VIRTUAL_ENV|PYTEST_ADDOPTS|TOX\w*|NOX\w*|COV\w*|PIP_\w*|UV_\w*"
    r"|LD_\w*|GIT\w*|INPUT_\w*|ACTIONS_\w*|RUNNER_\w*|HITRATE\w*"
    r"|PYTHON(?!PATH$|UTF8$|IOENCODING$|ASYNCIODEBUG$|TZPATH$)\w*"
)
_SHELL = re.compile(r"(?:/usr)?(?:/bin/)?(?:ba|da|z|k)?sh")
_SHELL_LINE = re.compile(r"-[a-z]*c")
_SHEBANG = re.compile(r"#!.*\b(?:ba|da|z|k)?sh\b")
_CASE = re.compile(r"^\s*case\s", re.MULTILINE)
_BRANCH = r"^\s*\(?(?:[^()\n]*\|)?\s*[\"']?{}[\"']?\s*(?:\|[^()\n]*)?\)(.*?);;"
_SCRIPT = re.compile(r"(?:^|\s)\.{0,2}/\S+|\S+\.sh\b")
_MOVES = re.compile(r"(?:cd|pushd)\s")
_CONFTEST = "conftest.py"
_TEST_FILE = re.compile(r"conftest\.py|test_\w+\.py|\w+_test\.py")
_OF_OTHERS = ("build", "node_modules", "site-packages", "venv")
_FILES = 200
_FOLDERS_AT_MOST = 2_000
_MARK = re.compile(r"\b(?:pytest\.)?mark\.([a-z]\w*)")
_SEVERAL = re.compile(r"[|<>;`&]")


@dataclass(frozen=True, slots=True)
class _Plugin:
    """What a plugin adds to pytest, each a pattern.

    Attributes:
        requirement: What installs it.
        module: What imports it.
        options: Options of the command line.
        keys: Keys of the configuration.
        marks: Marks of tests.
    """

    requirement: str
    module: str
    options: str = ""
    keys: str = ""
    marks: str = ""


_PLUGINS = (
    _Plugin("pytest-cov", "pytest_cov", r"--(?:no-)?cov(?:-[\w-]+)?"),
    _Plugin(
        "pytest-xdist",
        "xdist",
        r"-n\w*|--numprocesses|--dist|--maxprocesses|--max-worker-restart",
        marks="xdist_group",
    ),
    _Plugin("pytest-timeout", "pytest_timeout", r"--timeout(?:-[\w-]+)?", r"timeout(?:_\w+)?", "timeout"),
    _Plugin("pytest-asyncio", "pytest_asyncio", r"--asyncio-mode", r"asyncio_\w+", "asyncio"),
    _Plugin("pytest-trio", "pytest_trio", keys="trio_mode", marks="trio"),
    _Plugin(
        "pytest-django",
        "pytest_django",
        r"--(?:ds|dc|reuse-db|create-db|no-?migrations|fail-on-template-vars)",
        "DJANGO_SETTINGS_MODULE|django_find_project",
        "django_db",
    ),
    _Plugin("pytest-rerunfailures", "pytest_rerunfailures", r"--(?:reruns(?:-delay)?|only-rerun)"),
    _Plugin("pytest-repeat", "pytest_repeat", marks="repeat"),
    _Plugin("pytest-order", "pytest_order", r"--order-\w[\w-]*", marks="order"),
    _Plugin("pytest-dependency", "pytest_dependency", keys="automark_dependency", marks="dependency"),
    _Plugin("pytest-benchmark", "pytest_benchmark", r"--benchmark-[\w-]+", marks="benchmark"),
    _Plugin("pytest-httpx", "pytest_httpx", marks="httpx_mock"),
    _Plugin("pytest-socket", "pytest_socket", r"--(?:allow|disable)-(?:unix-)?(?:socket|hosts)"),
    _Plugin("pytest-html", "pytest_html", r"--(?:html|self-contained-html)"),
    _Plugin("pytest-mypy", "pytest_mypy", r"--mypy(?:-[\w-]+)?"),
    _Plugin("pytest-ruff", "pytest_ruff", r"--ruff(?:-format)?"),
    _Plugin("pytest-mpl", "pytest_mpl", r"--mpl(?:-[\w-]+)?", r"mpl-[\w-]+", "mpl_image_compare"),
    _Plugin("pytest-doctestplus", "pytest_doctestplus", r"--doctest-(?:plus|rst|ufunc)", r"doctest_plus\w*"),
    _Plugin("pytest-env", "pytest_env", keys="env"),
    _Plugin("pytest-randomly", "pytest_randomly", r"--randomly-[\w-]+"),
    _Plugin("pytest-random-order", "random_order", r"--random-order(?:-[\w-]+)?"),
)


@dataclass(frozen=True, slots=True)
class NeededPlugin:
    """A plugin of pytest without which its configuration is refused, or tests are.

    Attributes:
        requirement: What installs it.
        module: What imports it.
        asked: What asks for it, as a clause.
    """

    requirement: str
    module: str
    asked: str


def plugins_wanted(project: Manifest) -> tuple[NeededPlugin, ...]:
    """Plugins that add what the project's configuration of pytest names, or marks that it must know."""
    found: dict[str, NeededPlugin] = {}
    configuration = _configuration(project)
    options = _options(configuration)
    asked = [
        *((word.partition("=")[0], "options", "pytest is configured with {}") for word in options),
        *((key, "keys", "pytest is configured with {}") for key in configuration),
        *((mark, "marks", "tests have the mark {}") for mark in _strange_marks(project, configuration)),
    ]
    for name, kind, words in asked:
        for plugin in _PLUGINS:
            if re.fullmatch(getattr(plugin, kind), name, re.IGNORECASE):
                needed = NeededPlugin(plugin.requirement, plugin.module, words.format(name))
                found.setdefault(plugin.requirement, needed)
    return tuple(found.values())


def _configuration(project: Manifest) -> Mapping[str, object]:
    """What the first file that configures pytest says."""
    inis = (
        ("pytest.ini", "pytest"),
        (".pytest.ini", "pytest"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    )
    for name, section in inis:
        with suppress(configparser.Error, limits.LimitError):
            parser = limits.parse_ini(text(project.folder / name))
            if parser.has_section(section):
                return dict(parser.items(section))
    tables = (project.tool("pytest", "ini_options"), project.tool("pytest"))
    return next((table for table in tables if table), {})


def _options(configuration: Mapping[str, object]) -> list[str]:
    said = configuration.get("addopts", "")
    return _split(said) if isinstance(said, str) else list(strings(said))


def _strange_marks(project: Manifest, configuration: Mapping[str, object]) -> list[str]:
    """Marks of tests that pytest refuses, since neither its configuration nor a conftest.py names them."""
    strict = {str(configuration.get(key)).lower() for key in ("strict_markers", "strict")}
    if not {"--strict-markers", "--strict"} & {*_options(configuration)} and "true" not in strict:
        return []
    files = list(islice(_files_of_tests(project.folder), _FILES))
    known = " ".join(
        [str(configuration.get("markers", "")), *(said for name, said in files if name == _CONFTEST)]
    )
    used = dict.fromkeys(mark for _, said in files for mark in _MARK.findall(said))
    return [mark for mark in used if not re.search(rf"\b{mark}\b", known)]


def _files_of_tests(folder: Path) -> Iterator[tuple[str, str]]:
    """Names and texts of the files in which pytest looks for tests."""
    for place, inner, names in islice(os.walk(folder), _FOLDERS_AT_MOST):
        inner[:] = sorted(name for name in inner if not name.startswith(".") and name not in _OF_OTHERS)
        for name in filter(_TEST_FILE.fullmatch, sorted(names)):
            with suppress(AnalysisError):
                yield name, text(Path(place, name))


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def understood(line: str, folder: Path) -> tuple[str, ...]:
    """The commands that a line stands for, the likeliest first; none if it runs no tests that we know.

    Args:
        line: A command line of tox, nox, Hatch, a target or a workflow.
        folder: The project's folder, in which it is run.
    """
    if shell.prepares(line) or _SEVERAL.search(_QUOTED.sub("", line)):
        return ()
    try:
        shlex.split(line)
        words = shlex.split(" ".join(shell.command(line).words))
    except ValueError:
        return ()
    if lines := _lines_of_script(words, folder):
        return next((found for one in lines if (found := understood(one, folder))), ())
    if words and _SHELL.fullmatch(words[0]):
        return _within(words, shell.command(line).assignments, folder)
    kind, words = _started([word for word in words if "$" not in word])
    before = "".join(f"{one} " for one in _variables(shell.command(line).assignments))
    return tuple(f"{before}{one}" for one in _of_words(kind, words, folder))


def _lines_of_script(words: Sequence[str], folder: Path) -> list[str]:
    """The lines of a shell script of the project, of the branch that its first argument chooses.

    None where it goes to another folder, or calls a script itself.
    """
    name, *arguments = words[1:] if words and _SHELL.fullmatch(words[0]) else words or [""]
    path = (folder / name).resolve() if name else folder
    if not path.is_file() or not path.is_relative_to(folder.resolve()):
        return []
    said = text(path)
    if not name.endswith(".sh") and not _SHEBANG.match(said):
        return []
    if _CASE.search(said):
        branch = (
            re.compile(_BRANCH.format(re.escape(arguments[0])), re.DOTALL | re.MULTILINE)
            if arguments
            else None
        )
        found = branch.search(said) if branch else None
        said = found[1] if found else ""
    lines = list(shell.lines_of(said))
    if any(_MOVES.match(line) or _SCRIPT.search(line) for line in lines):
        return []
    return lines


def _within(words: Sequence[str], assignments: Sequence[str], folder: Path) -> tuple[str, ...]:
    """What the line stands for that a shell is handed by ``-c``, the last command of several."""
    option = next((number for number, word in enumerate(words[1:], 1) if _SHELL_LINE.fullmatch(word)), None)
    inner = words[option + 1 : option + 2] if option is not None else []
    *before, last = [line for text in inner for line in shell.lines_of(text)] or [""]
    if any(_MOVES.match(line) for line in before):
        return ()
    return understood(" ".join((*assignments, last)), folder) if last else ()


def _of_words(kind: str, words: Sequence[str], folder: Path) -> tuple[str, ...]:
    if not words:
        return ()
    name, arguments = words[0], words[1:]
    if name in ("pytest", "py.test"):
        return (_pytest(arguments, folder),)
    if name == "unittest" and kind == "module":
        return tuple(_unittest(arguments))
    return _other(kind, name, arguments, folder)


def _variables(assignments: Sequence[str]) -> Iterator[str]:
    """Variables that are set for the tests, as they are written before a command."""
    for one in assignments:
        name, _, value = shlex.split(one)[0].partition("=")
        if not _WORTHLESS.fullmatch(name) and not set("${}") & set(value):
            # What Hitrate puts on the path itself stays there.
            after = "${PYTHONPATH:+:$PYTHONPATH}" if name == "PYTHONPATH" else ""
            yield f"{name}={shlex.quote(value)}{after}"


def _other(kind: str, name: str, arguments: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Runners that pytest cannot stand in for, and files and packages of the project's own."""
    if kind == "module" and (_is_module_of_tests(name) or name in _MODULES_OF_RUNNERS):
        return (shlex.join(["python", "-m", name, *arguments]),)
    if name in _STARTED_AS_MODULE:
        return (shlex.join(["python", "-m", _STARTED_AS_MODULE[name], *arguments]),)
    if name in ("django", "django-admin") and arguments[:1] == ["test"]:
        return (shlex.join(["python", "-m", "django", *arguments]),)
    if kind == "script" and (folder / name).is_file():
        runs = arguments[:1] == ["test"] if name.endswith("manage.py") else _TESTS.search(Path(name).stem)
        return (shlex.join(["python", name, *arguments]),) if runs else ()
    return ()


def _is_module_of_tests(name: str) -> bool:
    return name.rpartition(".")[2] in ("test", "tests", "testsuite") and name != "test"


def _started(words: list[str]) -> tuple[str, list[str]]:
    """What is run in the end, behind Python and coverage: as a program, module or script, with its words."""
    kind = "program"
    while words:
        name = words[0].rpartition("/")[2]
        if words[0] == "-m" or (kind == "program" and _PYTHON.fullmatch(name)):
            kind, words = _behind_options(words if words[0] == "-m" else words[1:], _OF_PYTHON.__contains__)
        elif name == "coverage" and words[1:2] == ["run"]:
            kind, words = _behind_options(words[2:], lambda word: bool(_OF_COVERAGE.fullmatch(word)))
        else:
            if kind == "program" and words[0].endswith(".py"):
                return "script", [words[0].removeprefix("./"), *words[1:]]
            return kind, [name if kind == "program" else words[0].removeprefix("./"), *words[1:]]
    return kind, []


def _behind_options(words: list[str], takes_value: Callable[[str], bool]) -> tuple[str, list[str]]:
    """The module or the script that an interpreter's words name, with its own words."""
    number = 0
    while number < len(words):
        word = words[number]
        if word == "-m" or re.fullmatch(r"-[A-Za-z]+m", word):
            return "module", words[number + 1 :]
        if word in {"-c", "-"}:
            return "program", []
        if not word.startswith("-"):
            return "script", words[number:]
        number += 2 if takes_value(word) else 1
    return "program", []


def _unittest(arguments: Sequence[str]) -> Iterator[str]:
    """What runs unittest's tests: pytest can, and tells more of them, if their files are called as usual."""
    pattern = next((after for word, after in pairwise(arguments) if word in {"-p", "--pattern"}), "test")
    if pattern.startswith("test"):
        yield PYTEST
    yield shlex.join([*_UNITTEST, *arguments])


def _pytest(arguments: Sequence[str], folder: Path) -> str:
    chosen = list(_configured(arguments, folder))
    if any(_TESTPATHS.search(text(folder / name)) for name in (chosen[1:2] or _PYTEST_FILES)):
        return shlex.join([*PYTEST.split(), *chosen])
    before = ""
    for word in arguments:
        is_path = not word.startswith("-") and not _WITH_VALUE.fullmatch(before)
        if word.startswith("--ignore") or (is_path and _holds_tests(folder / word)):
            chosen.append(word)
        before = word
    return shlex.join([*PYTEST.split(), *chosen])


def _configured(arguments: Sequence[str], folder: Path) -> Iterator[str]:
    """The file of the project that pytest is told to be configured by, and its root folder with it."""
    given = dict(pair for pair in pairwise([*arguments, ""]) if pair[0] in _OF_CONFIGURATION)
    given |= dict(word.split("=", 1) for word in arguments if "=" in word)
    file = next((given[name] for name in ("-c", "--config-file") if name in given), "")
    if (folder / file).is_file() and (folder / file).resolve().is_relative_to(folder.resolve()):
        yield from ("-c", file)
        if root := given.get("--rootdir"):
            yield f"--rootdir={root}"


def _holds_tests(path: Path) -> bool:
    return path.is_dir() or (path.suffix == ".py" and path.is_file())
