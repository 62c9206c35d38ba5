"""A pytest plugin for ``memory.py``: which tests ran, and which of them called one of certain functions.

    HITRATE_CALLS=PLACE python -m pytest -p calls

PLACE is a file of JSON with ``functions``, each a path and a qualified name without ``<locals>``; what was seen is
written beside it, as ``PLACE.ran`` and ``PLACE.called``. Needs CPython 3.12; knows nothing of Hitrate.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

TOOL = 1
RAN: list[str] = []
CALLED: set[str] = set()
PLACE = os.environ.get("HITRATE_CALLS")


def watch(functions: list[list[str]]) -> None:
    """Note the running test whenever one of the functions begins."""
    wanted = {(os.path.realpath(path), name) for path, name in functions}
    names = {name.rpartition(".")[2] for _, name in wanted}
    monitoring = sys.monitoring
    events = monitoring.events.PY_START | monitoring.events.PY_RESUME

    def began(code: CodeType, _: int) -> object:
        if code.co_name not in names:
            return monitoring.DISABLE
        if (os.path.realpath(code.co_filename), code.co_qualname.replace(".<locals>", "")) not in wanted:
            return monitoring.DISABLE
        if RAN:
            CALLED.add(RAN[-1])
        return None

    monitoring.use_tool_id(TOOL, "calls")
    monitoring.register_callback(TOOL, monitoring.events.PY_START, began)
    monitoring.register_callback(TOOL, monitoring.events.PY_RESUME, began)
    monitoring.set_events(TOOL, events)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    """What is called from here on is called by this test."""
    RAN.append(item.nodeid)
    return (yield)


def pytest_sessionfinish() -> None:
    """Write what was seen, besides what earlier runs saw."""
    for kind, tests in (("ran", {*RAN}), ("called", CALLED)) if PLACE is not None else ():
        place = Path(f"{PLACE}.{kind}")
        before = json.loads(place.read_text("utf-8")) if place.exists() else []
        place.write_text(json.dumps(sorted({*before, *tests})), "utf-8")


if PLACE is not None and (known := json.loads(Path(PLACE).read_text("utf-8"))["functions"]):
    watch(known)
