"""What can still be had of an observed run that broke off: the same without what breaks it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hitrate.analysis.screener import BatchScreener, observing_edits
from hitrate.analysis.session import Session
from hitrate.analysis.unfinished.breakage import breakage
from hitrate.evidence import Evidence, Screening
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Outcome, TestRun
from hitrate.trace import deployment
from hitrate.trace.cpuclock import NEVER
from hitrate.trace.deployment import ProbePart
from hitrate.trace.reader import Trace
from hitrate.wording.figures import listed

AGAIN = "observed-without"
SUSPECTS = 3
"""So many functions at most are left out since they were running when a process died."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was observed in the end.

    Attributes:
        functions: Those that ``screening`` is about.
        screening: The last observed run of them.
        left_out: Those that were left out, with why.
        broken_off: How the first run ended before its time, a sentence; None where it got to its end.
        runs: Observed runs of the tests that were made besides the first one.
    """

    functions: tuple[Function, ...]
    screening: Screening
    left_out: tuple[Evidence, ...] = ()
    broken_off: str | None = None
    runs: int = 0


def rescued(
    session: Session,
    functions: Sequence[Function],
    screener: BatchScreener,
    screening: Screening,
    plain: TestRun,
) -> Rescued:
    """Where the observed run broke off, observe once more without what breaks it.

    That is first looked for among functions that were running when a process died, then by halves.

    Args:
        session: What to work with.
        functions: Those that were observed.
        screener: What observed them; its observation is the last run when this returns.
        screening: What it gave.
        plain: The tests without any change, which pass.
    """
    how = breakage(screening.run, plain)
    if how is None:
        return Rescued(tuple(functions), screening)
    deadline = session.clock() + session.settings.time_budget / 2
    attempts = _Attempts(session, screener, plain, screening.run.wall_seconds, deadline)
    kept, last, culprits = tuple(functions), screening, tuple[Function, ...]()
    seen = screener.observation.trace if screener.observation else Trace((), 0)
    with session.progress.phase("Observing again, without what broke it off"):
        for by_halves in (False, True):
            culprits = (
                culprit_by_halves(functions, attempts.breaks, attempts.in_time)
                if by_halves
                else running_at_death(seen, functions)
            )
            rest = tuple(function for function in functions if function not in culprits)
            if culprits and rest and attempts.in_time():
                kept, last = rest, attempts.screening(rest)
                if breakage(last.run, plain) is None:
                    break
    named = culprits if len(culprits) < len(functions) else ()
    during = f" while {listed([f'`{each.qualname}`' for each in named])} was observed" if named else ""
    left_out = tuple(_left_out(each, f"{how}{during}") for each in functions if each not in kept)
    return Rescued(kept, last, left_out, f"The observed run {how}{during}", attempts.made)


@dataclass(slots=True)
class _Attempts:
    """Further observed runs, as long as there is time.

    Attributes:
        session: What to work with.
        screener: What observed the first run.
        plain: The tests without any change.
        wall_seconds: How long a run takes.
        deadline: Clock time before which one must end.
        made: How many were made.
    """

    session: Session
    screener: BatchScreener
    plain: TestRun
    wall_seconds: float
    deadline: float
    made: int = 0

    def in_time(self) -> bool:
        """Whether there is time for another one."""
        return self.session.clock() + self.wall_seconds < self.deadline

    def breaks(self, functions: Sequence[Function]) -> bool:
        """Whether a run with these observed breaks off."""
        self.made += 1
        return breakage(_observed(self.session, functions, self.made), self.plain) is not None

    def screening(self, functions: Sequence[Function]) -> Screening:
        """What a run with these observed gives."""
        self.made += 1
        size = self.session.settings.maxsize
        return self.screener.screen(functions, maxsize=size, run_name=f"{AGAIN}-{self.made}")


def _left_out(function: Function, how: str) -> Evidence:
    return replace(Evidence(function), cut_short=f"the observed run {how}")


def running_at_death(trace: Trace, functions: Sequence[Function]) -> tuple[Function, ...]:
    """The innermost functions whose calls never came back, one a thread; none where that is many."""
    found: dict[Function, None] = {}
    for process in trace.processes:
        for lane in process.lanes:
            index = next((at for at in range(len(lane) - 1, -1, -1) if lane.ends[at] == NEVER), None)
            if index is not None:
                wrapper = process.wrappers.get(process.owners[lane.numbers[index]])
                if wrapper is not None and 0 <= wrapper.slot < len(functions):
                    found[functions[wrapper.slot]] = None
    return tuple(found) if len(found) <= SUSPECTS else ()


def culprit_by_halves(
    functions: Sequence[Function],
    breaks: Callable[[Sequence[Function]], bool],
    in_time: Callable[[], bool],
) -> tuple[Function, ...]:
    """The function that breaks the run, if one alone does; none where the time did not suffice.

    Args:
        functions: One of them does.
        breaks: Whether a run with these observed breaks off.
        in_time: Whether there is time for another run.
    """
    left = tuple(functions)
    while len(left) > 1:
        if not in_time():
            return ()
        half = left[: len(left) // 2]
        left = half if breaks(half) else left[len(half) :]
    return left


def _observed(session: Session, functions: Sequence[Function], number: int) -> TestRun:
    """A run with these observed, whose records are not of interest."""
    folder = session.scratch / f"half-{number}"
    probe = deployment.recording(folder, f"half{number}", ProbePart.ORACLE)
    session.patcher.apply(observing_edits(functions, probe))
    try:
        run = testrun.run(session.project.suite, bytecode=folder / "bytecode", progress=session.progress)
    finally:
        session.patcher.apply(())
    if run.outcome is not Outcome.PASSED:
        session.progress.output(run.tail)
    return run
