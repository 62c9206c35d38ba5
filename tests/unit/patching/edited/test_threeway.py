"""Taking a patch out of edited files: the edits stay, the patch goes, or nothing is done."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from hitrate.patching.edited.threeway import Variant, merged, texts, traces
from hitrate.patching.edits import LRU_CACHE, Edit, PatchError, cached, lifted, pieces_of, spliced
from hitrate.source.definitions import SourceError, parse
from tests.unit.patching.generated_modules import modules

PRIVATE = LRU_CACHE.encode()
TWO = b'''"""Doc."""
import calendar


def f(x):
    return x


def g(x):
    return x + 1
'''
AUDITED = b"""from functools import lru_cache
@lru_cache(8)
def f(x):
    return x
@lru_cache(
    maxsize=16,
)
def g(x):
    return x + 1
h = 1
"""


def patches(original: bytes, *names: str) -> Variant:
    source = parse(original)
    chosen = [item for item in source.definitions if not names or item.qualname in names]
    return pieces_of(source, [cached("a.py", item.qualname, item.line, 8) for item in chosen])


def after(original: bytes, edit: Callable[[bytes], bytes], *names: str) -> bytes | None:
    """The merge of an edit of the patched file; both functions are patched unless names are given."""
    pieces = patches(original, *names)
    return merged(original, [pieces], edit(spliced(original, pieces)))


def replacing(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new)

    return edit


LINE = b"@%s(maxsize=8)\n" % PRIVATE
F = b"def f(x):\n    return x\n"
NOTHING = (b"\0", b"")
IMPORT = b"from functools import lru_cache as %s\n" % PRIVATE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"import calendar\n", b"import calendar, sys\n"),
        (b"return x + 1", b"return x + 2\n\n\ndef h(): pass"),
        (b"def f(x):\n    return x\n", b"def f(x, y=1):\n    return x * y\n"),
        (b"def f(x):", b"def renamed(x):"),
        (b"def f(x):", b"@mine\ndef f(x):"),
        (b'"""Doc."""\n', b'"""Doc."""\nimport above\n'),
        (b'"""Doc."""\n', b""),
        (b"import calendar\n", b"import below\nimport calendar\n"),
        (b"    return x + 1\n", b"    return x + 1\n# the end, without a newline"),
        (b"    return x + 1\n", b"    return x + 1"),
        (b"\n\n\n", b"\n\n"),
        (b"return", b"\treturn  # \xff\x00\x0c\xe2\x80\xa8"),
        (b'"""Doc."""', b'\xef\xbb\xbf"""Doc."""'),
    ],
)
def test_an_edit_of_the_users_lines_is_kept_and_the_patch_goes(old: bytes, new: bytes) -> None:
    assert after(TWO, replacing(old, new)) == TWO.replace(old, new)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (replacing(LINE + F, b""), (F, b"")),
        (replacing(LINE + b"def f", b"def f"), NOTHING),
        (replacing(IMPORT, b""), NOTHING),
        (replacing(LINE + b"def f", b"@mine\n" + LINE + b"def f"), (b"def f", b"@mine\ndef f")),
        (replacing(IMPORT + b"import calendar\n", b"import calendar\n" + IMPORT), NOTHING),
        (replacing(b"\n", b"\r\n"), (b"\n", b"\r\n")),
        (replacing(LINE + b"def f", b"if 1:\n  " + LINE + b"  def f"), (b"def f", b"if 1:\n  def f")),
    ],
)
def test_patched_lines_that_were_moved_indented_or_deleted(
    edit: Callable[[bytes], bytes], expected: tuple[bytes, bytes]
) -> None:
    assert after(TWO, edit) == (TWO.replace(*expected))


def test_functions_in_another_order() -> None:
    f, g = LINE + b"def f(x):\n    return x\n", LINE + b"def g(x):\n    return x + 1\n"
    turned = TWO.replace(b"def f(x):\n    return x\n", b"@@").replace(
        b"def g(x):\n    return x + 1\n", b"def f(x):\n    return x\n"
    )
    expected = turned.replace(b"@@", b"def g(x):\n    return x + 1\n")
    assert after(TWO, lambda data: data.replace(f, b"?").replace(g, f).replace(b"?", g)) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"(maxsize=8)", b"(maxsize=16)"),
        (b"(maxsize=8)", b"(\n    maxsize=8,\n)"),
        (LINE, b"# " + LINE),
        (IMPORT, IMPORT[:-1] + b", wraps\n"),
        (b"    return x + 1\n", b"    return x + 1\n\n\n" + LINE + b"def copy(x): pass\n"),
        (b"    return x + 1\n", b"    return %s.cache_info()\n" % PRIVATE),
    ],
)
def test_an_edit_of_patched_lines_or_more_of_them_is_left(old: bytes, new: bytes) -> None:
    pieces = patches(TWO)
    current = replacing(old, new)(spliced(TWO, pieces))
    assert merged(TWO, [pieces], current) is None
    assert traces(TWO, texts(TWO, [pieces]), current)


@pytest.mark.parametrize("current", [b"", b"mine", TWO, TWO.replace(b"x", b"y"), b"\xff\xfe\x00"])
def test_a_file_without_a_patched_line_has_none_to_take_out(current: bytes) -> None:
    pieces = patches(TWO)
    assert merged(TWO, [pieces], current) is None
    assert not traces(TWO, texts(TWO, [pieces]), current)


def lifting(original: bytes, *names: str) -> Variant:
    source = parse(original)
    return pieces_of(
        source,
        [lifted("a.py", item.qualname, item.line) for item in source.definitions if item.qualname in names],
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"h = 1\n", b"h = 2\n"),
        (b"import lru_cache\n", b"import lru_cache, wraps\n"),
        (b"    return x\n", b"    return -x\n"),
        (b"h = 1\n", b""),
    ],
)
def test_caches_that_were_replaced_are_as_they_were(old: bytes, new: bytes) -> None:
    """Each one again with its own size, although the patch's lines are the same."""
    pieces = lifting(AUDITED, "f", "g")
    assert merged(AUDITED, [pieces], replacing(old, new)(spliced(AUDITED, pieces))) == AUDITED.replace(
        old, new
    )


