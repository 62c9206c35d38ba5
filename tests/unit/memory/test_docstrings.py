"""Which source may read docstrings: told from its code, and not from what it says about them."""

import ast

import pytest

from hitrate.memory.docstrings import reads_docstrings


def reads(source: str) -> bool:
    return reads_docstrings(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "print(run.__doc__)",
        "getattr(run, '__doc__')",
        "__doc__.splitlines()",
        "text = run.__doc__",
        "inspect.getsource(run)",
        "from inspect import getdoc as documented",
        "names = run.__code__.co_consts",
        "help(run)",
        "import click",
        "import attrs, zope.interface",
        "from pydantic.main import BaseModel",
        "def command():\n    import typer\n",
    ],
)
def test_what_asks_for_a_docstring_or_imports_what_does_may_read_any(source: str) -> None:
    assert reads(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        '"""Mentions __doc__ and getsource in a text."""',
        "# run.__doc__",
        "run.__doc__ = 'Runs.'",
        "help = 1",
        "commands.help(run)",
        "import clicks",
        "import project.click",
        "from . import click",
        "from .pydantic import BaseModel",
        "getsource = None",
    ],
)
def test_what_only_speaks_of_docstrings_or_gives_one_reads_none(source: str) -> None:
    assert not reads(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("wrapper.__doc__ = function.__doc__", False),
        ("__doc__ = main.__doc__", False),
        ("wrapper.__doc__ = __doc__", False),
        ("wrapper.__doc__ = function.__doc__.strip()", True),
        ("wrapper.text = function.__doc__", True),
        ("wrapper.__doc__ = other.__doc__ = function.__doc__", True),
        ("wrapper.__doc__ = function.__doc__\nprint(wrapper.__doc__)", True),
    ],
)
def test_one_that_is_handed_on_as_it_is_has_not_been_read(source: str, expected: bool) -> None:
    assert reads(source) is expected
