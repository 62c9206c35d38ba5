"""A job that runs tests, with what speaks for it and against it."""

from dataclasses import dataclass, replace

from hitrate.workflow.choosing.recipe import Recipe
from hitrate.workflow.reading.reasons import NEVER, Absence, Point, Reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """A job that runs tests.

    Attributes:
        path: The workflow's file.
        job: The job's name there.
        recipe: How it runs them; None where it is not to be taken.
        condition: When the step should run, as an expression; None is always.
        reasons: What speaks for it and against it.
        absent: What it has and the action's container has not, with the step that makes it.
    """

    path: str
    job: str
    recipe: Recipe | None
    condition: str | None
    reasons: tuple[Reason, ...]
    absent: tuple[tuple[Absence, str], ...] = ()

    @property
    def weight(self) -> int:
        """The sum of what speaks for it and against it."""
        excluded = any(reason.excludes for reason in self.reasons)
        weights = [reason.point.weight for reason in self.reasons if not reason.excludes]
        return sum(weights) + (NEVER if excluded else 0)

    def has(self, *points: Point) -> bool:
        """Whether one of the points is among its reasons."""
        return any(reason.point in points for reason in self.reasons)

    def but(self, point: Point, seen: str) -> "Candidate":
        """The same with one more reason."""
        return replace(self, reasons=(*self.reasons, Reason(point, seen)))
