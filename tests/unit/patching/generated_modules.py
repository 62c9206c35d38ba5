"""Modules as people, and nobody, write them: every layout that an edit of bytes must survive."""

import sys
from collections.abc import Sequence

from hypothesis import strategies as st

NAMES = ["f", "g", "A", "lru_cache", "functools", "__private"]
DECORATORS = [
    "staticmethod",
    "classmethod",
    "property",
    "functools.wraps(\n  len  # why\n)",
    "(\n  # @cache\n  len\n)",
    "\\\n  len",
    "overload",
    "len  # noqa: D103",
    "f.setter",
]
CACHES = [
    "lru_cache",
    "functools.cache",
    "ft.lru_cache(\n  maxsize=7,\n  typed=True,\n)",
    "(lru_cache(None))",
]
IMPORTS = "import functools, functools as ft; from functools import lru_cache"
NEW_SYNTAX = sys.version_info >= (3, 12)

SIMPLE = [
    "x = 1; y = 2",
    "x = [\n  1,\n\n  2,\n]",
    'x = """\ndef f():\n@lru_cache\n    pass\n"""',
    "x = 1 + \\\n  2",
    "# @lru_cache",
    "# trailing \\",
    "   ",
    "\f",
    "if TYPE_CHECKING:\n  import functools",
    "functools = None",
    "__all__ = ['f']",
    "x = '\u2028\x0b\x85'",
    "x = 'é'",
    f"x = '{'long ' * 2000}'",
    "f = lru_cache(5)(f)",
    "from other import *",
    "pass;",
    *(['x = f"{d["k"]}"', "type T[X] = list[X]"] if NEW_SYNTAX else []),
]
BODIES = [
    "pass",
    "return 1",
    '"""Doc."""\nreturn x',
    "yield 1",
    "# type: (int) -> int\nreturn x",
    "\nreturn '''\ndef f():\n'''\n",
]
PARAMETERS = ["", "self", "a, /, b=(\n 1\n), *c, **d", "x: int = 1  # type: int\n"]
BLOCKS = [
    "if x:",
    "with x:",
    "try:",
    "for x in y:",
    "while x:",
    "class {}:",
    "class {}(A,\n B):",
    "match x:\n{}case 1:",
]
HEADINGS = [
    "",
    '"""Doc."""',
    "'''Doc\nstring'''  # ends \\",
    '"""Doc."""; x = [\n1]',
    "('doc')",
    '"Doc" \\\n" too"',
]
FUTURES = [
    "",
    "from __future__ import annotations",
    "from __future__ import (\n  annotations,\n)",
    "from __future__ import annotations; x = {\n}",
    "from __future__ import annotations; \\\n  x = 1",
    "from __future__ import annotations \\\n",
]


def statements(depth: int = 3) -> st.SearchStrategy[Sequence[str]]:
    """Lists of statements, each with its own newlines in it, nested up to ``depth``."""
    one = st.one_of(st.sampled_from(SIMPLE), functions(depth), blocks(depth) if depth else st.nothing())
    return st.lists(one, min_size=1, max_size=4)


@st.composite
def functions(draw: st.DrawFn, depth: int) -> str:
    """A function with decorators, comments between them, and a body that may hold further ones."""
    above = draw(st.lists(st.sampled_from(DECORATORS + CACHES), max_size=3))
    between = st.sampled_from(["", "", "# between\n", "\n", "   \n"])
    decorators = "".join(f"@{item}\n{draw(between)}" for item in above)
    keyword = draw(st.sampled_from(["def", "def", "async def", "async \\\n  def"]))
    generic = draw(st.sampled_from(["", "[T]"])) if NEW_SYNTAX else ""
    head = f"{keyword} {draw(st.sampled_from(NAMES))}{generic}({draw(st.sampled_from(PARAMETERS))}):"
    continued = draw(st.sampled_from(["", "", "", "\\\n"]))
    if draw(st.booleans()) or not depth:
        body = draw(st.sampled_from(["pass", "return 1; x = 2", "'Doc.'  # noqa"]))
        return f"{decorators}{continued}{head} {body}"
    inner = [draw(st.sampled_from(BODIES)), *draw(st.one_of(st.just([]), statements(depth - 1)))]
    return f"{decorators}{continued}{head}\n{indented(inner, draw(indents()))}"


@st.composite
def blocks(draw: st.DrawFn, depth: int) -> str:
    """A compound statement around others."""
    indent = draw(indents())
    opening = draw(st.sampled_from(BLOCKS))
    inner = indented(["pass", *draw(statements(depth - 1))], indent)
    if opening.startswith("match"):
        return f"{opening.format(indent)}\n{indented([inner], indent)}"
    text = f"{opening.format(draw(st.sampled_from(NAMES)))}\n{inner}"
    if opening == "try:" or (opening == "if x:" and draw(st.booleans())):
        other = "else" if opening == "if x:" else "except ValueError"
        text += f"\n{other}:\n{indented(['pass', *draw(statements(depth - 1))], indent)}"
    return text


def indents() -> st.SearchStrategy[str]:
    """How far a block is indented."""
    return st.sampled_from(["    ", "  ", "\t", " \t", " "])


def indented(items: Sequence[str], indent: str) -> str:
    """Statements moved to the right, but for what stands inside strings, where the text would change."""
    return "\n".join(_indented(item, indent) for item in items)


def _indented(text: str, indent: str) -> str:
    lines, quoted = [], False
    for line in text.split("\n"):
        bare = quoted or not line.strip() or line == "\f"
        lines.append(line if bare else indent + line)
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return "\n".join(lines)


@st.composite
def modules(draw: st.DrawFn) -> bytes:
    """The bytes of a module; not every one is valid Python."""
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "latin-1", "cp1252", "shift_jis"]))
    top = draw(st.sampled_from([[], ["#!/usr/bin/env python"], [""], ["\f"]]))
    if not encoding.startswith("utf-8") or draw(st.booleans()):
        top = [*top, f"# -*- coding: {encoding.removesuffix('-sig')} -*-"]
    before = draw(st.lists(st.sampled_from(["", "# comment", "   ", "\f"]), max_size=2))
    heading, future = draw(st.sampled_from(HEADINGS)), draw(st.sampled_from(FUTURES))
    parts = [*top, *before, *filter(None, (heading, future)), *draw(st.sampled_from([[], [IMPORTS]]))]
    text = "\n".join([*parts, *draw(statements())]) + draw(st.sampled_from(["\n", "", "\n\n", "\n  "]))
    return _with_newlines(draw, text).encode(encoding, "replace")


def _with_newlines(draw: st.DrawFn, text: str) -> str:
    kinds = draw(st.sampled_from([["\n"], ["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]]))
    if len(kinds) == 1:
        return text.replace("\n", kinds[0])
    lines = text.split("\n")
    pattern = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=7))
    return "".join(line + pattern[at % len(pattern)] for at, line in enumerate(lines[:-1])) + lines[-1]