def test_replaced_caches_that_cannot_be_told_apart_are_left() -> None:
    pieces = lifting(AUDITED, "f", "g")
    patched = spliced(AUDITED, pieces)
    line = b"@%s(maxsize=0)\n" % PRIVATE
    f, g = line + b"def f(x):\n    return x\n", line + b"def g(x):\n    return x + 1\n"
    assert f in patched
    turned = patched.replace(f, b"?").replace(g, f).replace(b"?", g)
    assert merged(AUDITED, [pieces], turned) is None


def test_a_line_that_replaced_a_cache_of_one_function_and_nothing_of_another() -> None:
    original = b"def f(): pass\n@functools.cache\ndef g(): pass\n"
    pieces = patches(original, "f", "g")
    patched = spliced(original, pieces)
    assert merged(original, [pieces], patched) == original
    assert merged(original, [pieces], patched + b"x") == original + b"x"
    assert merged(original, [pieces], b"x\n" + patched + b"x") is None


def test_an_editor_that_saves_an_earlier_patch_gets_its_own_caches_back() -> None:
    """What replaced two caches is the same line: it is never taken for the other one."""
    first, second = lifting(AUDITED, "f"), lifting(AUDITED, "g")
    for current in (spliced(AUDITED, first), spliced(AUDITED, second)):
        edited = current.replace(b"h = 1\n", b"h = 2\n")
        assert merged(AUDITED, [first, second], edited) in (None, AUDITED.replace(b"h = 1\n", b"h = 2\n"))
        edited = edited.replace(b"import lru_cache\n", b"import lru_cache, wraps\n")
        expected = AUDITED.replace(b"h = 1\n", b"h = 2\n").replace(
            b"import lru_cache\n", b"import lru_cache, wraps\n"
        )
        assert merged(AUDITED, [first, second], edited) in (None, expected)


