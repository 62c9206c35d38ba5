"""Which statements do nothing but bind a name."""

import ast

import pytest

from hitrate.memory.names.bindings import (
    CHECKED,
    bindings,
    code_of,
    exported,
    imported,
    mentioned,
    under_class,
    words_of,
)


def names(text: str) -> list[str]:
    return [each.name for each in bindings(ast.parse(text))]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("import os", ["os"]),
        ("import os.path, re as r", ["os.path", "r"]),
        ("from math import comb, perm as p", ["comb", "p"]),
        ("X = 1", ["X"]),
        ("X = Y = -1", ["X", "Y"]),
        ("X: int = 1", ["X"]),
        ("X: int", ["X"]),
        ("X = (1, [a.b], {'c': d, 2: {3}}, 60 * 60)", ["X"]),
        ("X = frozenset({'a'})", ["X"]),
        ("__all__ = ['f']", ["__all__"]),
        ("def f(n, m=X, *, k=None): print(n)", ["f"]),
        ("async def f(): pass", ["f"]),
        ("@functools.lru_cache(maxsize=None)\ndef f(): pass", ["f"]),
        ("class A: pass", []),
        ("class A:\n    'Text.'", ["A"]),
        ("class A:\n    def f(self): pass", ["A", "A.f#f"]),
        ("class A:\n    f()\n    def f(self): pass", ["A.f#f"]),
        ("class A:\n    def f(self): pass\nclass B(A):\n    def g(self): pass", ["A", "B", "A.f#f", "B.g#g"]),
        ("class A(ValueError):\n    x = 1\n    def __init__(self): pass", ["A", "A.x#A", "A.__init__#A"]),
        ("class A:\n    def read(self): pass", ["A", "A.read#A"]),
        ("class A:\n    def __mangled(self): pass", ["A", "A.__mangled#A"]),
        ("class A:\n    def __init_subclass__(cls): pass", ["A.__init_subclass__#A"]),
        (
            "class A:\n    def __init_subclass__(cls): pass\nclass B(A):\n    x = 1",
            ["A.__init_subclass__#A", "B.x#B"],
        ),
        ("class TestA:\n    def f(self): pass", ["TestA.f#f"]),
        ("class A(NamedTuple):\n    x: int = 1\n    def f(self): pass", ["A.f#f"]),
        ("class A(str, enum.Enum):\n    X = 1\n    def f(self): pass", ["A.f#f"]),
        ("class A(Enum):\n    pass\nclass B(A):\n    def f(self): pass", ["B.f#f"]),
        ("@dataclass(frozen=True)\nclass A:\n    x: int = 1\n    def f(self): pass", ["A.f#f"]),
        ("if TYPE_CHECKING:\n    from a import b", [CHECKED]),
    ],
)
def test_what_binds_and_does_nothing_else(text: str, bound: list[str]) -> None:
    assert names(text) == bound


