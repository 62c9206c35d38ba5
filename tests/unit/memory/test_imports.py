"""Which files a file may import."""

import ast

import pytest

from hitrate.memory.imports import Modules

PATHS = (
    "src/app/__init__.py",
    "src/app/core.py",
    "src/app/json.py",
    "src/app/sub/__init__.py",
    "src/app/sub/deep.py",
    "helpers.py",
    "tests/test_app.py",
    "space/plug.py",
)
APP, CORE, DEEP = "src/app/__init__.py", "src/app/core.py", "src/app/sub/deep.py"
SUB = "src/app/sub/__init__.py"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("tests/test_app.py", "import app.core", {APP, CORE}),
        ("tests/test_app.py", "import app", {APP}),
        ("tests/test_app.py", "from app import core", {APP, CORE}),
        ("tests/test_app.py", "from app.sub import deep", {APP, SUB, DEEP}),
        ("tests/test_app.py", "from app.core import value", {APP, CORE}),
        ("tests/test_app.py", "def f():\n    import helpers", {"helpers.py"}),
        ("tests/test_app.py", "import space.plug", {"space/plug.py"}),
        ("tests/test_app.py", "import json, os", set()),
        ("tests/test_app.py", "patch('app.core.Kind.value')", {APP, CORE}),
        ("tests/test_app.py", "pytest_plugins = ['helpers']", {"helpers.py"}),
        ("tests/test_app.py", "x = 'not a name'", set()),
        ("src/app/sub/deep.py", "from . import other", {APP, SUB}),
        ("src/app/sub/deep.py", "from .. import core", {APP, CORE, SUB}),
        ("src/app/sub/deep.py", "from ..core import value", {APP, CORE, SUB}),
        ("src/app/core.py", "from .sub.deep import x", {APP, SUB, DEEP}),
        ("src/app/core.py", "from .json import x", {APP, "src/app/json.py"}),
    ],
)
def test_what_a_statement_may_import(path: str, text: str, found: set[str]) -> None:
    imports = Modules(PATHS).imported_by(path, ast.parse(text))
    assert (imports.paths, imports.open) == (found - {path}, False)


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("importlib.import_module(name)", True),
        ("import_module('.core', __package__)", True),
        ("importlib.import_module('app.core')", False),
        ("pytest.importorskip('numpy')", False),
        ("for each in pkgutil.iter_modules(path): pass", True),
        ("entry_points(group='x')", True),
        ("runpy.run_path('x.py')", True),
        ("import importlib", False),
        ("f(1)(2)", False),
    ],
)
def test_what_the_source_does_not_tell_may_be_anything(text: str, is_open: bool) -> None:
    assert Modules(PATHS).imported_by("tests/test_app.py", ast.parse(text)).open is is_open
