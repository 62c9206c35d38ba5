"""Asking the Python of the tests, which the project may have replaced."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from hitrate.testrun.interpreter import ANSWER_BYTES, Interpreter, ask, understood
from hitrate.testrun.run import Suite


def suite_with(folder: Path, script: str) -> Suite:
    """A suite whose ``python`` is a script."""
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/bash\n{script}\n")
    python.chmod(0o755)
    return Suite("true", folder, {"PATH": f"{python.parent}:{os.environ['PATH']}"})


def test_a_real_one(tmp_path: Path) -> None:
    found = ask(suite_with(tmp_path, f'exec {sys.executable} "$@"'))
    assert found is not None
    assert found.tag == sys.implementation.cache_tag
    assert os.path.dirname(os.__file__) in found.path


@pytest.mark.parametrize(
    "script",
    [
        "yes",
        'yes \'["cpython-313", "/"]\'',
        "tr '\\0' x < /dev/zero",
        f"head -c {ANSWER_BYTES + 1} /dev/zero",
        "exec sleep 1000",
        "exec 1>&- 2>&-; exec sleep 1000",
        "trap '' TERM; while :; do echo -n .; done",
    ],
)
def test_one_that_does_not_come_to_an_end(tmp_path: Path, script: str) -> None:
    suite, started = suite_with(tmp_path, script), time.monotonic()
    assert ask(suite, seconds=1.0) is None
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"no json",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"null",
        b"5",
        b"1e999",
        b"true",
        b'"cpython-313"',
        b"[]",
        b"{}",
        b'{"a": 1}',
        b'[""]',
        b'["cpython-313", 1]',
        b'["cpython-313", null]',
        b'["cpython-313", ["/usr"]]',
        b"[5]",
        b"9" * 5_000,
    ],
)
def test_answers_that_make_no_sense(answer: bytes) -> None:
    assert understood(answer) is None


@pytest.mark.parametrize(
    "place", ["", "lib", "/usr/../etc", "/usr/", "/usr/\0lib", "/usr/\ud800", "//usr/./lib"]
)
def test_folders_that_cannot_be(place: str) -> None:
    answer = json.dumps(["cpython-313", place, "/usr/lib/python3"]).encode()
    assert understood(answer) == Interpreter("cpython-313", ("/usr/lib/python3",))


def test_what_is_said_before_the_answer() -> None:
    answer = b'sitecustomize is here\n["cpython-313", "/usr/lib/p\\u00fcthon"]\n'
    assert understood(answer) == Interpreter("cpython-313", ("/usr/lib/püthon",))
