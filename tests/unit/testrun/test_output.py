"""Reading test runners' output."""

import pytest

from hitrate.progress.progress import Silent
from hitrate.testrun.output import OutputReader, OutputSummary, node_id
from hitrate.wording.text import without_escapes

PYTEST = b"""\
============================= test session starts ==============================
collected 4 items

tests/test_a.py ..F.                                                     [100%]

=================================== FAILURES ===================================
\x1b[31mE       assert 1 == 2\x1b[0m
=========================== short test summary info ============================
\x1b[31mFAILED\x1b[0m tests/test_a.py::\x1b[1mtest_x[a - b]\x1b[0m - assert 1 == 2
ERROR tests/test_b.py - ImportError: no
========================= 1 failed, 3 passed, 1 error in 0.12s =========================
"""

UNITTEST = b"""\
.F
======================================================================
FAIL: test_x (tests.test_a.TestA.test_x)
----------------------------------------------------------------------
AssertionError
======================================================================
ERROR: test_y (tests.test_a.TestA)
----------------------------------------------------------------------
Ran 2 tests in 0.001s

FAILED (failures=1)
"""


def read(output: bytes, chunk: int = 1 << 16) -> OutputSummary:
    reader = OutputReader(Silent(), tail_lines=40)
    for start in range(0, len(output), chunk):
        reader.feed(output[start : start + chunk])
    return reader.summary()


@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
def test_pytest_failures_and_counts_whatever_the_chunks(chunk: int) -> None:
    summary = read(PYTEST, chunk)
    assert summary.failed == ("tests/test_a.py::test_x[a - b]", "tests/test_b.py")
    assert summary.tests == 5
    assert not summary.nothing_collected
    assert "\x1b" not in summary.tail


@pytest.mark.parametrize(
    "word", ["SUBFAILED", "SUBFAIL", "SUBFAILED[odd ones]", "SUBFAILED(n=(1, 2))", "SUBFAILED[odd](n='a b')"]
)
def test_the_test_of_a_failed_subtest_is_named(word: str) -> None:
    assert read(f"{word} tests/test_a.py::T::test_x - assert 1 == 2\n".encode()).failed == (
        "tests/test_a.py::T::test_x",
    )


def test_unittest_failures_and_counts() -> None:
    summary = read(UNITTEST)
    assert summary.failed == ("tests.test_a.TestA.test_x", "tests.test_a.TestA.test_y")
    assert summary.tests == 2


@pytest.mark.parametrize(
    "output",
    [
        b"============ no tests ran in 0.01s ============\n",
        b"no tests ran in 0.01s\n",
        b"======= 3 deselected in 0.02s =======\n",
        b"Ran 0 tests in 0.000s\n",
    ],
)
def test_nothing_collected(output: bytes) -> None:
    assert read(output).nothing_collected


SUGAR = b"""\
 tests/test_a.py \xe2\x9c\x93\xe2\x9c\x93\xe2\xa8\xaf   100% \xe2\x96\x88
Results (0.05s):
       2 passed
       1 failed
         - tests/test_a.py:3 test_x
      11 skipped
       1 xfailed
"""
PRETTY = b"""\
Results (64.60s):
         3 failed
       659 passed
        63 skipped
"""


@pytest.mark.parametrize(
    ("output", "tests"),
    [
        (SUGAR, 4),
        (PRETTY, 662),
        (b"Results (1.02s (0:01:02)):\n       7 passed\n", 7),
        (b"Results (1.02s):\nDone\n       7 passed\n", None),
        (b"       7 passed\n", None),
        (b"Results:\n       7 passed\n", None),
    ],
)
def test_results_in_a_line_each(output: bytes, tests: int | None) -> None:
    assert read(output).tests == tests


ZOPE = b"""\
Running zope.testrunner.layer.UnitTests tests:
  Set up zope.testrunner.layer.UnitTests in 0.000 seconds.
Failure in test test_notify (zope.event.tests.Test_notify.test_notify)
Traceback (most recent call last):
Error in test test_other (zope.event.tests.Test_notify)
  Ran 7 tests with 1 failures, 1 errors and 0 skipped in 0.002 seconds.
Running other.Layer tests:
  Ran 2 tests with 0 failures, 0 errors and 0 skipped in 0.000 seconds.
Total: 9 tests, 1 failures, 1 errors and 0 skipped in 0.115 seconds.
"""


def test_zope_testrunner() -> None:
    summary = read(ZOPE)
    assert summary.tests == 9
    assert summary.failed == (
        "zope.event.tests.Test_notify.test_notify",
        "zope.event.tests.Test_notify.test_other",
    )


def test_stestr() -> None:
    assert read(b"======\nTotals\n======\nRan: 12 tests in 0.1234 sec.\n - Passed: 12\n").tests == 12


def test_several_sessions_add_up() -> None:
    assert read(b"==== 2 passed in 0.1s ====\n==== 1 failed, 1 passed, 3 skipped in 0.1s ====\n").tests == 4


def test_an_unknown_runner_has_no_count() -> None:
    assert read(b"ok\n").tests is None


def test_endless_lines_stay_bounded() -> None:
    summary = read(b"x" * 3_000_000 + b"\n" + b"FAILED tests/a.py::t - " + b"y" * 1_000_000)
    assert len(summary.tail) < 20_000


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tests/a.py::t - boom", "tests/a.py::t"),
        ("tests/a.py::t[x - y] - boom - bang", "tests/a.py::t[x - y]"),
        ("tests/a.py::t", "tests/a.py::t"),
        ("tests/a.py::t[[] - boom", "tests/a.py::t[[]"),
    ],
)
def test_ids_are_told_from_messages(line: str, expected: str) -> None:
    assert node_id(line) == expected


def test_text_without_escapes_is_what_a_terminal_would() -> None:
    assert without_escapes("\x1b[1mbold\x1b[0m") == "bold"
    assert without_escapes("10 %\r20 %") == "20 %"
    assert without_escapes("\x1b]0;title\x07text") == "text"