def test_lines_that_the_original_has_too_are_not_taken_for_the_patch() -> None:
    """As where patched lines were committed by mistake."""
    original = TWO.replace(b"def g", IMPORT + LINE + b"def g")
    pieces = patches(original, "f")
    patched = spliced(original, pieces)
    assert merged(original, [pieces], patched + b"# more\n") == original + b"# more\n"
    both = b"# first\n" + patched + b"# more\n"
    assert merged(original, [pieces], both) is None


def test_a_patch_without_the_private_name_is_found_or_left() -> None:
    pieces = pieces_of(parse(TWO), [Edit("a.py", "f", 5, "print", "import os as _o")])
    patched = spliced(TWO, pieces)
    assert merged(TWO, [pieces], patched.replace(b"x + 1", b"x + 2")) == TWO.replace(b"x + 1", b"x + 2")
    assert merged(TWO, [pieces], patched.replace(b"@print", b"@print  # why")) is None


def line_edits() -> st.SearchStrategy[list[tuple[int, int, list[bytes]]]]:
    """Places, numbers of lines deleted there, and lines put there instead."""
    texts = st.sampled_from(
        [b"y = 1\n", b"\n", b"\r\n", b"\xff\xfe", b"@mine\r", b"# \x0c\n", b"@len\n", LINE, IMPORT]
    )
    return st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 3), st.lists(texts, max_size=2)), min_size=1, max_size=4
    )


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(modules(), st.data())
def test_either_the_users_edits_of_the_original_or_nothing(data: bytes, draw: st.DataObject) -> None:
    """The edits are made of the patched file and, where they do not touch the patch, of the original too."""
    try:
        source = parse(data)
    except SourceError:
        assume(False)
    assume(source.definitions)
    of_them = st.lists(st.sampled_from(source.definitions), min_size=1, unique_by=lambda item: item.line)
    try:
        variants = [
            pieces_of(source, [cached("a.py", item.qualname, item.line, size) for item in draw.draw(of_them)])
            for size in draw.draw(st.sampled_from([[8], [8, 8], [8, 9], [9, 8]]))
        ]
    except PatchError:
        assume(False)
    pieces = draw.draw(st.sampled_from(variants))  # an editor may hold any of them
    lines = tagged(data, pieces)
    assert b"".join(new for _, new in lines) == spliced(data, pieces)
    edits = draw.draw(line_edits())
    for place, deleted, new in edits:
        at = place % (len(lines) + 1)
        lines[at : at + deleted] = [(text, text) for text in new]
    # A line feed after a lone carriage return ends the line before it: whose of the two it is cannot be told.
    written = [new for _, new in lines if new]
    assume(not any(one.endswith(b"\r") and two.startswith(b"\n") for one, two in pairwise(written)))
    result = merged(data, variants, b"".join(new for _, new in lines))
    event("left" if result is None else "merged")
    if result is not None:
        assert not traces(data, texts(data, variants), result)
        if not any(PRIVATE in text for _, _, new in edits for text in new):
            assert result == b"".join(old for old, _ in lines)


def tagged(original: bytes, pieces: Variant) -> list[tuple[bytes, bytes]]:
    """Each line of the patched file, after what it is without the patch."""
    found: list[tuple[bytes, bytes]] = []
    position = 0
    ends = re.compile(rb"\r\n|\r|\n")

    def add(text: bytes) -> None:
        parts, start = [], 0
        for match in ends.finditer(text):
            parts.append(text[start : match.end()])
            start = match.end()
        found.extend((part, part) for part in [*parts, text[start:]] if part)

    for piece in pieces:
        add(original[position : piece.start])
        joined = original[piece.start : piece.end], piece.data
        found.append(joined)
        position = piece.end
    add(original[position:])
    return found
