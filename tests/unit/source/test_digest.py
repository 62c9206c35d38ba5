"""The hash of a function's source: what changes it, and what does not."""

import pytest

from hitrate.source.definitions import parse
from hitrate.source.digest import digest

CODE = """import functools


@functools.lru_cache(
    maxsize=8,
)
def f(a):
    # why
    return a + 1


def g():
    return 1
"""


def of(text: str | bytes, name: str = "f") -> str:
    source = parse(text if isinstance(text, bytes) else text.encode())
    (found,) = [one for one in source.definitions if one.qualname.endswith(name)]
    return digest(source, found)


@pytest.mark.parametrize(
    "text",
    [
        f"'''A module.'''\n\n{CODE}",
        CODE.replace("return 1\n", "return 2\n"),
        CODE.replace("\n", "\r\n"),
        CODE.replace("return a + 1", "return a + 1  "),
        "class C:\n" + "".join(f"    {line}\n" if line else "\n" for line in CODE.splitlines()),
        CODE.removesuffix("\n"),
    ],
)
def test_stays(text: str) -> None:
    assert of(text) == of(CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [("maxsize=8", "maxsize=9"), ("a + 1", "a + 2"), ("# why", "# how"), ("def f(a)", "def f(a, b=0)")],
)
def test_changes(old: str, new: str) -> None:
    assert of(CODE.replace(old, new)) != of(CODE)


def test_other_encodings() -> None:
    text = 'def f():\n    return "ü"\n'
    latin = b"# coding: latin-1\n" + text.encode("latin-1")
    assert of(latin) == of(text)
    assert of("\ufeff".encode() + text.encode()) == of(text)
