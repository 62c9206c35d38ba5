"""Bytes to definitions: names, places, caches in every spelling, refusals with their reason."""

import ast
import io
import os
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.source.definitions import Scope, SourceError, line_starts, parse, read
from hitrate.source.function import ExistingCache

MODULE = b"""\
from __future__ import annotations
import functools as ft
from typing import overload
import contextlib

@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x

if contextlib:
    def chosen(): pass
else:
    def chosen(): pass
try:
    async def tried(): pass
except ValueError:
    def tried(): pass

class A:
    def f(self): pass
    @property
    def p(self): pass
    @p.setter
    def p(self, value): pass
    class B:
        @staticmethod
        # between
        @ft.wraps(
            len)
        def f():
            def inner():
                class C:
                    def g(self): pass
"""


def test_definitions_in_source_order_with_their_places() -> None:
    found = [
        (item.qualname, item.line, item.first_line, item.last_line) for item in parse(MODULE).definitions
    ]
    assert found == [
        ("f", 7, 6, 7),
        ("f", 9, 8, 9),
        ("f", 10, 10, 10),
        ("chosen", 13, 13, 13),
        ("chosen", 15, 15, 15),
        ("tried", 17, 17, 17),
        ("tried", 19, 19, 19),
        ("A.f", 22, 22, 22),
        ("A.p", 24, 23, 24),
        ("A.p", 26, 25, 26),
        ("A.B.f", 32, 28, 35),
        ("A.B.f.inner", 33, 33, 35),
        ("A.B.f.inner.C.g", 35, 35, 35),
    ]


def test_scopes_tell_methods_from_nested_functions() -> None:
    scopes = {item.qualname: item.scopes for item in parse(MODULE).definitions}
    assert scopes["f"] == ()
    assert scopes["A.B.f"] == (Scope.CLASS, Scope.CLASS)
    assert scopes["A.B.f.inner"] == (Scope.CLASS, Scope.CLASS, Scope.FUNCTION)


def test_decorators_by_their_real_names() -> None:
    decorators = {item.line: item.decorators for item in parse(MODULE).definitions}
    assert decorators[7] == ("typing.overload",)
    assert decorators[26] == ("p.setter",)
    assert decorators[32] == ("staticmethod", "functools.wraps")


@pytest.mark.parametrize(
    ("heading", "decorator", "cache"),
    [
        ("from functools import lru_cache", "lru_cache", ExistingCache(128, typed=False)),
        ("from functools import lru_cache", "lru_cache()", ExistingCache(128, typed=False)),
        ("from functools import lru_cache", "(lru_cache(8))", ExistingCache(8, typed=False)),
        ("from functools import lru_cache", "lru_cache(8, True)", ExistingCache(8, typed=True)),
        ("import functools", "functools.lru_cache(maxsize=None)", ExistingCache(None, typed=False)),
        ("import functools", "functools.lru_cache(typed=True)", ExistingCache(128, typed=True)),
        ("import functools", "functools.cache", ExistingCache(None, typed=False)),
        ("from functools import cache", "cache", ExistingCache(None, typed=False)),
        ("from functools import *", "cache", ExistingCache(None, typed=False)),
        ("import functools as ft", "ft.lru_cache(2 ** 10)", ExistingCache(1024, typed=False)),
        ("from functools import lru_cache as memo", "memo(1 << 4)", ExistingCache(16, typed=False)),
        ("import functools\nmemo = functools.lru_cache", "memo(4)", ExistingCache(4, typed=False)),
        ("import functools\nmemo = functools.lru_cache(4)", "memo", ExistingCache(4, typed=False)),
        ("import functools\nSIZE = 4", "functools.lru_cache(SIZE * 2)", ExistingCache(8, typed=False)),
        ("import functools\nSIZE = None", "functools.lru_cache(SIZE)", ExistingCache(None, typed=False)),
        ("import functools", "functools.lru_cache(-1)", ExistingCache(0, typed=False)),
        (
            "import functools, settings",
            "functools.lru_cache(maxsize=settings.SIZE)",
            ExistingCache(128, typed=False, maxsize_expression="settings.SIZE"),
        ),
        (
            "try:\n    from functools import cache\nexcept ImportError:\n    def cache(f): return f",
            "cache",
            ExistingCache(None, typed=False),
        ),
        (
            "import functools\nif x:\n    from functools import cache\nelse:\n    cache = functools.wraps",
            "cache",
            ExistingCache(None, typed=False),
        ),
        ("if TYPE_CHECKING:\n    from functools import cache", "cache", ExistingCache(None, typed=False)),
        ("", "lru_cache", None),
        ("def lru_cache(f): return f", "lru_cache", None),
        ("from functools import lru_cache\ndef lru_cache(f): return f", "lru_cache", None),
        ("from functools import lru_cache\nlru_cache = print", "lru_cache", None),
        ("import functools\nfunctools = None", "functools.cache", None),
        ("from cachetools.func import lru_cache", "lru_cache(8)", None),
        ("from .functools import cache", "cache", None),
        ("import functools", "functools.wraps(f)", None),
        ("import functools\nT = True", "functools.lru_cache(8, typed=T)", ExistingCache(8, typed=True)),
        ("import functools", "functools.lru_cache(10 // 3)", ExistingCache(3, typed=False)),
        ("import functools\nN = 1\nN += 1", "functools.lru_cache(N)", ExistingCache(128, False, "N")),
        ("from functools import lru_cache\ndel lru_cache", "lru_cache(8)", None),
    ],
)
def test_caches_in_every_spelling(heading: str, decorator: str, cache: ExistingCache | None) -> None:
    source = parse(f"{heading}\n@{decorator}\ndef f(): pass\n".encode())
    assert source.definitions[-1].cache == cache


