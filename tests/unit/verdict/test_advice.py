"""The change that a maintainer would make by hand, in the file's own form."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.errors import InputError
from hitrate.evidence import Evidence
from hitrate.source.definitions import Source, parse
from hitrate.source.function import ExistingCache, Function
from hitrate.verdict.advice import Advice, LineEdit, advice_on, advise, made
from hitrate.verdict.judge import Finding
from hitrate.verdict.reason import Unmeasured
from hitrate.vocabulary import Verdict

SMALL = ExistingCache(64, typed=False)


def changed(text: str, wanted: ExistingCache | None = SMALL, name: str = "f") -> str | None:
    source = parse(text.encode())
    definition = next(one for one in source.definitions if one.qualname == name)
    edits = advise(source, definition, wanted)
    for edit in edits:
        assert source.line(edit.line).decode().rstrip("\r\n") == edit.before
    return made(source, edits).decode() if edits else None


DEF = "\n\ndef f(x):\n    return x\n"
CACHED = "\n\n@lru_cache(maxsize=64)\ndef f(x):\n    return x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import functools", "import functools"),
        ("import functools as ft", "import functools as ft"),
        ("from functools import lru_cache", "from functools import lru_cache"),
        ("from functools import lru_cache as memo", "from functools import lru_cache as memo"),
        ("from functools import cache, wraps", "from functools import cache, lru_cache, wraps"),
        ("from functools import wraps", "from functools import lru_cache, wraps"),
        ("from functools import cache", "from functools import cache, lru_cache"),
        ("from functools import wraps, cache", "from functools import wraps, cache, lru_cache"),
        ("from functools import (cache, wraps)", "from functools import (cache, lru_cache, wraps)"),
        (
            "from functools import (\n    cache,\n    wraps,\n)",
            "from functools import (\n    cache,\n    lru_cache,\n    wraps,\n)",
        ),
        (
            "from functools import (\n    cache,\n    cmp_to_key\n)",
            "from functools import (\n    cache,\n    cmp_to_key,\n    lru_cache,\n)",
        ),
        ("import os\nimport sys", "import os\nimport sys\nfrom functools import lru_cache"),
        (
            "import os\nfrom pathlib import Path",
            "import os\nfrom functools import lru_cache\nfrom pathlib import Path",
        ),
        (
            "from abc import ABC\n\nimport attrs",
            "from abc import ABC\nfrom functools import lru_cache\n\nimport attrs",
        ),
        ("import attrs", "from functools import lru_cache\n\nimport attrs"),
        ('"""Docs."""', '"""Docs."""\n\nfrom functools import lru_cache'),
        (
            '"""Docs."""\nfrom __future__ import annotations',
            '"""Docs."""\nfrom __future__ import annotations\n\nfrom functools import lru_cache',
        ),
        ("X = 1", "from functools import lru_cache\n\nX = 1"),
        ("from .functools import wraps", "from functools import lru_cache\n\nfrom .functools import wraps"),
        (
            "import re\n\ntry:\n    from functools import cache\nexcept ImportError:\n    cache = None",
            (
                "import re\nfrom functools import lru_cache\n\n"
                "try:\n    from functools import cache\nexcept ImportError:\n    cache = None"
            ),
        ),
    ],
)
def test_the_import_in_the_files_own_form(before: str, after: str) -> None:
    name = {
        "import functools": "functools.lru_cache",
        "import functools as ft": "ft.lru_cache",
        "from functools import lru_cache as memo": "memo",
    }.get(before, "lru_cache")
    assert changed(before + DEF) == after + CACHED.replace("lru_cache", name)


def test_a_file_without_imports() -> None:
    assert changed("def f(x):\n    return x\n") == f"from functools import lru_cache\n{CACHED}"


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("lru_cache = None\n\ndef f(x): pass\n", "f", SMALL),
        ("from cachetools.func import lru_cache\n\ndef f(x): pass\n", "f", SMALL),
        ("def functools(): pass\n\ndef f(x): pass\n", "f", SMALL),
        ("def g(x): pass\nf = __import__('functools').lru_cache(8)(g)\n", "g", None),
        ("from functools import cache\n\n@cache\ndef f(x): pass\n", "f", SMALL),
        ("from functools import lru_cache\nN = 8\n\n@lru_cache(N)\ndef f(x): pass\n", "f", SMALL),
        ("def f(x): pass\n", "f", None),
    ],
)
def test_what_cannot_be_written_line_by_line_is_not(
    text: str, name: str, wanted: ExistingCache | None
) -> None:
    assert changed(text, wanted, name) is None


def test_the_decorator_goes_directly_above_def_with_its_indentation() -> None:
    head = "import functools\n\n\nclass A:\n    @staticmethod\n    @other(\n        1,\n    )\n"
    before = f"{head}    def f(x):\n        return x\n"
    assert changed(before, ExistingCache(None, typed=True), "A.f") == before.replace(
        "    def f", "    @functools.lru_cache(maxsize=None, typed=True)\n    def f"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@lru_cache", "@lru_cache(maxsize=64)"),
        ("@lru_cache()  # all", None),
        ("@lru_cache(8)", "@lru_cache(64)"),
        ("@lru_cache(maxsize=8)  # few", "@lru_cache(maxsize=64)  # few"),
        ("@lru_cache(\n    maxsize=8,\n)", "@lru_cache(\n    maxsize=64,\n)"),
    ],
)
def test_a_cache_gets_another_size(before: str, after: str | None) -> None:
    head, tail = "from functools import lru_cache\n\n\n", "\ndef f(x):\n    return x\n"
    assert changed(head + before + tail) == (head + after + tail if after else None)


def test_the_type_of_keys_stays() -> None:
    text = "from functools import lru_cache\n\n\n@lru_cache(8, typed=True)\ndef f(x): pass\n"
    assert changed(text, ExistingCache(64, typed=True)) == text.replace("(8", "(64")


@pytest.mark.parametrize("cache", ["@lru_cache", "@lru_cache(8)", "@lru_cache(\n    maxsize=8,\n)"])
def test_a_cache_is_taken_off(cache: str) -> None:
    head, tail = "from functools import lru_cache\n\n\n@other\n", "def f(x):\n    return x\n"
    assert changed(f"{head}{cache}\n{tail}", None) == head + tail


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_did(newline: str) -> None:
    text = ("import os" + DEF).replace("\n", newline)
    assert changed(text) == ("import os\nfrom functools import lru_cache" + CACHED).replace("\n", newline)


def test_other_encodings_and_marks() -> None:
    text = "# coding: latin-1\nNAME = 'ä'\ndef f(ä): return ä\n"
    source = parse(text.encode("latin-1"))
    after = made(source, advise(source, source.definitions[0], SMALL))
    assert after.decode("latin-1") == (
        "# coding: latin-1\nfrom functools import lru_cache\n\nNAME = 'ä'\n"
        "@lru_cache(maxsize=64)\ndef f(ä): return ä\n"
    )
    marked = parse(b"\xef\xbb\xbfdef f(x): pass\n")
    assert made(marked, advise(marked, marked.definitions[0], SMALL)).startswith(
        b"\xef\xbb\xbffrom functools"
    )


STATEMENTS = [
    "import os", "import functools", "from functools import wraps", "from a import b", "X = 1",
    "'text'", "def g(x):\n    return x", "class A:\n    def f(self):\n        return 1",
    "@deco\ndef h():\n    pass", "if X:\n    import sys", "from __future__ import annotations",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(STATEMENTS), max_size=6),
    st.sampled_from([SMALL, ExistingCache(None, typed=False)]),
)
def test_the_changed_file_has_the_cache_and_everything_else(parts: list[str], wanted: ExistingCache) -> None:
    future = [part for part in parts if "__future__" in part]
    text = "\n".join(
        [*future[:1], *(part for part in parts if "__future__" not in part), "def f(x):", "    return x", ""]
    )
    after = changed(text, wanted)
    assert after is not None
    kept = [line for line in after.splitlines() if "lru_cache" not in line and line]
    without = [line.replace("from functools import wraps", "") for line in text.splitlines()]
    assert [line for line in without if line] == [line for line in kept if "wraps" not in line]


def finding(verdict: Verdict, cache: ExistingCache | None = None, line: int = 1, **fields: object) -> Finding:
    evidence = Evidence(Function("a.py", "f", line, cache=cache), **fields)  # type: ignore[arg-type]
    return Finding(evidence, verdict, Unmeasured.NOT_RUN)


PLAIN = b"def f(x):\n    return x\n"
CARRYING = b"from functools import lru_cache\n\n\n@lru_cache(8, typed=True)\ndef f(x):\n    return x\n"
TYPED = ExistingCache(8, typed=True)


@pytest.mark.parametrize(
    "verdict",
    [verdict for verdict in Verdict if verdict not in {Verdict.CACHE, Verdict.RESIZE, Verdict.DROP}],
)
def test_other_verdicts_ask_for_no_change(verdict: Verdict) -> None:
    def read(path: str) -> Source:
        raise AssertionError(path)

    assert advice_on(finding(verdict, maxsize=64), read) == Advice()


def test_a_new_cache_is_written_with_its_import() -> None:
    advice = advice_on(finding(Verdict.CACHE, maxsize=128, recommended_maxsize=64), lambda path: parse(PLAIN))
    assert advice == Advice(
        "@lru_cache(maxsize=64)",
        (
            LineEdit(
                1,
                "def f(x):",
                ("from functools import lru_cache", "", "", "@lru_cache(maxsize=64)", "def f(x):"),
            ),
        ),
        ExistingCache(64, typed=False),
    )


def test_the_decorator_is_the_one_that_is_written() -> None:
    source = parse(b"import functools\n\n\n" + PLAIN)
    advice = advice_on(finding(Verdict.CACHE, line=4, maxsize=32), lambda path: source)
    assert advice.decorator == "@functools.lru_cache(maxsize=32)"
    assert advice.edits == (LineEdit(4, "def f(x):", ("@functools.lru_cache(maxsize=32)", "def f(x):")),)


def test_a_file_is_read_by_its_path_and_its_loss_leaves_the_decorator() -> None:
    def read(path: str) -> Source:
        asked.append(path)
        raise InputError(path)

    asked: list[str] = []
    cache = ExistingCache(None, typed=False)
    unknown = Advice("@lru_cache(maxsize=None)", (), cache, "from functools import lru_cache")
    assert advice_on(finding(Verdict.CACHE, maxsize=None), read) == unknown
    assert asked == ["a.py"]
    elsewhere = finding(Verdict.CACHE, line=2, maxsize=None)
    assert advice_on(elsewhere, lambda path: parse(PLAIN)) == unknown


def test_another_size_keeps_the_type_of_keys() -> None:
    resized = finding(Verdict.RESIZE, TYPED, line=5, maxsize=8, recommended_maxsize=256)
    advice = advice_on(resized, lambda path: parse(CARRYING))
    after = "@lru_cache(256, typed=True)"
    assert advice == Advice(
        after, (LineEdit(4, "@lru_cache(8, typed=True)", (after,)),), ExistingCache(256, typed=True)
    )
    lost = replace(
        resized, evidence=replace(resized.evidence, function=Function("a.py", "g", 5, cache=TYPED))
    )
    unwritten = Advice("@lru_cache(maxsize=256, typed=True)", (), ExistingCache(256, typed=True))
    assert advice_on(lost, lambda path: parse(CARRYING)) == unwritten


def test_a_change_that_cannot_be_written_line_by_line_leaves_the_decorator_and_its_import() -> None:
    """The file has a name ``lru_cache`` of its own."""
    source = parse(b"lru_cache = None\n\n\n" + PLAIN)
    advice = advice_on(finding(Verdict.CACHE, line=4, maxsize=32), lambda path: source)
    assert advice == Advice(
        "@lru_cache(maxsize=32)", (), ExistingCache(32, typed=False), "from functools import lru_cache"
    )


def test_a_cache_that_is_dropped_has_no_decorator() -> None:
    dropped = finding(Verdict.DROP, TYPED, line=5, maxsize=8, recommended_maxsize=256)
    advice = advice_on(dropped, lambda path: parse(CARRYING))
    assert advice == Advice(None, (LineEdit(4, "@lru_cache(8, typed=True)", ()),), None)


@pytest.mark.parametrize(
    "text",
    [
        "def lru_cache(): pass",
        "lru_cache = None",
        "from cachetools import lru_cache",
        "import mine as functools",
        "class functools: pass",
        "functools: object = None",
        "for lru_cache in (): pass",
    ],
)
def test_a_name_that_stands_for_something_else_is_not_used(text: str) -> None:
    assert changed(text + DEF) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import functools, os", "import functools, os"),
        ("from functools import *", "from functools import *\nfrom functools import lru_cache"),
        ("import sys\nimport attrs", "import sys\nfrom functools import lru_cache\nimport attrs"),
        ("from typing import Any", "from functools import lru_cache\nfrom typing import Any"),
        ("from Abc import x", "from functools import lru_cache\n\nfrom Abc import x"),
        (
            "from json import (\n    dumps,\n)",
            "from functools import lru_cache\nfrom json import (\n    dumps,\n)",
        ),
        ("from abc import (\n    ABC,\n)", "from abc import (\n    ABC,\n)\nfrom functools import lru_cache"),
        ('"""Docs\nof two lines."""', '"""Docs\nof two lines."""\n\nfrom functools import lru_cache'),
        ("5", "from functools import lru_cache\n\n5"),
    ],
)
def test_where_the_import_goes(before: str, after: str) -> None:
    name = "functools.lru_cache" if before == "import functools, os" else "lru_cache"
    expected = after + DEF.replace("def f", f"@{name}(maxsize=64)\ndef f")
    assert changed(before + DEF) == expected


def test_a_definition_that_comes_first_gets_two_empty_lines_after_the_import() -> None:
    head = "from functools import lru_cache\n\n\n"
    assert changed("@deco\nclass A: pass\n\n\ndef f(x): pass\n") == (
        f"{head}@deco\nclass A: pass\n\n\n@lru_cache(maxsize=64)\ndef f(x): pass\n"
    )
    assert changed("async def g(): pass\n\n\ndef f(x): pass\n") == (
        f"{head}async def g(): pass\n\n\n@lru_cache(maxsize=64)\ndef f(x): pass\n"
    )


def test_an_import_below_the_function_is_none() -> None:
    text = "def f(x): pass\n\n\nimport functools\n"
    assert changed(text) is not None
    assert changed(text) == "from functools import lru_cache\n\n\n@lru_cache(maxsize=64)\n" + text
