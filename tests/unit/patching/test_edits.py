"""Edits of bytes: what is put where, and that nothing else changes."""

import re

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from hitrate.patching.edits import LRU_CACHE, LRU_CACHE_PREAMBLE, Edit, PatchError, cached, lifted, rewrite
from hitrate.source.definitions import SourceError, parse
from tests.unit.patching.generated_modules import modules
from tests.unit.patching.syntax_trees import check

BOM = b"\xef\xbb\xbf"
IMPORT = LRU_CACHE_PREAMBLE.encode()
CACHE = f"@{LRU_CACHE}(maxsize=5)".encode()


def with_cache(data: bytes, *qualnames: str) -> bytes:
    """``data`` with a cache on every function, or on those named."""
    source = parse(data)
    chosen = [item for item in source.definitions if not qualnames or item.qualname in qualnames]
    return rewrite(source, [cached("a.py", item.qualname, item.line, 5) for item in chosen])


@pytest.mark.parametrize(
    "marked",
    [
        b"%I\n%C\ndef f(): pass",
        b"\xef\xbb\xbf%I\r\n%C\r\ndef f(): pass\r\n",
        b"%I\rx = 1\r%C\rasync def f(): pass\r",
        b"%I\r\nx = 1\r\nx = 2\n%C\r\ndef f(): pass\r\n",
        b"#!/bin/x\n# coding: latin-1\n\n# \xe9\n%I\n%C\ndef f(): pass\n",
        b"'Doc.'\n%I\n%C\ndef f(): pass\n",
        b"%I\nb'no doc'\n%C\ndef f(): pass\n",
        b"'''Doc\nmore'''  # \\\n%I\n%C\ndef f(): pass\n",
        b"'Doc.'; x = [\n1]; y = \\\n 2\n%I\n%C\ndef f(): pass\n",
        b"'Doc.' \\\n\n%I\n%C\ndef f(): pass\n",
        b"'Doc.'\n\nfrom __future__ import (\n  annotations,\n)  # why\n%I\nimport os\n%C\ndef f(): pass\n",
        b"from __future__ import annotations\nfrom __future__ import division; x\n%I\n%C\ndef f(): pass\n",
        b"%I\nclass A:\n\t@property\n\t# why\n\n\t%C\n\tdef f(self): pass\n",
        b"%I\n@(\n # @x\n len)\nclass A:\n  %C\n  def f(self): pass\n",
        b"%I\nif x:\n  %C\n  \\\n    def f(): pass\n",
        b"%I\nif x:\n    %C\n\\\n    def f(): pass\n    y\n",
        b"%I\nif x:\n  \x0c  %C\n  \x0c  def f(): pass\n",
        b"%I\nx = '''\ndef f(): pass\n'''\n%C\ndef f(): pass\n",
        b"%I\nx = '\xe2\x80\xa8'\x0c\n%C\ndef f(): pass\n",
    ],
)
def test_where_import_and_decorator_go(marked: bytes) -> None:
    before = re.sub(rb"[ \t\f]*%[IC](\r\n|\r|\n)", b"", marked)
    assert with_cache(before) == marked.replace(b"%I", IMPORT).replace(b"%C", CACHE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"@lru_cache\ndef f(): pass\n", b"@%R\ndef f(): pass\n"),
        (
            b"@len\n@(lru_cache(\n  9\n))  # why\n@len\ndef f(): pass\n",
            b"@len\n@(%R)  # why\n@len\ndef f(): pass\n",
        ),
        (b"def f(): pass\nf = lru_cache(9)(f)\n", b"def f(): pass\nf = (%R)(f)\n"),
        (b"def f(): pass\nf = staticmethod(lru_cache(f))\n", b"def f(): pass\nf = staticmethod((%R)(f))\n"),
    ],
)
def test_a_cache_takes_the_place_of_the_present_one(before: bytes, after: bytes) -> None:
    head = b"from functools import lru_cache\n"
    assert with_cache(head + before) == IMPORT + b"\n" + head + after.replace(b"%R", CACHE[1:])


def test_a_cache_behind_wide_characters_is_replaced() -> None:
    data = "# coding: cp1252\nfrom functools import cache\ndef f(): pass\nx = '€'; f = cache(f)\n".encode(
        "cp1252"
    )
    assert with_cache(data).endswith(b"x = '\x80'; f = (" + CACHE[1:] + b")(f)\n")


