"""What was reached in which context."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hitrate.probe.reach import log
from hitrate.probe.reach.seen import Seen
from hitrate.probe.reach.tree import Tree

SOURCE = """
def one():
    return two()

def two():
    return 2

def each():
    yield 1
    yield 2
"""
ONE, TWO, EACH = ("mod.py", 2), ("mod.py", 5), ("mod.py", 8)


class Run:
    """A process that sees a tree of one module, and what it wrote."""

    def __init__(self, scratch: Path) -> None:
        tree, self.records = scratch / "tree", scratch / "records"
        tree.mkdir()
        self.records.mkdir()
        self.file = tree / "mod.py"
        self.file.write_text(SOURCE)
        self.seen = Seen(str(self.records), Tree(str(tree), ["mod.py"]))
        self.space: dict[str, Any] = {}
        exec(compile(SOURCE, str(self.file), "exec"), self.space)
        assert self.seen.watch.start()

    def function(self, name: str) -> Callable[[], Any]:
        """A function of the module, seen as if the module had been imported."""
        function: Callable[[], Any] = self.space[name]
        number = self.seen.number_of(function.__code__)
        assert number is not None
        self.seen.watch.add(function.__code__, number)
        return function

    def lines(self, kind: str) -> list[list[Any]]:
        """Lines of a kind, all that has been written."""
        self.seen.gather()
        self.seen.flush()
        text = Path(self.seen.log.path).read_text()
        return [line[1:] for line in map(json.loads, text.splitlines()) if line[0] == kind]

    def reached(self) -> dict[int, set[tuple[str, int]]]:
        """The pieces by the context that reached them."""
        found: dict[int, set[tuple[str, int]]] = {}
        lines = self.lines("reached")
        pieces = {number: (path, line) for number, path, line in self.lines("piece")}
        for context, numbers in lines:
            found.setdefault(context, set()).update(pieces[number] for number in numbers)
        return found


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = Run(tmp_path)
    yield made
    made.seen.end()


def test_what_runs_belongs_to_the_context_that_it_runs_in_and_to_each_anew(run: Run) -> None:
    one, two = run.function("one"), run.function("two")
    first = run.seen.begin()
    one()
    second = run.seen.begin()
    two()
    third = run.seen.begin()
    assert run.reached() == {first: {ONE, TWO}, second: {TWO}}
    assert third not in run.reached()


def test_an_earlier_context_goes_on_after_one_within_it(run: Run) -> None:
    one, two = run.function("one"), run.function("two")
    outer = run.seen.begin()
    inner = run.seen.begin()
    two()
    run.seen.back_to(outer)
    run.seen.watch.again()
    one()
    assert run.reached() == {inner: {TWO}, outer: {ONE, TWO}}


def test_a_generator_that_goes_on_later_is_reached_there_too(run: Run) -> None:
    each = run.function("each")
    first = run.seen.begin()
    going = each()
    next(going)
    second = run.seen.begin()
    next(going)
    assert run.reached() == {first: {EACH}, second: {EACH}}


def test_a_piece_is_numbered_once_and_a_module_has_no_line(run: Run) -> None:
    module = compile(SOURCE, str(run.file), "exec")
    number = run.seen.number_of(module)
    assert number == run.seen.number_of(module) == run.seen.number(("mod.py", 0))
    assert run.seen.number(("mod.py", 1)) != number
    assert run.seen.number_of(compile("1", "/elsewhere/mod.py", "eval")) is None
    told = run.lines("piece")
    assert told.count([number, "mod.py", 0]) == 1


def test_what_is_not_known_is_said_of_the_context_where_that_was(run: Run) -> None:
    run.seen.anything("at the start")
    context = run.seen.begin()
    run.seen.anything("it started a process")
    assert run.lines("anything") == [[log.SESSION, "at the start"], [context, "it started a process"]]


def test_what_an_import_reaches_is_the_modules_and_not_the_tests(run: Run) -> None:
    context = run.seen.begin()
    module, one, two = (run.seen.number(("mod.py", line)) for line in (0, 2, 5))
    run.seen.reach_in(module, one)
    run.seen.reach_in(None, two)
    assert run.lines("reached") == [[context, [two]]]
    assert run.lines("module") == [[module, [one]]]
    assert run.lines("reached") == [[context, [two]]]  # nothing is written twice


def test_tests_may_take_away_what_it_looks_by(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    one = run.function("one")
    run.function("two")
    with monkeypatch.context() as patched:
        patched.delattr(sys, "_getframe")
        run.seen._audit("open", (str(run.file), "r", 0))
        assert one() == 2
    assert run.reached()[log.SESSION] == {ONE, TWO}
