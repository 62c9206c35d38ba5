"""What processes of the project noted: read where it makes sense, refused otherwise."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.memory.assembly import Circumstances, assembled
from hitrate.memory.imports import Imports
from hitrate.memory.model import ANYTHING, Memory, Piece
from hitrate.memory.reachlog import IncompleteError, ProcessLog, parse, read_logs
from hitrate.memory.sources import Anatomy, Span
from hitrate.probe.reach.log import VERSION, ReachLog

BEGIN: list[object] = ["begin", VERSION, "3.13", "/usr"]
LINES: list[list[object]] = [
    ["piece", 0, "lib.py", 0],
    ["piece", 1, "lib.py", 3],
    ["piece", 2, "test_x.py", 0],
    ["piece", 3, "test_x.py", 2],
    ["file", "test_x.py", [1]],
    ["reached", 1, [2]],
    ["module", 2, [0]],
    ["test", "test_x.py::test", [2, 3]],
    ["reached", 2, [3]],
    ["reached", 3, [1]],
]


def text(lines: list[list[object]], *, end: bool = True) -> bytes:
    whole = [BEGIN, *lines, *([["end"]] if end else [])]
    return "".join(json.dumps(line) + "\n" for line in whole).encode()


def remembered(*lines: list[object]) -> Memory:
    anatomies = {
        "lib.py": Anatomy((Span(3, 5, "f", cached=False),), Imports()),
        "test_x.py": Anatomy((Span(2, 4, "test", cached=False),), Imports(frozenset({"lib.py"}))),
    }
    log = parse(text([*LINES, *lines]))
    return assembled([log], {}, anatomies, Circumstances("c", 0, "d", 1.0, 1.0))


def reached(memory: Memory, test: str = "test_x.py::test") -> set[Piece]:
    return {memory.pieces[place] for place in memory.tests[test]}


ALL = {Piece("lib.py", ""), Piece("lib.py", "f"), Piece("test_x.py", ""), Piece("test_x.py", "test")}


def test_a_test_reached_what_its_contexts_and_its_imports_did() -> None:
    memory = remembered()
    assert reached(memory) == ALL
    assert {memory.pieces[place] for place in memory.files["test_x.py"]} == {
        Piece("test_x.py", ""),
        Piece("lib.py", ""),
    }
    assert memory.always == ()


def test_what_is_not_known_is_anything() -> None:
    assert reached(remembered(["anything", 3, "why"])) == ALL | {ANYTHING}


def test_what_is_not_known_of_the_session_is_no_memory() -> None:
    with pytest.raises(IncompleteError, match="between the tests"):
        remembered(["anything", 0, "why"])


def test_what_may_be_cached_belongs_to_all_later_tests_of_the_process() -> None:
    lines: list[list[object]] = [
        ["test", f"test_x.py::{name}", [at]] for at, name in ((7, "a"), (8, "b"), (9, "c"))
    ]
    anatomies = {"lib.py": Anatomy((Span(3, 5, "f", cached=True),), Imports())}
    log = parse(text([["piece", 0, "lib.py", 3], *lines, ["reached", 8, [0]]]))
    memory = assembled([log], {}, anatomies, Circumstances("c", 0, "d", 1.0, 1.0))
    assert {test.rpartition(":")[2]: places for test, places in memory.tests.items()} == {
        "a": (),
        "b": (0,),
        "c": (0,),
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        text(LINES, end=False),
        text([["reached", 0, [0]]]),
        text([["reached", 0, [-1]], *LINES]),
        text([["reached", True, [0]], *LINES]),
        text([["module", 9, []], *LINES]),
        text([["piece", 1, "a", 0]]),
        text([["piece", 0, 7, 0]]),
        text([["test", 5, [0]]]),
        text([["more"]]),
        text([[]]),
        b"[" * 100_000,
        text(LINES).replace(b'"begin", 1', b'"begin", 9'),
    ],
)
def test_what_makes_no_sense_is_refused(content: bytes) -> None:
    with pytest.raises(IncompleteError):
        parse(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(IncompleteError):
        assert isinstance(parse(text(LINES)[:-8] + content), ProcessLog)


def test_what_the_probe_writes_is_read(tmp_path: Path) -> None:
    log = ReachLog(str(tmp_path))
    log.write([["begin", VERSION, "3.13", "/usr"], ["piece", 0, "é\n.py", 0]])
    log.write([["end"]])
    (read,) = read_logs(tmp_path)
    assert (read.python, read.pieces) == (("3.13", "/usr"), [("é\n.py", 0)])


def test_where_nothing_was_written_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match="no pytest"):
        read_logs(tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(text(LINES))
    (tmp_path / "1-x.reach").symlink_to(tmp_path / "real")
    with pytest.raises(IncompleteError):
        read_logs(tmp_path)


@pytest.mark.parametrize(
    ("imports", "others"),
    [(Imports(), {"plug.py"}), (Imports(frozenset({"plug.py"})), set()), (Imports(open=True), set())],
)
def test_what_something_outside_of_the_tree_found_belongs_to_all_tests(
    imports: Imports, others: set[str]
) -> None:
    """Whoever needs it next finds it imported; where a test imports it itself, only that one does."""
    lines: list[list[object]] = [
        ["piece", 0, "test_x.py", 1],
        ["piece", 1, "plug.py", 0],
        ["piece", 2, "test_x.py", 0],
        ["reached", 1, [0, 1, 2]],
        ["test", "test_x.py::test", [1]],
        ["test", "test_y.py::test", [2]],
    ]
    anatomies = {
        "test_x.py": Anatomy((Span(1, 2, "test", cached=False),), imports),
        "test_y.py": Anatomy((), Imports()),
        "plug.py": Anatomy((), Imports()),
    }
    memory = assembled([parse(text(lines))], {}, anatomies, Circumstances("c", 0, "d", 1.0, 1.0))
    assert Piece("plug.py", "") in reached(memory)
    assert {piece.path for piece in reached(memory, "test_y.py::test")} == others


@pytest.mark.parametrize("seconds", [-1, "1", None, True, float("inf"), float("nan")])
def test_what_noting_took_is_a_time(seconds: object) -> None:
    assert parse(text([*LINES, ["cost", 1], ["cost", 0.5]])).cost == 1.5
    with pytest.raises(IncompleteError):
        parse(text([*LINES, ["cost", seconds]]))
