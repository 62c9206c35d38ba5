"""What a tool's output shows of why an install or a start of the tests failed."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from hitrate.environment.causes import CAUSES, COMPILER, Cause, cause_of, snippet
from hitrate.environment.install import failure


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("LookupError: setuptools-scm was unable to detect version for /p.", "fetch-depth: 0"),
        ("RuntimeError: Unable to determine version: no git tags found", "fetch-depth: 0"),
        ("fatal: No names found, cannot describe anything.", "fetch-depth: 0"),
        ("error: command 'gcc' failed: No such file or directory", COMPILER),
        ("error: can't find Rust compiler", "cargo"),
        ("a.c:3:10: fatal error: libpq-fe.h: No such file or directory", "needs libpq-fe.h"),
        ("Error: pg_config executable not found.", "install it with setup"),
        ("ImportError: libGL.so.1: cannot open shared object file", "install it with setup"),
        ("ERROR: Package 'x' requires a different Python: 3.13.1 not in '<3.13'", "python-version"),
        ("ModuleNotFoundError: No module named 'distutils'", "python-version"),
        ("AttributeError: module 'pkgutil' has no attribute 'ImpImporter'", "python-version"),
        ("redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379.", "services"),
        ('psycopg.OperationalError: connection to server at "::1" failed', "services"),
        ("KeyError: 'DATABASE_URL'", "the variable DATABASE_URL"),
        ("E       fixture 'mocker' not found", "that has mocker"),
        ("pytest: error: unrecognized arguments: --cov=lib", "that has --cov"),
        ("ModuleNotFoundError: No module named 'trustme.x'", "trustme.x is not installed"),
        ("  x No solution found when resolving dependencies:", "no set of versions"),
        ("Temporary failure in name resolution", "a host could not be reached"),
        ("OSError: [Errno 28] No space left on device", "disk-limit"),
        ("MemoryError", "memory-limit"),
    ],
)
def test_the_cause_and_the_input_that_changes_it(output: str, words: str) -> None:
    told = cause_of(f"before\n{output}\nafter")
    assert told is not None
    assert words in told
    assert "{" not in told
    assert failure("uv pip install -e .", "install", 1, output).endswith(told)


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
    assert key == "fetch-depth" or key in inputs
    lines = f"with:\n  {key}: {value.replace('{name}', 'NAME')}"
    assert isinstance(YAML(typ="safe").load(lines)["with"][key], str | int)


def test_what_the_output_names_is_no_yaml() -> None:
    text = snippet("ERROR: No matching distribution found for `x`: [", "install")
    assert list(YAML(typ="safe").load(text)[0]["with"]) == ["python-version"]
