"""The change that a report advises, applied and read again."""

import ast
import random
import sysconfig
from pathlib import Path

import pytest
import reports

from hitrate.advice import Advice, advise, advised
from hitrate.errors import InputError
from hitrate.functions import ExistingCache
from hitrate.report.model import Verdict
from hitrate.source import Definition, Source, SourceError, parse

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


def find(source: Source, name: str) -> Definition:
    return next(one for one in source.definitions if one.qualname == name)


def applied(data: bytes, advice: Advice) -> bytes:
    """The file with every edit made, from the bottom up."""
    source = parse(data)
    lines = [source.line(number) for number in range(1, len(source.starts))]
    for edit in reversed(advice.edits):
        old = lines[edit.line - 1]
        assert old.decode(source.encoding).rstrip("\r\n") == edit.before
        end = old[len(old.rstrip(b"\r\n")) :] or b"\n"
        lines[edit.line - 1 : edit.line] = [line.encode(source.encoding) + end for line in edit.after]
    return data[: source.starts[0]] + b"".join(lines)


def change(text: str, verdict: Verdict = Verdict.CACHE, name: str = "f", size: int | None = 64) -> str | None:
    """The text after the advised change, None without advice."""
    source = parse(text.encode())
    advice = advise(source, find(source, name), verdict, size, typed=False)
    return None if advice is None else applied(text.encode(), advice).decode()


F = "def f(x):\n    return x\n"
CACHED = "@lru_cache(maxsize=64)\n" + F


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (F, "from functools import lru_cache\n\n\n" + CACHED),
        ('"""Doc."""\n\n' + F, '"""Doc."""\n\nfrom functools import lru_cache\n\n\n' + CACHED),
        ('"""Doc."""\n' + F, '"""Doc."""\n\nfrom functools import lru_cache\n\n\n' + CACHED),
        ("import re\n\n\n" + F, "import re\nfrom functools import lru_cache\n\n\n" + CACHED),
        (
            "import re\nfrom pathlib import Path\n\n" + F,
            "import re\nfrom functools import lru_cache\nfrom pathlib import Path\n\n" + CACHED,
        ),
        (
            "import os\nfrom enum import Enum\n\nimport numpy\n\n" + F,
            "import os\nfrom enum import Enum\nfrom functools import lru_cache\n\nimport numpy\n\n" + CACHED,
        ),
        ("import numpy\n\n" + F, "from functools import lru_cache\n\nimport numpy\n\n" + CACHED),
        ("from . import a\n\n" + F, "from functools import lru_cache\n\nfrom . import a\n\n" + CACHED),
        (
            "from __future__ import annotations\n\nX = 1\n\n\n" + F,
            "from __future__ import annotations\n\nfrom functools import lru_cache\n\nX = 1\n\n\n" + CACHED,
        ),
        (
            "from functools import partial, wraps\n\n" + F,
            "from functools import lru_cache, partial, wraps\n\n" + CACHED,
        ),
        (
            "from functools import wraps, partial\n\n" + F,
            "from functools import wraps, partial, lru_cache\n\n" + CACHED,
        ),
        ("from functools import lru_cache\n\n" + F, "from functools import lru_cache\n\n" + CACHED),
        (
            "from functools import lru_cache as memo\n\n" + F,
            "from functools import lru_cache as memo\n\n@memo(maxsize=64)\n" + F,
        ),
        ("import functools\n\n" + F, "import functools\n\n@functools.lru_cache(maxsize=64)\n" + F),
        ("import functools as ft\n\n" + F, "import functools as ft\n\n@ft.lru_cache(maxsize=64)\n" + F),
        (
            "def lru_cache():\n    pass\n\n\n" + F,
            "import functools\n\n\ndef lru_cache():\n    pass\n\n\n@functools.lru_cache(maxsize=64)\n" + F,
        ),
        ("lru_cache = functools = 1\n" + F, None),
        (
            "#!/usr/bin/env python\n# licence\n" + F,
            "#!/usr/bin/env python\n# licence\n\nfrom functools import lru_cache\n\n\n" + CACHED,
        ),
        (
            "# licence\n\n# says what it gets\n" + F,
            "# licence\n\nfrom functools import lru_cache\n\n\n# says what it gets\n" + CACHED,
        ),
        (F + "\n\nimport re\n", "from functools import lru_cache\n\n\n" + CACHED + "\n\nimport re\n"),
        (
            "from functools import (\n    wraps,\n)\n\n" + F,
            "from functools import (\n    wraps,\n)\nfrom functools import lru_cache\n\n" + CACHED,
        ),
    ],
)  # fmt: skip
def test_a_cache_is_added_as_a_maintainer_would(before: str, after: str | None) -> None:
    assert change(before) == after


