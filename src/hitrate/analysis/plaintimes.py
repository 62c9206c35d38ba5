"""How the tests go without any change: told from the observed run, or by a plain one if need be."""

import math
from dataclasses import replace

from hitrate.analysis.baseline import failing_plainly, passing_otherwise, plain_run
from hitrate.analysis.screener import BatchScreener, ObservedRun
from hitrate.analysis.session import Plain, Project, Session
from hitrate.testrun.compiling import as_if_compiled, shorter
from hitrate.testrun.run import Outcome, TestRun

SHARE_AT_MOST = 0.4
"""What observing added is known within some percent of itself; a larger share of a run is too much."""


def plain_tests(session: Session, screener: BatchScreener) -> tuple[Project, Plain]:
    """The tests without any change, and how the project is to be run.

    A run in which they pass while they are observed tells all. Those that fail are run by themselves, without
    any change; if they fail again, they do so anyway. What that leaves open takes a plain run of all tests.

    Raises:
        InputError: The command was not found.
        AnalysisError: It timed out or ran no test.
    """
    observation = screener.observation
    if observation is not None:
        run = observation.run
        told = as_if_plain(observation)
        if run.outcome is Outcome.PASSED and told is not None and not _ended_early(observation):
            return session.project, Plain(told, estimated=True)
        if run.outcome is Outcome.FAILED and (
            failing := failing_plainly(session.project, run, session.bytecode, session.progress)
        ):
            if other := passing_otherwise(session.project, run, session.bytecode, session.progress):
                return other[0], Plain(other[1], runs=1)
            return session.project, Plain(replace(told or run, failed=failing), estimated=True)
    project, run, runs = plain_run(session.project, session.bytecode, session.progress)
    return project, Plain(run, runs=runs)


def _ended_early(observation: ObservedRun) -> bool:
    """Whether the run may have ended before its time though it told no error: it does not say how many ran.

    A command of pytest that says so little of itself takes a plain run to tell.
    """
    lanes = (lane for process in observation.trace.processes for lane in process.lanes)
    return observation.run.tests is None and any(test for lane in lanes for _, test in lane.tests)


def as_if_plain(observation: ObservedRun) -> TestRun | None:
    """The run with the times that it would have taken unobserved; None where they cannot be told."""
    run, added = as_if_compiled(observation.run, observation.compiling_seconds), observation.added_seconds
    # Records come from untrusted processes.
    if not math.isfinite(added) or added > SHARE_AT_MOST * run.cpu_seconds:
        return None
    return shorter(run, max(0.0, added))
