"""Parameters that a body never reads."""

import ast

import pytest

from hitrate.source.eligibility import unread_parameters


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
