"""What a comprehension goes through is captured by nothing in it, and shares no name with what is captured.

CPython 3.13.0 dies where a tracer or debugger reads ``f_locals`` of a frame that is within such a one.
"""

import symtable
from collections.abc import Iterator
from pathlib import Path

import pytest

from hitrate import probe

PROBE = Path(probe.__file__).parent
INLINED = {"listcomp", "setcomp", "dictcomp"}


def tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from tables(child)


def inlined(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """Comprehensions that are part of a function's own frame since CPython 3.12, also one within another."""
    for child in table.get_children():
        if child.get_name() in INLINED:
            yield child
            yield from inlined(child)


def captured(table: symtable.SymbolTable) -> set[str]:
    """Names of a function or comprehension that a scope within it refers to."""
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_local()}
    free = (symbol for child in table.get_children() for symbol in child.get_symbols() if symbol.is_free())
    return own & {symbol.get_name() for symbol in free}


def risky(source: str) -> set[tuple[str, str]]:
    """Functions, each with a name of a comprehension that is captured."""
    found = set()
    for table in tables(symtable.symtable(source, "<source>", "exec")):
        if table.get_name() in INLINED or not isinstance(table, symtable.Function):
            continue
        parts = [*inlined(table)]
        names = {symbol.get_name() for part in parts for symbol in part.get_symbols() if symbol.is_local()}
        cells = captured(table).union(*map(captured, parts))
        found |= {(table.get_name(), name) for name in names & cells}
    return found


@pytest.mark.parametrize("path", sorted(PROBE.rglob("*.py")), ids=lambda path: str(path.relative_to(PROBE)))
def test_no_comprehension_of_the_probe_is_risky(path: Path) -> None:
    assert risky(path.read_text()) == set()


@pytest.mark.parametrize(
    "body",
    [
        "return [n for n in of if all(n is not each for each in of)]",
        "return {n: lambda: n for n in of}",
        "return [[lambda: n for n in each] for each in of]",
        "n = 1\n    return [n for n in of], lambda: n",
    ],
)
def test_risky_ones_are_found(body: str) -> None:
    assert risky(f"def function(of):\n    {body}\n") == {("function", "n")}


@pytest.mark.parametrize("body", ["return [n for n in of]", "return all(n is not m for n in of for m in of)"])
def test_others_are_not(body: str) -> None:
    assert risky(f"def function(of):\n    {body}\n") == set()
