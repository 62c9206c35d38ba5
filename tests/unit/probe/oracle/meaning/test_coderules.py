"""What calls of Python functions of the standard library mean: told from the frames of real calls."""

import logging
import os
import sys
import warnings
from collections.abc import Callable
from types import FrameType
from unittest import mock

import pytest

from hitrate.probe.oracle import nodes
from hitrate.probe.oracle.meaning import coderules
from hitrate.probe.oracle.rules import ENVIRONMENT, EQUIPPED, LOG, MOCK, WARNING


def meant(act: Callable[[], object]) -> list[object]:
    """What the rules say of the calls that an action makes, in their order."""
    coderules.learn()
    found: list[object] = []

    def begins(frame: FrameType, event: str, arg: object) -> None:
        rule = coderules.CODES.get(nodes.id_of(frame.f_code)) if event == "call" else None
        if rule is not None:
            found.append(rule(frame))

    before = sys.getprofile()
    sys.setprofile(begins)
    try:
        act()
    finally:
        sys.setprofile(before)
    return found


@pytest.fixture
def logger() -> logging.Logger:
    made = logging.Logger("shop.till")  # of no tree: nobody else sees it
    made.addHandler(logging.NullHandler())
    return made


def test_a_variable_is_read_by_its_name() -> None:
    assert meant(lambda: os.environ.get("SHOP_CURRENCY")) == [(ENVIRONMENT, "SHOP_CURRENCY")]
    assert meant(lambda: os.getenv("PYTHONPATH")) == [(ENVIRONMENT, "PYTHONPATH")]


def test_who_reads_all_variables_reads_none_in_particular() -> None:
    assert meant(os.environ.copy)[0] == (ENVIRONMENT, "")
    assert (ENVIRONMENT, "") in meant(lambda: [*os.environ])


def test_a_variable_of_python_that_its_own_library_looks_up_is_no_input() -> None:
    space: dict[str, object] = {"environ": os.environ}
    source = "def look(name):\n    return environ.get(name)\n"
    exec(compile(source, os.path.join(os.path.dirname(os.__file__), "asyncio", "own.py"), "exec"), space)
    look: Callable[[str], object] = space["look"]  # type: ignore[assignment]
    assert meant(lambda: look("PYTHONASYNCIODEBUG")) == [None]
    assert meant(lambda: look("HOME")) == [(ENVIRONMENT, "HOME")]


def asked_in(file: str, module: object) -> Callable[[str], object]:
    """A function of a module in a file that looks a variable up."""
    space: dict[str, object] = {"environ": os.environ, "__name__": module}
    exec(compile("def look(name):\n    return environ.get(name)\n", file, "exec"), space)
    return space["look"]  # type: ignore[return-value]


INSTALLED = "/venv/lib/python3.12/site-packages/shapes/_loader.py"


@pytest.mark.parametrize(
    ("file", "module", "name", "is_input"),
    [
        pytest.param(INSTALLED, "shapes._loader", "SHAPES_DISABLE_PLUGINS", False, id="its own switch"),
        pytest.param(INSTALLED, "shapes", "SHAPES_MODE", True, id="its own, and set"),
        pytest.param(INSTALLED, "shapes", "SHAPESIZE", True, id="only begins alike"),
        pytest.param(INSTALLED, "shapes", "NO_COLOR", True, id="one that others set too"),
        pytest.param(INSTALLED, "shapes", "PYTHONUTF8", True, id="one of Python's"),
        pytest.param(INSTALLED, None, "SHAPES_DISABLE_PLUGINS", True, id="no module tells the package"),
        pytest.param("/repo/src/shapes/_loader.py", "shapes", "SHAPES_DEBUG", True, id="of the project"),
        pytest.param("/repo/vendor/shapes.py", "shapes", "SHAPES_DEBUG", True, id="vendored"),
    ],
)
def test_an_installed_package_that_looks_for_its_own_switch_reads_no_input(
    file: str, module: object, name: str, is_input: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHAPES_MODE", "fast")
    look = asked_in(file, module)
    assert meant(lambda: look(name)) == [(ENVIRONMENT, name) if is_input else None]


def test_a_message_counts_for_its_logger_and_only_where_it_is_let_through(logger: logging.Logger) -> None:
    logger.setLevel(logging.WARNING)
    assert meant(lambda: logger.warning("sold out")) == [(LOG, "shop.till")]
    assert meant(lambda: logger.info("sold one")) == []


def test_a_logger_is_equipped_by_a_handler_that_it_has_not_got_yet(logger: logging.Logger) -> None:
    handler = logging.NullHandler()
    assert meant(lambda: logger.addHandler(handler)) == [(EQUIPPED, "handlers of a logger")]
    assert meant(lambda: logger.addHandler(handler)) == [None]


def test_a_warning_counts_by_its_category_and_only_where_it_is_shown() -> None:
    def warn() -> None:
        warnings.warn("old", FutureWarning, stacklevel=2)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda *shown: None  # type: ignore[assignment]
        assert meant(warn) == [(WARNING, "FutureWarning")]
        warnings.simplefilter("ignore")
        assert meant(warn) == []


def test_a_call_of_a_mock_is_told_whatever_it_stands_for() -> None:
    assert meant(mock.Mock(name="price")) == [(MOCK, "")]
    assert meant(mock.MagicMock(return_value=3)) == [(MOCK, "")]


def test_what_is_learnt_once_is_known_for_good() -> None:
    coderules.learn()
    known = dict(coderules.CODES)
    coderules.learn()
    assert known == coderules.CODES
