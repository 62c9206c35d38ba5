"""Which job gets the step: the one that most surely runs the tests, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.reading.reasons import SURE, Point, Reason

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """Jobs that run tests, the best first.

    Attributes:
        fitting: Those that may be taken.
        others: Those that may not.
    """

    fitting: tuple[Candidate, ...]
    others: tuple[Candidate, ...]

    @property
    def sure(self) -> Candidate | None:
        """The job that is taken without asking; None if none is sure enough."""
        best = next(iter(self.fitting), None)
        return best if best and best.weight >= SURE else None

    @property
    def windows_only(self) -> bool:
        """Whether all that is known to run tests runs on Windows."""
        elsewhere = [
            reason for one in self.others for reason in one.reasons if reason.point is Point.ELSEWHERE
        ]
        return (
            not self.fitting
            and bool(elsewhere)
            and len(elsewhere) == len(self.others)
            and _all_windows(elsewhere)
        )

    def listed(self) -> list[str]:
        """Each job with what speaks for it and against it, a line each."""
        jobs = [*self.fitting, *self.others]
        lines = [f"  {one.path}, job {one.job}: {described(one)}" for one in jobs[:_SHOWN]]
        rest = len(jobs) - len(lines)
        return [*lines, f"  and {rest} more"] if rest > 0 else lines


def choose(candidates: Sequence[Candidate]) -> Choice:
    """The candidates in order; of equals the first."""
    ordered = sorted(candidates, key=lambda one: -one.weight)
    fitting = tuple(one for one in ordered if not _excluded(one))
    return Choice(fitting, tuple(one for one in ordered if _excluded(one)))


def described(candidate: Candidate) -> str:
    """What speaks for a job and against it, as one sentence without its end."""
    good = [str(reason) for reason in candidate.reasons if reason.point.weight > 0]
    bad = [reason for reason in candidate.reasons if reason.point.weight < 0]
    shown = [str(reason) for reason in bad if reason.excludes] or [str(reason) for reason in bad]
    text = "; ".join(filter(None, [", ".join(good), ", ".join(shown)]))
    return text if not (good and shown) else f"{', '.join(good)}; but {', '.join(shown)}"


def _excluded(candidate: Candidate) -> bool:
    return candidate.recipe is None or any(reason.excludes for reason in candidate.reasons)


def _all_windows(reasons: Sequence[Reason]) -> bool:
    return all(reason.seen == "Windows" for reason in reasons)
