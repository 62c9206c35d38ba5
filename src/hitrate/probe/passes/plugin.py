"""A pytest plugin that runs the tests again and again in one process, the caches on and off in turn.

Runs inside the analysed project's processes, laid out for one trial. Standard library, CPython 3.8+, and
whatever pytest there is.

``plan.json`` beside it says what to do: ``number`` of this process, ``pairs`` of passes (one, or an even
number), with which arm they begin (``on``), ``slots``, the ``cpu_seconds`` that all of it may take, and the
``saving_seconds`` that a pass without the caches should take longer. What was seen goes to
``NUMBER.passes`` in the records, a line of JSON each:

    ``["begin"]`` the process makes passes.
    ``["pass", on, cpu, wall, [[hits, misses], …]]`` a pass; the first one, with the caches, is what a
    process of its own would be, and those that follow are pairs in ABBA order.
    ``["refused", why, what]`` no passes are made, or no more.
    ``["end", cpu, wall]`` what was done besides collecting the tests and the first pass.
    A file ``NUMBER.elsewhere`` says that another process imported the functions.
"""

from __future__ import annotations

import functools
import gc
import resource
import time

from . import records, switch
from .records import PLAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional

    import pytest

_FEWEST_PAIRS = 2
_AFFECTED = ("pytest_runtestloop", "pytest_runtest_protocol")
_REPEATING = ("numprocesses", "forked", "boxed", "reruns", "force_flaky", "global_retries", "usepdb")
# Not the functions themselves: tools that stop time replace them wherever a module names them.
_cpu_clock = functools.partial(time.process_time)
_wall_clock = functools.partial(time.perf_counter)
_begun: List[bool] = []

# The first process that pytest runs in, and none that it starts; before anything of the project is imported.
records.claim()


def pytest_runtestloop(session: pytest.Session) -> Optional[bool]:
    """Run the passes in place of the tests; None where the tests are to be run as always."""
    # In the process of the passes, a second session is one that a test began.
    if not records.is_claimed_here() or session.config.option.collectonly or _begun:
        return None
    _begun.append(True)
    begun = _cpu_seconds(), _wall_clock()
    why = _refusal(session)
    if why is not None:
        records.write("passes", ["refused", *why])
        return True
    passes = _Passes(session)
    session.config.pluginmanager.register(passes, "hitrate-passes")
    if passes.run():
        cpu, wall = _cpu_seconds() - begun[0], _wall_clock() - begun[1]
        records.write("passes", ["end", cpu - passes.first[0], wall - passes.first[1]])
    return True


def _refusal(session: pytest.Session) -> Optional[List[str]]:
    """Why no passes are made: something else decides how often, or in which process, tests are run."""
    options = session.config.option
    if session.testsfailed:
        return ["failed", ""]
    for name in _REPEATING:
        if getattr(options, name, None):
            return ["plugin", name]
    if getattr(options, "dist", "no") != "no":
        return ["plugin", "dist"]
    for hook in _AFFECTED:
        for found in getattr(session.config.hook, hook).get_hookimpls():
            module = str(getattr(found.function, "__module__", ""))
            wraps = found.hookwrapper or getattr(found, "wrapper", False)
            if not wraps and not module.startswith("_pytest.") and module != __name__:
                return ["plugin", str(found.plugin_name)[:80]]
    if any(map(any, switch.counts(int(PLAN["slots"])))):
        return ["start", ""]
    try:
        switch.turn(False)
        switch.turn(True)
    except switch.HeldError as error:
        return ["held", str(error)]
    return None


class _Passes:
    """Passes over the tests of a session.

    Attributes:
        first: CPU and wall seconds of the first one.
    """

    def __init__(self, session: pytest.Session) -> None:
        """Take the session, whose tests were collected."""
        self._session = session
        self._ended: Dict[str, int] = {}
        self._failed = ""
        self.first = 0.0, 0.0
        self._globals = {id(item): dict(item.dtest.globs) for item in session.items if hasattr(item, "dtest")}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count how the tests end."""
        key = "%s %s" % (report.when, report.outcome)
        self._ended[key] = self._ended.get(key, 0) + 1
        if report.failed and not self._failed:
            self._failed = str(report.nodeid)[:200]

    def run(self) -> bool:
        """A pass with the caches, then pairs in ABBA order, as many as there are means for.

        Returns:
            Whether all were made.
        """
        kept = switch.entries()
        ended = self._pass(True, kept)
        if ended is None:
            return False
        pairs = self._affordable()
        if pairs < min(_FEWEST_PAIRS, int(PLAN["pairs"])) or not pairs:
            records.write("passes", ["refused", "long", ""])
            return False
        for number in range(2 * pairs):
            for item in self._session.items:
                self._renew(item)
            again = self._pass((number % 4 in (0, 3)) is PLAN["on"], kept)
            if again is None:
                return False
            if again != ended:
                records.write("passes", ["refused", "differ", ""])
                return False
        return True

    def _affordable(self) -> int:
        """Pairs of passes that there are means for: one or none, or an even number."""
        seconds = 2 * self.first[0] + PLAN["saving_seconds"]
        affordable = (PLAN["cpu_seconds"] - _cpu_seconds()) / max(seconds, 1e-6)
        pairs = int(min(PLAN["pairs"], affordable))
        return pairs if pairs < _FEWEST_PAIRS else pairs // 2 * 2

    def _pass(self, on: bool, kept: Dict[int, int]) -> Optional[Dict[str, int]]:
        """Run all tests once; how they ended, or None where they did not as they should."""
        try:
            switch.turn(on)
        except switch.HeldError as error:
            records.write("passes", ["refused", "held", str(error)])
            return None
        self._ended = {}
        switch.empty(kept)
        gc.collect()
        wall, cpu = _wall_clock(), _cpu_seconds()
        stopped = self._run_all()
        cpu, wall = _cpu_seconds() - cpu, _wall_clock() - wall
        self.first = self.first if any(self.first) else (cpu, wall)
        if self._failed or stopped:
            records.write("passes", ["refused", "failed", self._failed])
            return None
        records.write("passes", ["pass", on, cpu, wall, switch.counts(int(PLAN["slots"]))])
        return self._ended

    def _run_all(self) -> bool:
        """Run the tests; whether they were stopped before the last one."""
        session = self._session
        for item, following in zip(session.items, [*session.items[1:], None]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail or session.shouldstop:
                return True
        return False

    def _renew(self, item: pytest.Item) -> None:
        """Make a test as it was before it was run."""
        if id(item) in self._globals:  # a doctest's were cleared
            item.dtest.globs.update(self._globals[id(item)])  # type: ignore[attr-defined]
        kind, method = getattr(item, "cls", None), getattr(item, "_obj", None)
        if isinstance(kind, type) and isinstance(getattr(method, "__self__", None), kind):
            item._obj = None  # type: ignore[attr-defined]  # a method gets a new instance of its class
            vars(item).pop("_instance", None)


def _cpu_seconds() -> float:
    """CPU time of this process and of its children that ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return _cpu_clock() + children.ru_utime + children.ru_stime
