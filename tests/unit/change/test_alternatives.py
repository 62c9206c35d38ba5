"""A name that is defined more than once: which of its definitions are looked at."""

from pathlib import Path

import pytest

from hitrate.change.discovery import named_functions

BRANCHES = """\
if NEW:
    def parse(text):
        return text
else:
    def parse(text):
        return text.strip()
"""
FALLBACK = """\
try:
    import fast
    def parse(text):
        return fast.parse(text)
except ImportError:
    def parse(text):
        return text
"""
CLASSES = """\
if NEW:
    class Reader:
        def parse(self, text):
            return text
else:
    class Reader:
        def parse(self, text):
            return text.strip()
"""
OVERRIDDEN = """\
def parse(text):
    return text

match PLATFORM:
    case "a":
        def parse(text):
            return text.strip()
"""
AGAIN = """\
def parse(text):
    return text

def parse(text):
    return text.strip()
"""
OVERLOADED = """\
from typing import overload

@overload
def parse(text: str) -> str: ...
if NEW:
    @overload
    def parse(text: bytes) -> bytes: ...
def parse(text):
    return text
"""


def lines_of(tree: Path, source: str, name: str = "parse") -> tuple[list[int], frozenset[str]]:
    (tree / "a.py").write_text(source)
    found = named_functions(tree, [f"a.py::{name}"])
    return [function.line for function in found.functions], found.alternatives


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        pytest.param(BRANCHES, "parse", [2, 5], id="branches"),
        pytest.param(FALLBACK, "parse", [3, 6], id="fallback"),
        pytest.param(CLASSES, "Reader.parse", [3, 7], id="classes"),
        pytest.param(OVERRIDDEN, "parse", [1, 6], id="overridden"),
    ],
)
def test_each_definition_that_may_run_is_looked_at(
    source: str, name: str, expected: list[int], tmp_path: Path
) -> None:
    assert lines_of(tmp_path, source, name) == (expected, {f"a.py::{name}"})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(AGAIN, 4, id="the last of a block, as in Python"),
        pytest.param(OVERLOADED, 8, id="no signature without a body"),
        pytest.param(BRANCHES.replace("def parse", "async def parse", 1), 5, id="what may carry a cache"),
        pytest.param(BRANCHES.replace("def parse", "async def parse"), 5, id="or the last, to say why not"),
    ],
)
def test_one_definition_counts_where_no_other_can_be_meant(
    source: str, expected: int, tmp_path: Path
) -> None:
    assert lines_of(tmp_path, source) == ([expected], frozenset())


def test_a_name_may_be_given_twice(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BRANCHES)
    found = named_functions(tmp_path, ["a.py::parse", "./a.py::parse"])
    assert [function.line for function in found.functions] == [2, 5]
