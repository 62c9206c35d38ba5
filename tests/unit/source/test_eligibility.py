"""Parameters that a body never reads."""

import ast

import pytest

from hitrate.source.definitions import parse
from hitrate.source.eligibility import returns_nothing, takes_arguments, unread_parameters


@pytest.mark.parametrize(
    ("source", "unread"),
    [
        ("def f(a, b): return a", ("b",)),
        ("def f(a, /, b, *, c): return b", ("a", "c")),
        ("def f(*args, **kwargs): pass", ()),
        ("def f(a, b): return locals()", ()),
        ("def f(a):\n def g(): return a\n return g", ()),
        ("def f(self, a): return super().f(a)", ()),
        ("def f(self, a): return super().f()", ("a",)),
        ("def f(self, a): return __class__", ("a",)),
        ("def f(a): a = 1; return a", ()),
        ("async def f(a): pass", ("a",)),
    ],
)
def test_unread_parameters(source: str, unread: tuple[str, ...]) -> None:
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    assert unread_parameters(node) == unread


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [("", False), ("a", True), ("a=1", True), ("*a", True), ("*, a=1", True), ("**a", True), ("a, /", True)],
)
def test_whether_it_takes_arguments(parameters: str, expected: bool) -> None:
    (definition,) = parse(f"def f({parameters}):\n    return 1\n".encode()).definitions
    assert takes_arguments(definition) is expected


@pytest.mark.parametrize(
    ("decorator", "parameters", "expected"),
    [
        ("classmethod", "cls", False),
        ("classmethod", "cls, a", True),
        ("staticmethod", "", False),
        ("staticmethod", "a", True),
        ("property", "self", True),
    ],
)
def test_the_class_of_a_class_method_is_no_argument(decorator: str, parameters: str, expected: bool) -> None:
    source = f"class C:\n    @{decorator}\n    def f({parameters}):\n        return 1\n"
    (definition,) = parse(source.encode()).definitions
    assert takes_arguments(definition) is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("print(a)", True),
        ("return", True),
        ("return None", True),
        ("if a: return\n    print(a)", True),
        ("def g():\n        return 1\n    g()", True),
        ("h = lambda: 1\n    h()", True),
        ("return a", False),
        ("return 0", False),
        ("if a: return None\n    return a", False),
        ("if a: raise ValueError", False),
        ("assert a", False),
        ("yield a", False),
    ],
)
def test_whether_it_is_called_for_what_it_does(body: str, expected: bool) -> None:
    (definition,) = [
        each for each in parse(f"def f(a):\n    {body}\n".encode()).definitions if each.qualname == "f"
    ]
    assert returns_nothing(definition.node) is expected
