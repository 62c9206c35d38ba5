"""When the tests are run as always, and when no passes are made of them and why."""

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pluggy
import pytest
from _pytest import hookspec

from tests.unit.probe.passes.trial import Trial


class Decides:
    """A plugin that has a say in how a test is run."""

    @pytest.hookimpl
    def pytest_runtest_protocol(self, item: object) -> None:
        """Leave it to the others."""


class Wraps:
    """A plugin that only does something around it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: object) -> Any:
        """Do nothing."""
        return (yield)


def session(*plugins: object, failed: int = 0, **options: object) -> Any:
    """What the plugin asks of a session before any test is run."""
    manager = pluggy.PluginManager("pytest")
    manager.add_hookspecs(hookspec)
    for plugin in plugins:
        manager.register(plugin, name=type(plugin).__name__)
    option = SimpleNamespace(**{"collectonly": False, **options})
    return SimpleNamespace(testsfailed=failed, config=SimpleNamespace(option=option, hook=manager.hook))


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path)


def called(trial: Trial) -> ModuleType:
    """The plugin in a process where a function was called while tests were collected."""
    plugin = trial.module("plugin")
    trial.module("switch").add(abs, 1, 8, typed=False, lifted=False)(-1)
    return plugin


def test_the_process_that_loads_it_makes_the_passes_and_says_so(trial: Trial) -> None:
    trial.module("plugin")
    assert trial.module("records").is_claimed_here()
    assert trial.lines() == [["begin"]]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (session(failed=1), ["failed", ""]),
        (session(reruns=2), ["plugin", "reruns"]),
        (session(reruns=0, dist="load"), ["plugin", "dist"]),
        (session(Wraps(), Decides()), ["plugin", "Decides"]),
        (session(Wraps(), reruns=0, dist="no"), ["start", ""]),
    ],
)
def test_no_passes_are_made_where_something_else_decides_what_is_run(
    trial: Trial, given: Any, why: list[str]
) -> None:
    assert called(trial).pytest_runtestloop(given) is True
    assert trial.lines() == [["begin"], ["refused", *why]]


def test_tests_that_are_only_collected_and_sessions_within_a_test_are_as_always(trial: Trial) -> None:
    plugin = called(trial)
    assert plugin.pytest_runtestloop(session(collectonly=True)) is None
    assert plugin.pytest_runtestloop(session(failed=1)) is True
    assert plugin.pytest_runtestloop(session(failed=1)) is None
    assert trial.lines() == [["begin"], ["refused", "failed", ""]]
