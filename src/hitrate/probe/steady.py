"""A pytest plugin for plugins that make runs of the same tests differ. Laid out for one analysis.

What shuffles the tests, runs failed ones again or picks those that failed before is switched off, and said by
a file of its name among the records. Options and markers of such plugins are still understood.
"""

import os
from typing import Any

_FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_SAID = os.path.join(_FOLDER, "records")
_RERUNNING = (
    ("rerunfailures", "pytest-rerunfailures", "reruns"),
    ("flaky", "flaky", "force_flaky"),
    ("pytest-retry", "pytest-retry", "global_retries"),
)
_OF_CACHE = ("lf", "failedfirst", "newfirst", "stepwise")
_UNSEEDED = ("default", "last")


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
    if getattr(option, "hypothesis_seed", 0) is None:
        option.hypothesis_seed = "0"


def pytest_configure(config: "Any") -> None:
    """Take out what runs tests again, once it has said which markers there are: this is called last."""
    rerunning = config._hitrate_rerunning = []
    for name, title, option in _RERUNNING:
        if config.pluginmanager.hasplugin(name):
            config.pluginmanager.unregister(name=name)
            rerunning.append(title)
            if getattr(config.option, option, None):
                _say(title)


def pytest_collection_modifyitems(config: "Any", items: "list[Any]") -> None:
    """Say that tests would be run again, where one asks for it."""
    if config._hitrate_rerunning and any(map(_is_flaky, items)):
        for title in config._hitrate_rerunning:
            _say(title)


def _is_flaky(item: "Any") -> bool:
    marked = item.get_closest_marker("flaky") is not None
    return marked or hasattr(getattr(item, "function", None), "_flaky_max_runs")


def _say(title: str) -> None:
    try:
        with open(os.path.join(_SAID, title), "w", encoding="utf-8"):
            pass
    except OSError:
        pass
