"""Calls in many threads at once are counted exactly: none is lost, none is torn."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from tests.integration.interpreters import INTERPRETERS
from tests.integration.repositories import hitrate, new_repository

pytestmark = pytest.mark.slow

THREADS = 8
KEYS = 5
PRICES = "def rate(n):\n    return n * 7{work}\n\ndef other(n):\n    return rate(n) + 1\n"
WORK = " + 0 * sum(range(500))"  # what takes no longer than a lookup is not even counted after a while
TESTS = """
import sys, threading, unittest
from prices import other, rate

CALLS, KEYS = {calls}, {keys}
wrong = []

def work(barrier):
    barrier.wait()
    for number in range(CALLS):
        if rate(number % KEYS) != number % KEYS * 7:
            wrong.append(number)

class Threads(unittest.TestCase):
    def test_threads(self):
        sys.setswitchinterval(1e-5)
        for number in range(KEYS):
            assert other(number) == number * 7 + 1
        barrier = threading.Barrier({threads})
        threads = [threading.Thread(target=work, args=(barrier,)) for _ in range({threads})]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
"""
PYTEST = "python -m pytest"
NEWEST = sorted(
    {sys.executable, *(path for path in INTERPRETERS if path.endswith((".13", ".14", ".15", "t")))}
)
"""This Python, and those that are there from 3.13 on."""


def counted(
    folder: Path, calls: int, effort: str, work: str, allowed: int = 0, command: str = PYTEST
) -> None:
    """Run it and compare with what the test did: it has called each key once before the threads begin."""
    tests = TESTS.format(calls=calls, keys=KEYS, threads=THREADS)
    tree = new_repository(folder / "tree", {"prices.py": PRICES.format(work=work), "test_prices.py": tests})
    report = folder / "report.json"
    functions = ("--function", "prices.py::rate", "--function", "prices.py::other")
    options = ("--effort", effort, "--json", str(report), "--test-command", command)
    done = hitrate(tree, "run", *options, *functions)
    assert done.returncode == 0, done.stdout + done.stderr
    rate, other = json.loads(report.read_text())["functions"]
    made = THREADS * calls + KEYS
    assert rate["calls"] == made
    assert rate["hits"] + rate["misses"] == made
    assert rate["misses"] - KEYS in range(allowed + 1)
    assert (other["calls"], other["hits"], other["misses"]) == (KEYS, 0, KEYS)


@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_thousands_of_calls(tmp_path: Path, effort: str) -> None:
    counted(tmp_path, 5000, effort, WORK)


@pytest.mark.parametrize("interpreter", NEWEST, ids=lambda path: Path(path).name)
def test_a_million_calls_in_each(tmp_path: Path, interpreter: str) -> None:
    """On every Python from 3.13 on: they switch threads elsewhere than those before."""
    counted(tmp_path, 10**6, "quick", "", command=f"{shlex.quote(interpreter)} -m unittest test_prices")


def test_calls_that_are_only_counted_in_the_end(tmp_path: Path) -> None:
    """The calls are counted exactly; hits are an estimate from those that were recorded."""
    counted(tmp_path, 10**5, "standard", WORK, 800)
