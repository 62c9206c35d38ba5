"""The pytest plugin that says which test is running. Laid out for one run; see ``seen`` for the rest.

Runs inside the analysed project's processes. Standard library, CPython 3.8+, and whatever pytest there is.
"""

from __future__ import annotations

import json
import os

from .seen import Seen
from .tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Iterator, List, Optional, Set, TypeVar, Union

    import pytest

    Hook = TypeVar("Hook", bound=Callable[..., object])

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_FOLDER = os.path.dirname(os.path.dirname(_PACKAGE))


def _seen() -> Seen:
    try:
        with open(os.path.join(_PACKAGE, "tree.json"), encoding="utf-8") as file:
            known = json.load(file)
    except FileNotFoundError:  # it was not laid out for a run
        return Seen(_FOLDER, Tree(_FOLDER, ()))
    seen = Seen(os.path.join(_FOLDER, "records"), Tree(known["tree"], known["python"]))
    seen.start()
    return seen


def _hook(*, around: bool, last: bool = False) -> Callable[[Hook], Hook]:
    """As ``pytest.hookimpl``, which is not at hand where no tests are run."""

    def mark(function: Hook) -> Hook:
        options = {"hookwrapper": around, "tryfirst": not last, "trylast": last, "optionalhook": False}
        function.pytest_impl = options  # type: ignore[attr-defined]
        return function

    return mark


SEEN = _seen()


class _Running:
    """What belongs to the test that is running."""

    def __init__(self) -> None:
        self.shared: Dict[int, int] = {}  # fixtures of more than one test that are set up, their contexts
        self.used: Set[int] = set()


_RUNNING = _Running()
_CONFIG: List[pytest.Config] = []  # of this process; a test may run pytest in it again
_PATHS: Dict[str, Optional[str]] = {}  # of the places of tests: each file holds many


def _path_of(node: Union[pytest.Item, pytest.Collector]) -> Optional[str]:
    """The file of a test or collector, relative to the tree."""
    place = getattr(node, "path", None) or getattr(node, "fspath", None)
    if place is None:
        return None
    name = str(place)
    if name not in _PATHS:
        _PATHS[name] = SEEN.tree.inside(name)
    return _PATHS[name]


@_hook(around=False)
def pytest_configure(config: pytest.Config) -> None:
    """The process that hands tests out to others of pytest-xdist runs none of them itself."""
    _CONFIG.append(config)
    if config is not _CONFIG[0]:
        return
    option = getattr(config, "option", None)
    handing_out = bool(getattr(option, "numprocesses", None)) or getattr(option, "dist", "no") not in (
        "no",
        None,
    )
    SEEN.excused = handing_out and not hasattr(config, "workerinput")


@_hook(around=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """What is reached while a file is collected belongs to it."""
    path = _path_of(collector)
    if (
        collector.config is not _CONFIG[0]
        or path is None
        or not os.path.isfile(os.path.join(SEEN.tree.root, path))
    ):
        yield
        return
    before = SEEN.context
    context = SEEN.begin()
    try:
        yield
    finally:
        SEEN.back_to(before)
        SEEN.watch.again()
        SEEN.lines.append(["file", path or "", [context]])
        SEEN.flush_much()


@_hook(around=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What is reached while a test runs belongs to it, and so do fixtures that are set up then."""
    if item.config is not _CONFIG[0]:
        yield
        return
    context = SEEN.begin()
    _RUNNING.used = {context, *_RUNNING.shared.values()}
    try:
        yield
    finally:
        SEEN.ended()
        path = _path_of(item)
        if path is None:
            SEEN.anything("%s is not in the tree" % item.nodeid)
        _, mark, name = item.nodeid.partition("::")
        SEEN.lines.append(["test", (path or "") + mark + name, sorted(_RUNNING.used)])
        SEEN.flush_much()


@_hook(around=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: Optional[pytest.Item]) -> Iterator[None]:
    """What ends fixtures of several tests belongs to all of these."""
    if (
        item.config is _CONFIG[0]
        and _RUNNING.shared
        and (nextitem is None or nextitem.parent is not item.parent)
    ):
        _RUNNING.used.add(SEEN.begin())
    yield


@_hook(around=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Iterator[None]:
    """A fixture of several tests has a context of its own."""
    if request.config is not _CONFIG[0] or getattr(fixturedef, "scope", "function") == "function":
        yield
        return
    before = SEEN.context
    context = SEEN.begin()
    _RUNNING.shared[id(fixturedef)] = context
    _RUNNING.used.add(context)
    try:
        yield
    finally:
        SEEN.back_to(before)


def pytest_fixture_post_finalizer(fixturedef: pytest.FixtureDef[object]) -> None:
    """Whatever was reached by now belongs to those that have used the fixture too."""
    context = _RUNNING.shared.pop(id(fixturedef), None)
    if context is not None:
        SEEN.gather()
        reached = SEEN.reached.get(SEEN.context, ())
        SEEN.lines.append(["reached", context, sorted(reached)])


@_hook(around=True, last=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """All tests have run; once a process of pytest-xdist has said so too, it may be ended at any time."""
    yield
    if session.config is _CONFIG[0]:
        SEEN.end()
