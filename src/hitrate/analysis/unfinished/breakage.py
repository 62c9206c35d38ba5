"""An observed run that did not get to its end, and the verdicts that rest on it. Pure."""

import signal
from collections.abc import Collection, Sequence
from dataclasses import replace

from hitrate.evidence import Evidence, Processes
from hitrate.testrun.run import Outcome, TestRun
from hitrate.wording.figures import listed, some

MISSING = 0.1
"""Where less than this share of the processes or of a function's tests is missing, verdicts stand."""


def breakage(run: TestRun, plain: TestRun) -> str | None:
    """How a run ended before its time, to follow "the observed run"; None where it got to its end.

    One that got there and in which single tests failed is none.

    Args:
        run: The observed run.
        plain: One without any change, which passed.
    """
    if run.outcome is Outcome.TIMED_OUT:
        return "did not end in time"
    if killed := _signal(run.exit_code):
        return f"was killed by {killed}{_after(run, plain)}"
    if run.outcome in (Outcome.NO_TESTS, Outcome.NOT_FOUND):
        return f"ran no test (exit code {run.exit_code})"
    if unread := [name for name in run.failed if name.endswith(".py") and name not in plain.failed]:
        return f"could not import {listed(unread)}"
    if plain.tests is None:
        silent = run.outcome is Outcome.FAILED and not run.failed
        return f"broke off (exit code {run.exit_code})" if silent else None
    if run.tests is None:
        return f"broke off before its end (exit code {run.exit_code})"
    if run.tests < (plain.tests if run.outcome is Outcome.FAILED else (1 - MISSING) * plain.tests):
        return f"ended{_after(run, plain)} (exit code {run.exit_code})"
    return None


def cut_short(
    evidence: Sequence[Evidence], run: TestRun, plain: TestRun, processes: Processes
) -> list[Evidence]:
    """The evidence, marked where no verdict can rest on what was measured.

    Args:
        evidence: What one observed run gave.
        run: That run.
        plain: One without any change, which passed.
        processes: Those that announced themselves, and those whose figures arrived.
    """
    how = breakage(run, plain)
    why = f"its calls were seen only until the observed run {how}" if how else missing_processes(processes)
    failed = {test for test in run.failed if test not in plain.failed}
    return [replace(item, cut_short=item.cut_short or why or _resting_on(item, failed)) for item in evidence]


def missing_processes(processes: Processes) -> str | None:
    """How many processes delivered nothing; None where it is few."""
    lost = processes.expected - processes.received
    if lost <= 0 or lost < MISSING * processes.expected:
        return None
    return f"{lost} of {some(processes.expected, 'test process', 'test processes')} delivered no figures"


def _resting_on(item: Evidence, failed: Collection[str]) -> str | None:
    """Why the figures of a function are not whole: so many of its tests failed only while it was observed."""
    mine = [test for test in item.tests if test in failed]
    if not mine or len(mine) < MISSING * len(item.tests):
        return None
    if len(mine) == 1:
        return _only(mine[0])
    which = f"{len(mine)} of the {some(len(item.tests), 'test')} that call it"
    return f"{which} failed only while they were observed, {mine[0]} among them"


def _only(test: str) -> str:
    return f"{test}, which calls it, failed only while it was observed"


def _after(run: TestRun, plain: TestRun) -> str:
    if run.tests is None or plain.tests is None:
        return ""
    return f" after {run.tests:,} of {some(plain.tests, 'test')}"


def _signal(exit_code: int) -> str | None:
    """Name of the signal that ended a command, or its last command as a shell tells it; None if none did."""
    number = -exit_code if exit_code < 0 else exit_code - 128
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}" if exit_code < 0 else None