@pytest.mark.parametrize(
    "text",
    [
        "from __future__ import annotations",
        "from a import *",
        "X = f()",
        "X = [n for n in Y]",
        "X = Y + Z",
        "X = {**Y}",
        "X = Y[0]",
        "X = lambda: 1",
        "X[0] = 1",
        "a.b = 1",
        "X += 1",
        "X: f() = 1",
        "del X",
        "f()",
        "with a: X = 1",
        "try:\n    import a\nexcept ImportError:\n    a = None",
        "if a:\n    X = 1",
        "if TYPE_CHECKING:\n    X = 1\nelse:\n    X = 2",
        "X = 1\nX = 2",
        "import a.b\nimport a.c",
        "X = 1\nif a:\n    X = 2",
        "def f(): pass\nf = 1",
        "__getattr__ = f",
        "def __getattr__(name): pass",
        "def pytest_configure(): pass",
        "def test_f(): pass",
        "def setup_module(): pass",
        "@app.route('/')\ndef f(): pass",
        "@register\ndef f(): pass",
        "@functools.wraps(g())\ndef f(): pass",
        "def f(n=g()): pass",
        "def f(n: g()): pass",
        "class A(Foreign):\n    def f(self): pass",
        "class A(UsageError):\n    def f(self): pass",
        "class A(Protocol):\n    def f(self): pass",
        "from a import ConnectionError\nclass A(ConnectionError):\n    def f(self): pass",
        "import a\nclass A(a.ConnectionError):\n    def f(self): pass",
        "class B(Foreign): pass\nclass A(B):\n    def f(self): pass",
        "class A(metaclass=M):\n    def f(self): pass",
        "@dataclass\nclass A:\n    x = 1",
        "@traced\nclass A:\n    def f(self): pass",
        "@traced\n@dataclass\nclass A:\n    def f(self): pass",
        "class A(Foreign, Enum):\n    def f(self): pass",
        "class A(Enum, metaclass=M):\n    def f(self): pass",
        "class A:\n    @property\n    def x(self): pass\n    @x.setter\n    def x(self, n): pass",
        "class A:\n    x = f()",
    ],
)
def test_what_may_do_more(text: str) -> None:
    assert [name for name in names(text) if name not in ("a", "ConnectionError")] == []


def test_nothing_is_told_of_source_that_is_too_deep() -> None:
    assert names(f"X = {' + '.join(['1'] * 900)}\n") == ["X"]
    module = ast.parse("Y = 1\nX = 1")
    deep: ast.expr = ast.Constant(1)
    for _ in range(20_000):
        deep = ast.BinOp(deep, ast.Add(), ast.Constant(1))
    module.body[1] = ast.Assign([ast.Name("X", ast.Store())], deep)
    assert bindings(module) == []


def test_what_stands_between_statements_that_may_do_more_has_its_place() -> None:
    assert [each.place for each in bindings(ast.parse("'Text.'\nX = 1\nf()\nY = 1\nZ = 2"))] == [0, 1, 1]


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("f", ["f"], "f"),
        ("os.path", ["os", "path"], "os.path"),
        ("A.f#f", ["f"], "A.f"),
        ("A.__init__#A", ["A"], "A.__init__"),
    ],
)
def test_by_which_words_a_binding_is_named(name: str, words: list[str], code: str) -> None:
    assert (words_of(name), code_of(name)) == (words, code)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("X = (Y, a.b, 'c.d')", {"X", "Y", "a", "b", "c", "d"}),
        ("from a.b import c as d", {"a", "b", "c"}),
        ("def f(n: Kind = LIMIT) -> Other: return G", {"LIMIT"}),
        ("X: Kind = 1", {"X"}),
        ("if TYPE_CHECKING:\n    import a", set()),
    ],
)
def test_what_a_binding_may_depend_on(text: str, found: set[str]) -> None:
    (each,) = bindings(ast.parse(text))
    said = mentioned(each.node)
    assert {
        part.decode() for each in (said.words, said.alone, said.origins, said.modules) for part in each
    } == found


@pytest.mark.parametrize(
    ("name", "found"),
    [("f", "f"), ("A.f#f", "A.f#A"), ("A._f#_f", "A._f#_f"), ("A.__len__#A", "A.__len__#A")],
)
def test_a_method_by_its_class(name: str, found: str) -> None:
    assert under_class(name) == found


def test_exported_names() -> None:
    assert exported(ast.parse("__all__ = ['a', 'b']\n__all__ += ['c']")) == {"a", "b"}
    assert exported(ast.parse("a = ['b']")) == frozenset()


def test_imports_of_what_is_not_python_s_own() -> None:
    module = ast.parse(
        "import os, numpy.linalg\nfrom re import compile\nfrom . import a\nfrom ..b import c\nX = 1"
    )
    assert imported(module.body) == [b".", b"..b", b"numpy.linalg"]
