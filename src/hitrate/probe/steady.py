"""A pytest plugin for plugins that make runs of the same tests differ. Laid out for one analysis.

What shuffles the tests, runs failed ones again or picks those that failed before is switched off, and said by
a file of its name among the records. Options and markers of such plugins are still understood. Examples that
Hypothesis would keep for the next run, wherever the project has it keep them, are forgotten at the end. Tests
that fail are named in the summary, whatever the project has it say.
"""

import os
import sys
from typing import Any, Iterator, Set

import pytest

_FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_SAID = os.path.join(_FOLDER, "records")
_RERUNNING = (
    ("rerunfailures", "pytest-rerunfailures", "reruns"),
    ("flaky", "flaky", "force_flaky"),
    ("pytest-retry", "pytest-retry", "global_retries"),
)
_OF_CACHE = ("lf", "failedfirst", "newfirst", "stepwise")
_FORGETFUL: "Set[type]" = set()
_UNSEEDED = ("default", "last")
_DATABASES = (
    ("hypothesis.database", "DirectoryBasedExampleDatabase"),
    ("hypothesis.extra.redis", "RedisExampleDatabase"),
)


def pytest_cmdline_main(config: "Any") -> None:
    """Set options, before any plugin is configured by them. In workers of pytest-xdist too."""
    option = config.option
    if getattr(option, "randomly_reorganize", False):
        option.randomly_reorganize = False
        _say("pytest-randomly")
    if getattr(option, "randomly_seed", None) in _UNSEEDED:
        option.randomly_seed = 0
    if hasattr(option, "random_order_bucket"):
        chosen = (option.random_order_bucket, getattr(option, "random_order_seed", "default:"))
        if option.random_order_enabled or not all(str(one).startswith("default:") for one in chosen):
            _say("pytest-random-order")
        option.random_order_enabled, option.random_order_bucket = False, "none"
    if getattr(option, "reverse", False) is True:
        option.reverse = False
        _say("pytest-reverse")
    for name in _OF_CACHE:
        if getattr(option, name, False) is True:
            setattr(option, name, False)
            _say("pytest-cache")
    if getattr(option, "store_durations", False):
        option.store_durations = False
        _say("pytest-split")
    if getattr(option, "hypothesis_seed", 0) is None:
        option.hypothesis_seed = "0"
    _name_what_fails(option)


def _name_what_fails(option: "Any") -> None:
    if isinstance(getattr(option, "reportchars", None), str):
        option.reportchars += "fE"
    if getattr(option, "no_summary", False):
        option.no_summary = False


def pytest_configure(config: "Any") -> None:
    """Take out what runs tests again, once it has said which markers there are: this is called last."""
    rerunning = config._hitrate_rerunning = []
    for name, title, option in _RERUNNING:
        if config.pluginmanager.hasplugin(name):
            config.pluginmanager.unregister(name=name)
            rerunning.append(title)
            if getattr(config.option, option, None):
                _say(title)


@pytest.hookimpl(tryfirst=True)  # Hypothesis reads the project's source at the same time
def pytest_collection_modifyitems(config: "Any", items: "list[Any]") -> None:
    """Say that tests would be run again, where one asks for it, and have Hypothesis be steady."""
    _steady_hypothesis()
    if config._hitrate_rerunning and any(map(_is_flaky, items)):
        for title in config._hitrate_rerunning:
            _say(title)


def _steady_hypothesis() -> None:
    """Make Hypothesis draw the same examples in each run, where it was imported; it is not imported for that.

    Examples are kept within the process, and are not made of numbers and texts in the project's source, which
    is patched for some runs.
    """
    providers = sys.modules.get("hypothesis.internal.conjecture.providers")
    if providers is not None and "is_local_module_file" in vars(providers):
        vars(providers)["is_local_module_file"] = _is_no_file_of_the_project
    for module, name in _DATABASES:
        database = getattr(sys.modules.get(module), name, None)
        if isinstance(database, type) and database not in _FORGETFUL:
            _FORGETFUL.add(database)
            _make_forgetful(database)


def _is_no_file_of_the_project(path: str) -> bool:  # noqa: ARG001
    return False


def _make_forgetful(database: type) -> None:
    """Have a class of databases read what is kept already, and keep what is new for this process alone."""
    kept = vars(database)["fetch"]
    changes: "dict[tuple[str, bytes], dict[bytes, bool]]" = {}

    def note(self: object, key: bytes, value: bytes, there: bool) -> None:
        changes.setdefault((repr(self), bytes(key)), {})[bytes(value)] = there

    def fetch(self: object, key: bytes) -> "Iterator[bytes]":
        changed = dict(changes.get((repr(self), bytes(key)), ()))
        yield from (value for value in kept(self, key) if changed.pop(value, True))
        yield from (value for value, there in changed.items() if there)

    def save(self: object, key: bytes, value: bytes) -> None:
        note(self, key, value, True)

    def delete(self: object, key: bytes, value: bytes) -> None:
        note(self, key, value, False)

    def move(self: object, src: bytes, dest: bytes, value: bytes) -> None:
        note(self, src, value, False)
        note(self, dest, value, True)

    for method in (fetch, save, delete, move):
        setattr(database, method.__name__, method)


def _is_flaky(item: "Any") -> bool:
    marked = item.get_closest_marker("flaky") is not None
    return marked or hasattr(getattr(item, "function", None), "_flaky_max_runs")


def _say(title: str) -> None:
    try:
        with open(os.path.join(_SAID, title), "w", encoding="utf-8"):
            pass
    except OSError:
        pass
