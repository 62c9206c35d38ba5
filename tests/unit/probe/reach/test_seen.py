"""What was reached in which context."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
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


def test_it_is_written_when_it_is_much_and_each_context_once(run: Run) -> None:
    two = run.function("two")
    place = Path(run.seen.log.path)
    run.seen.flush()
    begun, sizes = list[int](), list[int]()
    for _ in range(200):
        begun.append(run.seen.begin())
        two()
        run.seen.flush_much()
        sizes.append(place.stat().st_size if place.exists() else 0)
    assert 2 <= len({*sizes}) < 10
    assert [context for context, _ in run.lines("reached")] == begun


def test_modules_by_which_processes_are_started_unseen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.seen.begin()
    assert run.lines("anything") == []
    monkeypatch.setitem(sys.modules, "multiprocessing.popen_forkserver", sys)
    context = run.seen.begin()
    run.seen.begin()
    assert [context for context, _ in run.lines("anything")] == [context - 1, context, context + 1]


CALLS = "import sys\ndef call(function, *rest):\n    return function(*rest)\n"
HOOKS = "/site-packages/pluggy/_callers.py"


def called_by(tree: Path, *files: str) -> FrameType:
    """The innermost frame of calls, each of code in one of these files, the outermost first."""
    functions = []
    for file in files:
        space: dict[str, Any] = {}
        exec(compile(CALLS, str(tree / file), "exec"), space)
        functions.append(space["call"])
    outer, *rest = functions
    frame: FrameType = outer(*rest, sys._getframe)
    return frame


@pytest.mark.parametrize(
    ("files", "is_hook"),
    [
        ([HOOKS], True),
        ([HOOKS, "mod.py"], True),
        ([HOOKS, "mod.py", "mod.py"], True),
        (["/lib/threading.py"], False),
        (["/lib/threading.py", "mod.py"], False),
        ([HOOKS, "/site-packages/_pytest/terminal.py", "mod.py"], False),
        ([HOOKS, "mod.py", "/lib/socketserver.py"], False),
    ],
)
def test_what_is_left_of_a_test_is_its_own_and_a_hook_is_of_all(
    run: Run, files: list[str], *, is_hook: bool
) -> None:
    caller = called_by(run.file.parent, *files)
    test = run.seen.begin()
    run.seen.ended()
    run.seen.reach(run.seen.number(TWO), caller)
    reached = run.reached()
    assert (TWO in reached.get(log.SESSION, ())) is is_hook
    assert (TWO in reached.get(test, ())) is not is_hook


def test_before_any_test_nothing_is_left_of_one_nor_where_nobody_knows_who_called(run: Run) -> None:
    caller = called_by(run.file.parent, "/lib/threading.py")
    run.seen.reach(run.seen.number(ONE), caller)
    test = run.seen.begin()
    run.seen.ended()
    run.seen.reach(run.seen.number(TWO), None)
    assert run.reached() == {log.SESSION: {ONE, TWO}}
    assert test not in run.reached()


def test_tests_may_take_away_what_it_looks_by(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    one = run.function("one")
    run.function("two")
    with monkeypatch.context() as patched:
        patched.delattr(sys, "_getframe")
        run.seen._audit("open", (str(run.file), "r", 0))
        assert one() == 2
    assert run.reached()[log.SESSION] == {ONE, TWO}


READING = """
import os, shutil

def read(name):
    with open(name) as file:
        return file.read()

"""


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ("open('data.txt').close()", True),
        ("read('data.txt')", True),
        ("os.close(os.open('data.txt', os.O_RDONLY))", True),
        ("read('other.py')", False),
        ("open('data.txt', 'a').close()", False),
        ("shutil.rmtree('folder')", False),
        ("os.close(os.open('data.txt', os.O_WRONLY))", False),
    ],
)
def test_data_is_seen_whoever_reads_it_but_not_what_is_written_or_taken_away(
    statement: str, seen: bool, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = run.file.parent
    monkeypatch.chdir(tree)
    for name in ("data.txt", "other.py", "folder/data.txt"):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text("")
    run.seen.begin()
    sys.addaudithook(hook := Hook(run.seen))
    exec(compile(READING + statement, "elsewhere.py", "exec"), {})
    hook.seen = None
    assert (("data.txt", log.OPENED) in set().union(*run.reached().values())) is seen


class Hook:
    """An audit hook that can be taken away."""

    def __init__(self, seen: Seen) -> None:
        self.seen: Seen | None = seen

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.seen is not None and event == "open":
            self.seen._opened(arguments, sys._getframe(1))


def test_data_that_is_read_while_a_module_is_imported_is_seen(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = run.file.parent
    (tree / "data.txt").write_text("1")
    (tree / "space.py").write_text("X = 1\n")
    place = tree.joinpath
    (tree / "reading.py").write_text(
        f"with open({str(place('data.txt'))!r}) as file:\n    A = file.read()\n"
        f"with open({str(place('space.py'))!r}) as file:\n    exec(file.read())\n"
    )
    monkeypatch.syspath_prepend(tree)
    run.seen.begin()
    sys.addaudithook(hook := Hook(run.seen))
    try:
        __import__("reading")
    finally:
        hook.seen = None
        sys.modules.pop("reading", None)
    reached = set().union(*run.reached().values())
    assert {("data.txt", log.OPENED), ("space.py", log.OPENED)} <= reached
    assert ("reading.py", log.OPENED) not in reached


def test_what_seeing_took_is_told(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.function("one")()
    run.seen.begin()
    run.seen.end()
    ((seconds,),) = [
        line[1:]
        for line in map(json.loads, Path(run.seen.log.path).read_text().splitlines())
        if line[0] == "cost"
    ]
    assert 0 < seconds < 60