def test_one_of_several_namesakes() -> None:
    data = b"def f(): pass\nclass A:\n    def f(self): pass\ndef f(): pass\n"
    for line, place in ((1, 1), (3, 3), (4, 4)):
        qualname = "A.f" if line == 3 else "f"
        lines = rewrite(parse(data), [cached("a.py", qualname, line, 5)]).split(b"\n")
        assert [at for at, text in enumerate(lines) if text.strip() == CACHE] == [place]


def test_every_preamble_once_and_in_ascii() -> None:
    source = parse("x = 'ü'\ndef f(): pass\ndef g(): pass\ndef h(): pass\n".encode())
    one, other = "import sys as _s; _p = 'grün'", "import os as _o"
    edits = [Edit("a.py", name, line, "_s.x", one) for name, line in (("f", 2), ("g", 3))]
    edits.append(Edit("a.py", "h", 4, "_o.x('\u2028')", other))
    assert rewrite(source, edits) == (
        b"import sys as _s; _p = 'gr\\xfcn'\nimport os as _o\n" + "x = 'ü'\n".encode()
        + b"@_s.x\ndef f(): pass\n@_s.x\ndef g(): pass\n@_o.x('\\u2028')\ndef h(): pass\n"
    )  # fmt: skip


def test_a_lifted_cache_keeps_nothing_and_its_methods() -> None:
    data = b"import functools\n@functools.lru_cache(typed=True)\ndef f(x): calls.append(x)\n"
    names: dict[str, object] = {"calls": []}
    exec(rewrite(parse(data), [lifted("a.py", "f", 3)]), names)
    names["f"]([]), names["f"]([]), names["f"].cache_clear()  # type: ignore[operator,attr-defined]
    assert names["calls"] == [[], []]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (cached("a.py", "g", 1, 5), "a.py:1: no function g is defined here"),
        (cached("a.py", "f", 2, 5), "a.py:2: no function f is defined here"),
        (Edit("a.py", "f", 1, "x)\n@(y", "import x"), "would not compile"),
        (Edit("a.py", "f", 1, "x", "import"), "would not compile"),
        (Edit("a.py", "f", 1, "x\ndef g(): pass\n@x", "import x"), "would not compile"),
        (Edit("a.py", "f", 1, "x", "'''"), "would not compile"),
        (Edit("a.py", "f", 1, "x", "if x:"), "would not compile"),
    ],
)
def test_refused_edits(edit: Edit, words: str) -> None:
    with pytest.raises(PatchError) as caught:
        rewrite(parse(b"def f(): pass\n"), [edit])
    assert words in str(caught.value)


def test_two_edits_for_one_function_are_refused() -> None:
    with pytest.raises(PatchError, match="two edits for one function"):
        rewrite(parse(b"def f(): pass\n"), [cached("a.py", "f", 1, 5), cached("a.py", "f", 1, 6)])


def test_a_file_that_does_not_compile_is_refused() -> None:
    with pytest.raises(PatchError, match=r"would not compile: duplicate (?:argument|parameter)"):
        with_cache(b"def f(a, a): pass\n")


@settings(
    max_examples=120, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None
)
@given(modules(), st.data())
def test_the_syntax_tree_gets_the_decorators_and_one_import_and_nothing_else(
    data: bytes, draw: st.DataObject
) -> None:
    try:
        source = parse(data)
        compile(data, "<original>", "exec", dont_inherit=True)
    except (SourceError, SyntaxError, ValueError):
        event("not Python")
        assume(False)
    assume(source.definitions)
    event(f"with caches: {any(item.cache for item in source.definitions)}")
    targets = draw.draw(st.lists(st.sampled_from(source.definitions), min_size=1, unique_by=id))
    sizes = st.sampled_from([0, 5, None])
    edits = [cached("a.py", item.qualname, item.line, draw.draw(sizes)) for item in targets]

    patched = rewrite(source, edits)

    check(data, patched, edits)
    if not any(target.cache for target in targets):
        lines = [line for line in patched.splitlines(keepends=True) if LRU_CACHE.encode() not in line]
        assert b"".join(lines).removeprefix(BOM) == data.removeprefix(BOM)
        assert patched.startswith(BOM) == data.startswith(BOM)
