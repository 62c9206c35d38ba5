"""What names mean in a module, against what Python itself makes of them."""

import ast
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.files.limits import NAMES, LimitError
from hitrate.source.function import ExistingCache
from hitrate.source.names import Bindings, Dotted, Literal, written


def bound(text: str) -> Bindings:
    bindings = Bindings()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            bindings.bind_import(node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            bindings.bind(node.targets[0].id, bindings.meaning(node.value))
    return bindings


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@pytest.mark.parametrize(
    ("module", "decorator"),
    [
        ("import functools", "functools.lru_cache"),
        ("import functools as ft", "ft.lru_cache"),
        ("from functools import lru_cache", "lru_cache"),
        ("from functools import lru_cache as memo", "memo"),
        ("from functools import *", "lru_cache"),
        ("import functools\nmemo = functools.lru_cache", "memo"),
    ],
)
@pytest.mark.parametrize(
    ("call", "size", "typed"),
    [
        ("", 128, False),
        ("()", 128, False),
        ("(maxsize=64)", 64, False),
        ("(64, True)", 64, True),
        ("(None)", None, False),
        ("(2 ** 10, typed=True)", 1024, True),
        ("(-1)", 0, False),
        ("(1 << 4)", 16, False),
    ],
)
def test_every_spelling_of_a_cache_is_what_python_makes_of_it(
    module: str, decorator: str, call: str, size: int | None, typed: bool
) -> None:
    found = bound(module).cache(expression(decorator + call))
    assert found == ExistingCache(size, typed)
    space: dict[str, object] = {}
    exec(module, space)
    real = eval(f"{decorator}{call or '()'}", space)(len)
    assert real.cache_parameters() == {"maxsize": size, "typed": typed}


@pytest.mark.parametrize(
    ("module", "decorator"),
    [
        ("", "lru_cache"),
        ("import functools as ft", "functools.wraps"),
        ("from .functools import lru_cache", "lru_cache"),
        ("from cachetools import lru_cache", "lru_cache(8)"),
        ("from functools import lru_cache\nlru_cache = None", "lru_cache"),
        ("import functools", "functools.partial(functools.lru_cache)"),
    ],
)
def test_what_only_looks_like_one(module: str, decorator: str) -> None:
    assert bound(module).cache(expression(decorator)) is None


def test_a_size_that_only_running_tells_is_kept_as_it_is_written() -> None:
    found = bound("from functools import lru_cache").cache(expression("lru_cache(SIZE * 2)"))
    assert found == ExistingCache(128, typed=False, maxsize_expression="SIZE * 2")
    known = bound("from functools import lru_cache\nSIZE = 4").cache(expression("lru_cache(SIZE * 2)"))
    assert known == ExistingCache(8, typed=False)


numbers = st.integers(-20, 2000).map(str)
arithmetic = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "**", "<<"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        inner.map("(-{})".format),
    ),
    max_leaves=5,
)


@given(arithmetic)
def test_numbers_are_what_python_computes_or_not_known(text: str) -> None:
    found = Bindings().meaning(expression(text))
    with suppress(ArithmeticError, ValueError, MemoryError):
        if isinstance(found, Literal):
            assert found.value == eval(text)


@pytest.mark.parametrize("text", ["9 ** 9 ** 9 ** 9", "1 << 10 ** 9", "1 // 0", "2 ** -1", "1 / 2", "~1"])
def test_what_would_take_long_or_is_no_whole_number_is_not_computed(text: str) -> None:
    assert Bindings().meaning(expression(text)) is None


def test_an_inner_scope_binds_for_itself() -> None:
    outer = bound("from functools import cache")
    inner = outer.inner()
    assert inner.meaning(expression("cache")) == Dotted("functools.cache")
    inner.bind("cache", None)
    assert inner.meaning(expression("cache")) is None
    assert outer.meaning(expression("cache")) == Dotted("functools.cache")


def test_of_alternatives_the_first_that_binds_wins() -> None:
    outer = Bindings()
    first, second, third = outer.inner(), outer.inner(), outer.inner()
    second.bind("cache", Dotted("functools.cache"))
    third.bind("cache", None)
    outer.merge([first, second, third])
    assert outer.meaning(expression("cache")) == Dotted("functools.cache")
    assert outer.meaning(expression("other")) == Dotted("other")


def test_names_that_each_scope_would_copy_have_a_limit() -> None:
    outer = Bindings({str(number): None for number in range(NAMES + 1)})
    with pytest.raises(LimitError, match="names around a scope"):
        outer.bind("one_more", None)


def test_long_expressions_are_not_followed() -> None:
    long = " + ".join(["1"] * 300)
    assert Bindings().meaning(expression(long)) is None
    assert written(expression(long)) == "…"
    assert written(expression("f( x,y )")) == "f(x, y)"
    assert written(ast.Constant(10**5000)) == "…"


def test_a_decorators_name_is_told_with_its_aliases_resolved() -> None:
    bindings = bound("import functools as ft\nmemo = ft.lru_cache(8)")
    assert bindings.dotted(expression("ft.cache")) == "functools.cache"
    assert bindings.dotted(expression("ft.lru_cache(8)")) == "functools.lru_cache"
    assert bindings.dotted(expression("memo")) == "functools.lru_cache"
    assert bindings.dotted(expression("table['x']()")) == "table['x']"