def test_a_method_gets_it_innermost_and_indented() -> None:
    text = "import functools\n\nclass A:\n    @staticmethod\n    def f(x):\n        return x\n"
    expected = text.replace("    def", "    @functools.lru_cache(maxsize=None)\n    def")
    assert change(text, name="A.f", size=None) == expected


@pytest.mark.parametrize(
    ("decorator", "after"),
    [
        ("@lru_cache", "@lru_cache(maxsize=64)"),
        ("@lru_cache()", "@lru_cache(maxsize=64)"),
        ("@lru_cache(8)  # small", "@lru_cache(maxsize=64)  # small"),
        ("@lru_cache(\n    maxsize=8,\n)", "@lru_cache(maxsize=64)"),
    ],
)
def test_a_cache_is_resized_in_its_place(decorator: str, after: str) -> None:
    text = f"from functools import lru_cache\n\n{decorator}\n{F}"
    assert change(text, Verdict.RESIZE) == f"from functools import lru_cache\n\n{after}\n{F}"


def test_a_cache_around_a_name_is_resized() -> None:
    text = f"import functools\n\n{F}\n\nf = functools.lru_cache(8)(f)\n"
    assert change(text, Verdict.RESIZE) == text.replace("(8)", "(maxsize=64)")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"import re\nfrom functools import lru_cache\n\n@lru_cache(8)\n{F}", f"import re\n\n{F}"),
        (
            f"from functools import lru_cache, wraps\n\n@lru_cache\n{F}",
            f"from functools import wraps\n\n{F}",
        ),
        (
            f"import functools\n\n@functools.lru_cache(\n    maxsize=8,\n)\n{F}\ng = functools.partial\n",
            f"import functools\n\n{F}\ng = functools.partial\n",
        ),
        (f"import functools\n\n{F}\n\nf = functools.lru_cache(8)(f)\n", None),
    ],
)
def test_a_cache_is_dropped_with_an_import_that_nothing_else_needs(before: str, after: str | None) -> None:
    assert change(before, Verdict.DROP) == after


def test_a_report_gets_the_change_and_the_decorator_as_the_file_spells_it() -> None:
    text = "import functools\n\n\ndef parse_rate(text):\n    return text\n"
    function = reports.win(path="a.py", line=4, edits=(), suggestion="@lru_cache(maxsize=512)")
    [told] = advised(reports.report([function]), lambda path: parse(text.encode())).functions
    assert told.suggestion == "@functools.lru_cache(maxsize=512)"
    assert [edit.after for edit in told.edits] == [
        ("@functools.lru_cache(maxsize=512)", "def parse_rate(text):"),
    ]


def test_a_file_that_cannot_be_read_leaves_the_report_as_it_is() -> None:
    def read(path: str) -> Source:
        raise InputError(f"{path}: gone")

    report = reports.mixed()
    assert advised(report, read) == report


def test_nothing_is_advised_for_what_needs_no_change() -> None:
    source = parse(F.encode())
    for verdict in (Verdict.KEEP, Verdict.UNSAFE, Verdict.NOT_WORTH_IT, Verdict.RESIZE, Verdict.DROP):
        assert advise(source, find(source, "f"), verdict, 64, typed=False) is None


def without_caches(data: bytes) -> str:
    """The syntax of a module but for ``functools`` imports and cache decorators."""
    module = ast.parse(data)
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.decorator_list = [item for item in node.decorator_list if "lru_cache" not in ast.dump(item)]
        if isinstance(node, ast.Module):
            node.body = [item for item in node.body if not is_import_of_functools(item)]
    return ast.dump(module)


def is_import_of_functools(node: ast.stmt) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    return names == ["functools"] or (isinstance(node, ast.ImportFrom) and node.module == "functools")


def test_on_real_modules_exactly_the_cache_is_added() -> None:
    chosen = random.Random(7).sample(sorted(STANDARD_LIBRARY.glob("*.py")), 40)
    tried = advised_count = 0
    for path in chosen:
        data = path.read_bytes()
        try:
            source = parse(data)
        except SourceError:
            continue
        for definition in source.definitions[::40]:
            if definition.cache is not None or len(definition.scopes) > 1:
                continue
            tried += 1
            advice = advise(source, definition, Verdict.CACHE, 64, typed=True)
            if advice is None:
                continue
            advised_count += 1
            changed = applied(data, advice)
            found = [one for one in parse(changed).definitions if one.qualname == definition.qualname]
            assert ExistingCache(64, typed=True) in [one.cache for one in found], (path, definition.qualname)
            assert without_caches(changed) == without_caches(data), (path, definition.qualname)
    assert tried > 30
    assert advised_count > 0.95 * tried
