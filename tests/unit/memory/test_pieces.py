"""A file in pieces: what changes with which edit."""

import pytest

from hitrate.memory.pieces import DOCSTRINGS, OUTSIDE, FileKind, digests, piece_of
from hitrate.source.definitions import parse

BASE = '''import os

LIMIT = 3


def plain(n, most=LIMIT):
    """Says it."""
    return n + 1


class Kind:
    size = 2

    @property
    def twice(self):
        def inner():
            return self.size
        return 2 * inner()


def short(n): return n


def empty():
    """Nothing else."""
'''
PLAIN, EMPTY, KIND = (f"{DOCSTRINGS}{name}" for name in ("plain", "empty", "Kind"))
MANY = {OUTSIDE, "=Kind", "=short", "=empty"}
SIZE, TWICE = "=Kind.size#Kind", "=Kind.twice#twice"
METHOD = "        return 2 * inner()\n"


def changed(before: str, after: str, text: str = BASE) -> set[str]:
    """Pieces that differ once ``before`` is replaced."""
    assert text.count(before) == 1
    old, new = (digests(parse(each.encode())) for each in (text, text.replace(before, after)))
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def test_the_pieces_of_a_file() -> None:
    assert digests(parse(BASE.encode())).keys() == {
        *(OUTSIDE, DOCSTRINGS, "plain", "Kind.twice", "short", "empty"),
        *("=os", "=LIMIT", "=plain", "=Kind", SIZE, TWICE, "=short", "=empty", PLAIN, EMPTY),
    }
    assert digests(parse(BASE.encode()), FileKind.SEEN).keys() == {
        *(OUTSIDE, DOCSTRINGS, "plain", "Kind.twice", "short", "empty")
    }


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("n + 1", "n + 2", {"plain"}),
        ("return n\n", "return -n\n", {"short"}),
        ("return self.size", "return self.size + 1", {"Kind.twice"}),
        ("LIMIT = 3", "LIMIT = 4", {"=LIMIT"}),
        ("size = 2", "size = 3", {SIZE}),
        ("most=LIMIT", "most=9", {"=plain"}),
        ("@property", "@staticmethod", {TWICE}),
        ("Says it.", "Says more.", {PLAIN}),
        ("Nothing else.", "Nothing.", {EMPTY}),
        ('    """Says it."""\n', "", {PLAIN}),
        ('"""Says it."""', 'f"""Says it."""', {PLAIN, "plain"}),
        ("    size = 2", '    """Is one."""\n    size = 2', {KIND}),
        ("import os\n", '"""Does it."""\nimport os\n', {DOCSTRINGS}),
        ("    size = 2", '    size = 2\n    """No docstring."""', set()),
        ("    size = 2", "    size = 2\n    print()", {*MANY, TWICE}),
        ("class Kind:", "class Kind(Exception):", {"=Kind"}),
        ("class Kind:", "class Other:\n    'Text.'\n\n\nclass Kind:", {"=Other", f"{DOCSTRINGS}Other"}),
        ("class Kind:", "@kept\nclass Other:\n    'Text.'\n\n\nclass Kind:", {*MANY, DOCSTRINGS}),
        ("return n + 1", "yield n + 1", {"=plain", "plain"}),
        ("def short(n)", "def brief(n)", {"=short", "=brief", "short", "brief"}),
        ("import os\n", "import os\n\n\ndef more():\n    return 1\n", {"=more", "more"}),
        (METHOD, f"{METHOD}\n    def more(self):\n        pass\n", {"=Kind.more#more", "Kind.more"}),
        ("import os\n", "import os\n# only lines move\n", set()),
    ],
)
def test_an_edit_changes_what_it_is_in(before: str, after: str, pieces: set[str]) -> None:
    assert changed(before, after) == pieces


def test_namesakes_are_one_piece() -> None:
    text = "try:\n    def f():\n        return 1\nexcept ImportError:\n    def f():\n        return 2\n"
    assert changed("return 1", "return 9", text) == changed("return 2", "return 9", text) == {"f"}


def test_what_moves_from_one_function_to_the_next_changes_both() -> None:
    text = "def f():\n    a()\n    b()\ndef g():\n    c()\n"
    assert changed("    b()\ndef g():\n    c()", "def g():\n    b()\n    c()", text) >= {"f", "g"}


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    @staticmethod\n    def g():\n        pass\n    return g\n",
        "class A:\n    class B:\n        def f(self): pass\n",
        "# -*- coding: latin-1 -*-\nX = '\xe9'\ndef f():\n    '\xe9'\n    return '\xe9'; pass\n",
        "async def f():\n    async with g() as x:\n        yield x\n",
        "",
    ],
)
def test_any_source_has_pieces(text: str) -> None:
    data = text.encode("latin-1")
    assert OUTSIDE in digests(parse(data))
    assert digests(parse(data)) == digests(parse(data))


@pytest.mark.parametrize(
    ("qualname", "piece"),
    [
        ("f", "f"),
        ("A.f", "A.f"),
        ("f.<locals>.g", "f"),
        ("f.<locals>.A.g.<locals>.<lambda>", "f"),
        ("<module>", OUTSIDE),
        ("<lambda>", OUTSIDE),
        ("A.<lambda>", OUTSIDE),
        ("A.<listcomp>", OUTSIDE),
    ],
)
def test_the_piece_of_a_running_function(qualname: str, piece: str) -> None:
    assert piece_of(qualname) == piece
