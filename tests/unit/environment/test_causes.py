"""What a tool's output shows of why an install or a start of the tests failed."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from hitrate.environment.causes import CAUSES, COMPILER, EMPTY, LOCALES, TOOLS, Cause, cause_of, snippet
from hitrate.environment.install import failure

SHOWN = [
    ("LookupError: setuptools-scm was unable to detect version for /p.", "fetch-depth: 0"),
    ("RuntimeError: Unable to determine version: no git tags found", "fetch-depth: 0"),
    ("ValueError: the version is read from git metadata, which is not there", "fetch-depth: 0"),
    ("Can't find any tags to make a version of", "fetch-depth: 0"),
    ("No tags found", "fetch-depth: 0"),
    ("fatal: No names found, cannot describe anything.", "fetch-depth: 0"),
    ("fatal: No tags can describe 'f0'.", "fetch-depth: 0"),
    ("ValueError: v1 does not match any tags", "fetch-depth: 0"),
    ("The version 0.0.post1 is not allowed", "fetch-depth: 0"),
    ("Getting the version from git tags failed", "fetch-depth: 0"),
    ("error: command 'gcc' failed: No such file or directory", COMPILER),
    ("unable to execute 'x86_64-linux-gnu-gcc': No such file or directory", COMPILER),
    ("sh: 1: cc: not found", COMPILER),
    ("Unable to find a C compiler", COMPILER),
    ("ERROR: Unknown compiler(s): [['cc'], ['gcc']]", COMPILER),
    ("The C extension could not be compiled", COMPILER),
    ("error: can't find Rust compiler", "cargo"),
    ("Cargo, the Rust package manager, is not installed or is not on PATH.", "cargo"),
    ("`rustc` was not found", "cargo"),
    ("a.c:3:10: fatal error: libpq-fe.h: No such file or directory", "needs libpq-fe.h"),
    ("FileNotFoundError: [Errno 2] No such file or directory: 'cmake'", "compiled with cmake"),
    ("RuntimeError: CMake must be installed to build this", "compiled with CMake"),
    ("/bin/sh: 1: pkg-config: not found", "compiled with pkg-config"),
    ("bash: line 1: make: command not found", "compiled with make"),
    ("zsh: command not found: ninja", TOOLS),
    ("Error: pg_config executable not found.", "install it with setup"),
    ("sh: 1: mysql_config: not found", "install it with setup"),
    ("ImportError: libGL.so.1: cannot open shared object file", "install it with setup"),
    ("/usr/bin/ld: cannot find -lssl: No such file or directory", "install it with setup"),
    ("OSError: Couldn't find any of the shared libraries", "install it with setup"),
    ("ERROR: Package 'x' requires a different Python: 3.13.1 not in '<3.13'", "python-version"),
    ("The package requires Python >=3.15", "python-version"),
    ("Requires-Python <3.13 is not satisfied", "python-version"),
    ("the current Python version (3.13) does not satisfy Python>=3.15", "python-version"),
    ("Current Python version (3.13.0) is not allowed by the project (<3.13).", "python-version"),
    ("ModuleNotFoundError: No module named 'distutils'", "python-version"),
    ("ModuleNotFoundError: No module named 'asyncore'", "python-version"),
    ("AttributeError: module 'pkgutil' has no attribute 'ImpImporter'", "python-version"),
    ("AttributeError: module 'inspect' has no attribute 'getargspec'. Did you mean", "python-version"),
    ("ConnectionRefusedError: [Errno 111] Connection refused", "services"),
    ("redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379.", "services"),
    ('psycopg.OperationalError: connection to server at "::1" failed', "services"),
    ("psycopg2.OperationalError: could not connect to server: x", "services"),
    ("Can't connect to local MySQL server through socket '/run/mysqld.sock'", "services"),
    ("pymongo.errors.ServerSelectionTimeoutError: localhost:27017", "services"),
    ("kafka.errors.NoBrokersAvailable", "services"),
    ("_tkinter.TclError: no display name and no $DISPLAY environment variable", "xvfb-run"),
    ("qt.qpa.xcb: could not connect to display ", "xvfb-run"),
    ("Gtk-WARNING **: cannot open display: ", "xvfb-run"),
    ("KeyError: 'DISPLAY'", "xvfb-run"),
    ("locale.Error: unsupported locale setting", LOCALES),
    ("*** Please tell me who you are.", "GIT_AUTHOR_NAME"),
    ("fatal: empty ident name (for <tests@x>) not allowed", "GIT_AUTHOR_NAME"),
    ("fatal: unable to auto-detect email address (got 'tests@x.(none)')", "GIT_AUTHOR_NAME"),
    ("KeyError: 'DATABASE_URL'", "the variable DATABASE_URL"),
    ("ValueError: Set the SECRET_KEY environment variable", "the variable SECRET_KEY"),
    ("define the environment variable DJANGO_SETTINGS_MODULE or", "the variable DJANGO_SETTINGS_MODULE"),
    (f"{EMPTY}vendor/data sets", "submodule vendor/data sets is not checked out: set submodules: true"),
    ("E       fixture 'mocker' not found", "that has mocker"),
    ("pytest: error: unrecognized arguments: --cov=lib", "that has --cov"),
    ("'repeat' not found in `markers` configuration option", "that has repeat"),
    ("ERROR: Missing required plugins: pytest-env>=1, pytest-xdist", "that has pytest-env"),
    ("E   Failed: Marks cannot be applied to fixtures.", "this pytest is too new"),
    (
        "E   pytest.PytestRemovedIn9Warning: Marks applied to fixtures have no effect",
        "this pytest is too new",
    ),
    ("AttributeError: module 'pytest' has no attribute 'Item2'", "this pytest is too new"),
    ("ImportError: cannot import name 'x' from '_pytest.compat'", "this pytest is too new"),
    ("E       fixture 'event_loop' not found", "up to its version 0.26: set install"),
    ("ModuleNotFoundError: No module named 'pkg_resources'", "installs one of those"),
    ("ModuleNotFoundError: No module named 'trustme.x'", "trustme.x is not installed"),
    ("ImportError: No module named yaml", "yaml is not installed"),
    ("Unable to find installation candidates for six (1.16.0)", "the locked six (1.16.0)"),
    ("  x No solution found when resolving dependencies:", "no set of versions"),
    ("ERROR: ResolutionImpossible: for help visit", "no set of versions"),
    ("ERROR: No matching distribution found for x==9", "no set of versions"),
    ("  SolverProblemError", "no set of versions"),
    ("Because a needs b, version solving failed.", "no set of versions"),
    ("Temporary failure in name resolution", "a host could not be reached"),
    ("gaierror: [Errno -2] Name or service not known", "a host could not be reached"),
    ("OSError: [Errno 101] Network is unreachable", "a host could not be reached"),
    ("error: Failed to fetch: `https://example.org/simple/x/`", "a host could not be reached"),
    ("HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /", "a host could not"),
    ("OSError: [Errno 28] No space left on device", "disk-limit"),
    ("OSError: [Errno 122] Disk quota exceeded", "disk-limit"),
    ("MemoryError", "memory-limit"),
    ("OSError: [Errno 12] Cannot allocate memory", "memory-limit"),
    ("RuntimeError: Out of memory", "memory-limit"),
]


@pytest.mark.parametrize(("output", "words"), SHOWN)
def test_the_cause_and_the_input_that_changes_it(output: str, words: str) -> None:
    told = cause_of(f"before\n{output}\nafter")
    assert told is not None
    assert words in told
    assert "{" not in told
    assert failure("uv pip install -e .", "install", 1, output).endswith(told)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.meaning)
def test_every_way_in_which_a_cause_shows_is_among_these(cause: Cause) -> None:
    ways = _ways(cause.shown.pattern)
    unseen = [way for way in ways if not any(re.search(way, output, re.VERBOSE) for output, _ in SHOWN)]
    assert unseen == []


def _ways(pattern: str) -> list[str]:
    """The alternatives of a pattern, those within groups left together."""
    ways, depth = [""], 0
    for part in re.findall(r"\\.|\[[^\]]*\]|.", pattern, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(part, 0)
        if part == "|" and depth == 0:
            ways.append("")
        else:
            ways[-1] += part
    return ways


@pytest.mark.parametrize(
    "output",
    [
        "",
        "AssertionError: 1 != 2",
        "KeyError: 'name'",
        "ValueError: no such version",
        "ModuleNotFoundError was raised",
        "Tagging the version 1.2",
        "No such file or directory: 'README.md'",
        "12 passed, connection closed",
        "No such file or directory: 'cmake/modules'",
        "No such file or directory: 'make.py'",
        "make: *** [Makefile:3: test] Error 1",
        "KeyError: 'display'",
        "the locale is set",
        "  conftest.py:9: PytestRemovedIn9Warning: Marks applied to fixtures have no effect",
        "PytestUnknownMarkWarning: Unknown pytest.mark.x",
        "module 'pytester' has no attribute 'x'",
        "an environment variable that is not set",
        "cannot find -x",
    ],
)
def test_anything_else_has_no_cause(output: str) -> None:
    assert cause_of(output) is None


@pytest.mark.parametrize(
    ("output", "setting", "step", "given"),
    [
        ("fatal: No names found, cannot describe anything.", "install", "actions/checkout", "fetch-depth: 0"),
        (
            "error: command 'gcc' failed: No such file or directory",
            "install",
            "hitrate",
            f"setup: {COMPILER}",
        ),
        (f"No such file: x\n{EMPTY}vendor/data", "install", "actions/checkout", "submodules: true"),
        ("KeyError: 'DATABASE_URL'", "test-command", "hitrate", "pass-env: DATABASE_URL"),
        ("No module named 'distutils'", "install", "hitrate", 'python-version: "3.12"'),
        ("something unheard of", "install", "hitrate", "install: uv pip install -e '.[test]'"),
        ("no tests ran in 0.01s", "test-command", "hitrate", "test-command: python -m pytest tests"),
        ("", "timeout", "hitrate", "timeout: 3600"),
    ],
)
def test_the_lines_to_paste(output: str, setting: str, step: str, given: str) -> None:
    uses, _, value = snippet(output, setting).splitlines()
    assert uses.startswith(f"- uses: {step}")
    assert value.strip() == given


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.meaning)
def test_the_lines_of_each_cause_are_an_input_of_the_action(cause: Cause) -> None:
    key, value = cause.given
    inputs = YAML(typ="safe").load((Path(__file__).parents[3] / "action.yml").read_text("utf-8"))["inputs"]
    assert key in {"fetch-depth", "submodules"} or key in inputs  # the former are those of actions/checkout
    lines = f"with:\n  {key}: {value.replace('{name}', 'NAME')}"
    assert isinstance(YAML(typ="safe").load(lines)["with"][key], str | int)


def test_what_the_output_names_is_no_yaml() -> None:
    text = snippet("ERROR: No matching distribution found for `x`: [", "install")
    assert list(YAML(typ="safe").load(text)[0]["with"]) == ["python-version"]
