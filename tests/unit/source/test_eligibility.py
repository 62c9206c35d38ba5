"""Parameters that a body never reads."""

import ast

import pytest

from hitrate.source.definitions import parse
from hitrate.source.eligibility import (
    ineligibility,
    returns_nothing,
    takes_arguments,
    unread_parameters,
)


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


@pytest.mark.parametrize(
    ("imported", "decorator", "caches"),
    [
        ("from functools import cached_property", "cached_property", "cached_property"),
        ("import functools as ft", "ft.cached_property", "cached_property"),
        ("from functools import cached_property as lazy", "lazy", "cached_property"),
        ("from .compat import cached_property", "cached_property", "cached_property"),
        ("from ..utils import cached_property as prop", "prop", "cached_property"),
        (
            (
                "try:\n    from functools import cached_property\n"
                "except ImportError:\n    from backports.cached_property import cached_property"
            ),
            "cached_property",
            "cached_property",
        ),
        (
            "from django.utils.functional import cached_property",
            "cached_property(name='x')",
            "cached_property",
        ),
        ("from propcache.api import under_cached_property", "under_cached_property", "under_cached_property"),
        ("from sqlalchemy import util", "util.memoized_property", "memoized_property"),
        ("from pyramid.decorator import reify", "reify", "reify"),
        ("from boltons.cacheutils import cachedproperty", "cachedproperty", "cachedproperty"),
        ("from cachetools import cached", "cached({})", "cachetools"),
    ],
)
def test_what_caches_by_itself_can_carry_no_cache(imported: str, decorator: str, caches: str) -> None:
    assert _why_not(imported, decorator) == f"{caches} caches it already"


@pytest.mark.parametrize(
    ("imported", "decorator"),
    [
        ("", "property"),
        ("from .compat import computed_property", "computed_property"),
        ("from .compat import memoized", "memoized"),
        ("from functools import lru_cache", "lru_cache"),
        ("from .compat import cached_property", "cached_property.counted"),
    ],
)
def test_other_decorators_leave_a_method_its_cache(imported: str, decorator: str) -> None:
    assert _why_not(imported, decorator) is None


def _why_not(imported: str, decorator: str) -> str | None:
    source = parse(f"{imported}\nclass C:\n    @{decorator}\n    def f(self):\n        return 1\n".encode())
    (definition,) = source.definitions
    return ineligibility(definition, source.module)