@pytest.mark.parametrize(
    ("code", "cache"),
    [
        ("def f(): pass\nf = lru_cache(8)(f)", ExistingCache(8, typed=False)),
        ("def f(): pass\nf = lru_cache(f)", ExistingCache(128, typed=False)),
        ("def f(): pass\nf = functools.cache(f)", ExistingCache(None, typed=False)),
        ("class A:\n  def f(): pass\n  f = staticmethod(lru_cache(8)(f))", ExistingCache(8, typed=False)),
        ("def f(): pass\ng = lru_cache(8)(f)", None),
        ("def f(): pass\nf = g = lru_cache(8)(f)", ExistingCache(8, typed=False)),
        ("def f(): pass\nf = print(f)", None),
        ("class A:\n  def f(self): pass\nf = lru_cache(8)(f)", None),
    ],
)
def test_caches_put_on_by_hand(code: str, cache: ExistingCache | None) -> None:
    source = parse(f"import functools\nfrom functools import lru_cache\n{code}\n".encode())
    assert source.definitions[-1].cache == cache


def test_a_class_binds_names_for_itself_alone() -> None:
    source = parse(
        b"from functools import cache\nclass A:\n  def cache(self): pass\n  @cache\n  def f(self): pass\n"
        b"@cache\ndef g(): pass\n"
    )
    assert [item.cache is not None for item in source.definitions] == [False, False, True]


def test_the_last_namesake_gets_the_cache() -> None:
    source = parse(
        b"from functools import cache\ndef f(): pass\ndef f(): pass\nf = cache(f)\ndef f(): pass\n"
    )
    assert [item.cache is not None for item in source.definitions] == [False, True, False]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"print 'x'\n", "line 1 is Python 2"),
        (b"def f():\n    raise A, 'b'\n", "line 2 is Python 2"),
        (b"x = 0777\n", "line 1 is Python 2"),
        (b"exec 'x'\n", "line 1 is Python 2"),
        (b"x = 1 <> 2\n", "line 1 is Python 2"),
        (b"x = ur'a'\n", "line 1 is Python 2"),
        (b"def f(:\n", "line 1: "),
        (b"if x:\n        a\n\tb\n", "line 3: inconsistent use of tabs"),
        (b"x = 1\0\n", "null bytes"),
        (
            b"x = '\xe9'\n",
            "cannot be decoded: " + ("'utf-8' codec" if sys.version_info < (3, 14) else "Non-UTF-8 code"),
        ),
        (b"# coding: nosuch\n", "cannot be decoded: unknown encoding: nosuch"),
        (b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", "cannot be decoded: encoding problem"),
        (b"# coding: ascii\nx = '\xe9'\n", "cannot be decoded: 'ascii' codec"),
        (b"-" * 100_000 + b"1\n", "nested too deeply"),
        (b"if x: pass\n" + b"elif x: pass\n" * 20_000, "nested too deeply"),
        (
            b'x = t"{' + b"\n",
            "line 1 is syntax newer than Python" if sys.version_info < (3, 14) else "line 1",
        ),
    ],
)
def test_refusals_say_why_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(data)
    assert str(caught.value).startswith(words) or words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", ["except (A), e: pass", "except A, e: pass", "except a.B, error:\n  pass"])
