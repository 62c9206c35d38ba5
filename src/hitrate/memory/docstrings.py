"""Which source may read docstrings, so that these make a difference to the tests that reach it."""

import ast
import re
from collections.abc import Iterator

from hitrate.memory.nodes import nodes

DOC = "__doc__"
_READERS = frozenset(
    {
        "DocTestFinder",
        "DocTestSuite",
        "co_consts",
        "doctest",
        "findsource",
        "get_docstring",
        "getblock",
        "getcomments",
        "getdoc",
        "getsource",
        "getsourcelines",
        "pydoc",
        "testmod",
    }
)
"""Names of what gives docstrings or holds them; `help` is one only where it is called."""
_MODULES = frozenset(
    name
    for names in (
        # Python's own.
        "cmd marshal pydoc_data xmlrpc",
        # Commands and their help.
        "argh asyncclick baker begin click clize cmd2 cyclopts defopt docopt doit fabric fire invoke",
        "mando plac rich_click typer tyro",
        # Descriptions of what is served.
        "apiflask apispec connexion drf_spectacular drf_yasg fastapi fastmcp flasgger flask_restx",
        "flask_smorest graphene litestar mcp ninja pydantic rest_framework sanic_ext starlette strawberry",
        # Documents.
        "docstring_parser griffe numpydoc pdoc sphinx",
        # Functions as they are written.
        "cloudpickle dill joblib",
        # Tasks and tools of workflows, bots and models.
        "airflow dagster discord langchain langchain_core prefect smolagents transformers",
        # Others: grammars, keywords of tests, pages, traits, interfaces.
        "ply robot streamlit traitlets zope",
    )
    for name in names.split()
)
"""Packages that read the docstrings of what they are given, by the first part of their names."""


_WORDS = frozenset(name.encode() for name in (DOC, "help", *_READERS, *_MODULES))
_WORD = re.compile(rb"\w+")


def speaks_of_docstrings(data: bytes) -> bool:
    """Whether source holds a word without which nothing in it reads a docstring."""
    return not _WORDS.isdisjoint(_WORD.findall(data))


def reads_docstrings(module: ast.AST) -> bool:
    """Whether anything in a file or a function may read a docstring, more than to hand it on to another one.

    That a comment or a text speaks of docstrings is no reading; a text that is the name itself may be one.
    """
    handed_on = {id(part) for node in nodes(module) for part in _handed_on(node)}
    return any(_reads(node) for node in nodes(module) if id(node) not in handed_on)


def _reads(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
            return name == DOC or name in _READERS
        case ast.Constant(value=str(text)):
            return text == DOC
        case ast.Call(func=ast.Name(id="help")):
            return True
        case ast.Import(names=names):
            return any(
                _is_reader(alias.name) or (alias.asname is not None and alias.name in _READERS)
                for alias in names
            )
        case ast.ImportFrom(module=module, names=names, level=level):
            is_renamed = any(each.name in _READERS and each.asname is not None for each in names)
            is_whole = module in _READERS and any(each.name not in _READERS for each in names)
            return level == 0 and (_is_reader(module or "") or is_renamed or is_whole)
        case _:
            return False


def _is_reader(module: str) -> bool:
    return module.partition(".")[0] in _MODULES


def _handed_on(node: ast.AST) -> Iterator[ast.AST]:
    """``__doc__`` that becomes another ``__doc__`` as it is: nothing reads it by that."""
    match node:
        case ast.Assign(targets=[target], value=ast.Attribute() | ast.Name() as value):
            if _is_doc(target) and _is_doc(value):
                yield value
        case _:
            return


def _is_doc(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name == DOC
        case _:
            return False
