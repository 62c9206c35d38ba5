"""A file whose merge is not finished is told as such; one that only shows the marks is not."""

import pytest

from hitrate.source.definitions import SourceError, parse

TOLD = "line {} begins an unresolved merge conflict"
CONFLICT = "<<<<<<< HEAD\n    return 1\n=======\n    return 2\n>>>>>>> change\n"
THREE = "<<<<<<< ours\n    return 1\n||||||| base\n    return 0\n=======\n    return 2\n>>>>>>> theirs\n"


def told(text: str) -> str:
    with pytest.raises(SourceError) as found:
        parse(text.encode())
    return str(found.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"def f():\n{CONFLICT}", 2),
        (f"def f():\n{THREE}", 2),
        (f"def f():\n{CONFLICT}".replace("\n", "\r\n"), 2),
        (f"X = [\n    1,\n{CONFLICT.replace('    return ', '    ')}]\n", 3),
        (f"call(\n{CONFLICT}", 2),
        ("<<<<<<< HEAD\nimport a\n=======\nimport b\n>>>>>>> 0123abc (message)\n", 1),
        ("<<<<<<<\nimport a\n=======\nimport b\n>>>>>>>\n", 1),
        (f"def f():\n{CONFLICT}\n\ndef g():\n{CONFLICT}", 2),
    ],
)
def test_an_unfinished_merge(text: str, line: int) -> None:
    assert told(text) == TOLD.format(line)


@pytest.mark.parametrize(
    "text",
    [
        f"TEXT = '''\n{CONFLICT}'''\ndef f(:\n    pass\n",
        "def f(:\n    pass\n\nTITLE = '''\n=======\n'''\n",
        "<<<<<<<\n",
        "x = 1\n>>>>>>> y\n",
        "<<<<<<<<< HEAD\n=======\n>>>>>>> x\n",
    ],
)
def test_something_else_that_is_wrong(text: str) -> None:
    assert "conflict" not in told(text)


def test_a_text_that_shows_the_marks_is_no_error() -> None:
    assert parse(f"TEXT = '''\n{CONFLICT}'''\n".encode()).definitions == ()