def test_a_variable_behind_a_comma_is_python_2(line: str) -> None:
    """Python 3.14 takes it for two exceptions (PEP 758), and so can not tell."""
    data = f"try: pass\n{line}\n".encode()
    if sys.version_info >= (3, 14):
        assert parse(data).definitions == ()
        return
    with pytest.raises(SourceError, match="line 2 is Python 2"):
        parse(data)


@pytest.mark.parametrize("line", ["except A, B: pass", "except a.B, c.D:\n  pass", "except* A, B, C: pass"])
def test_exceptions_without_brackets_are_newer_syntax(line: str) -> None:
    data = f"try: pass\n{line}\ndef f(): pass\n".encode()
    if sys.version_info >= (3, 14):
        assert [one.qualname for one in parse(data).definitions] == ["f"]
        return
    with pytest.raises(SourceError, match=r"line 2 is syntax newer than Python 3\.1[123]"):
        parse(data)


@pytest.mark.skipif(sys.version_info < (3, 14), reason="this Python does not know it")
def test_templates_and_late_annotations_are_read() -> None:
    data = b"def f(x: Later) -> Later:\n    return t'{x!r:>{x}} {f(x)}'\nclass Later: pass\n"
    assert [one.qualname for one in parse(data).definitions] == ["f"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows it")
@pytest.mark.parametrize("data", [b"def f[T](x: T): pass\n", b"type X = int\n", b'x = f"{a["b"]}"\n'])
def test_newer_syntax_is_named_as_such(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"line 1 is syntax newer than Python 3\.11"):
        parse(data)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="this Python does not know it")
def test_generics_and_nested_strings() -> None:
    source = parse(b'def f[T](x: T): return f"{d["k"]}"\nclass A[T]:\n  def g(self): pass\n')
    assert [item.qualname for item in source.definitions] == ["f", "A.g"]


def test_invalid_escapes_are_the_authors_business() -> None:
    assert parse(b"def f(): return '\\d'\n").definitions


def test_long_chains_and_deep_blocks_are_walked() -> None:
    chain = b"if x: pass\n" + b"elif x: pass\n" * 900 + b"else:\n  def f(): pass\n"
    assert [item.qualname for item in parse(chain).definitions] == ["f"]
    deep = "".join(f"{' ' * depth}if x:\n" for depth in range(95)) + " " * 95 + "def f(): pass\n"
    assert [item.qualname for item in parse(deep.encode()).definitions] == ["f"]


@given(
    st.lists(st.sampled_from(["x", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])).map(
        "".join
    )
)
def test_lines_end_where_python_ends_them(text: str) -> None:
    data = text.encode()
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="").readlines()
    starts = line_starts(data)
    assert [data[a:b] for a, b in pairwise(starts)] == [line.encode() for line in lines]


@given(
    st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "koi8-r", "shift_jis", "gb18030", "big5"]),
    st.lists(st.sampled_from(["é", "ж", "語", "€", "a", "🙂"]), max_size=6).map("".join),
)
def test_positions_are_bytes_in_any_encoding(encoding: str, text: str) -> None:
    shown = text.encode(encoding, "ignore").decode(encoding)
    cookie = "" if encoding.startswith("utf-8") else f"# coding: {encoding}\n"
    source = parse(f"{cookie}x = '{shown}'; target = 1\n".encode(encoding))
    node = source.module.body[-1]
    assert isinstance(node, ast.Assign)
    offset = source.offset(node.lineno, node.col_offset)
    assert source.data[offset : offset + 6] == b"target"


class TestReading:
    """What lies where source is expected may be anything: tests of a pull request have been there."""

    def test_a_file_and_a_link_to_one(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_bytes(MODULE)
        (tmp_path / "b.py").symlink_to("a.py")
        assert read(tmp_path / "a.py").data == read(tmp_path / "b.py").data == MODULE

    @pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
    def test_what_is_no_file(self, tmp_path: Path, kind: str) -> None:
        place = tmp_path / "a.py"
        match kind:
            case "pipe":
                os.mkfifo(place)
            case "folder":
                place.mkdir()
            case _:
                place.symlink_to("/dev/zero")
        with pytest.raises(SourceError, match="not a regular file"):
            read(place)

    def test_what_is_too_large(self, tmp_path: Path) -> None:
        with (tmp_path / "a.py").open("wb") as file:
            file.truncate(1 << 40)
        with pytest.raises(SourceError, match="larger than"):
            read(tmp_path / "a.py")
