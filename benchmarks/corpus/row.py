"""What was measured of a case, kept as one JSON file each in the work folder."""

from pathlib import Path
from typing import Literal

from case import Direction
from pydantic import BaseModel, ConfigDict

from hitrate.report.model import TrialReport
from hitrate.vocabulary import Effort

RECOMMENDING = {"cache", "keep", "resize"}


class Row(BaseModel):
    """Frozen, and written to and read from a file."""

    model_config = ConfigDict(frozen=True)


class AnalysisRow(Row):
    """One run of ``hitrate run``.

    Attributes:
        case: The case's id.
        direction: From which side it was looked at.
        effort: With which effort.
        error: Why there is no verdict; nothing below is then to be used.
        verdict: Hitrate's verdict on the function.
        reason: Its reason.
        hazards: Kinds of the hazards.
        hits: Of the function alone.
        misses: Of the function alone.
        plain_seconds: CPU seconds of one plain run.
        cpu_seconds: CPU seconds of the analysis.
        wall_seconds: Wall seconds of the analysis.
        tree_unchanged: Whether git sees the tree as before.
        expected_processes: Processes that announced themselves.
        received_processes: Processes whose records arrived.
        trial: The trial, where one was made.
    """

    case: str
    direction: Direction
    effort: Effort
    error: str | None = None
    verdict: str = ""
    reason: str = ""
    hazards: tuple[str, ...] = ()
    hits: int | None = None
    misses: int | None = None
    plain_seconds: float = 0.0
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    tree_unchanged: bool = True
    expected_processes: int | None = None
    received_processes: int | None = None
    trial: TrialReport | None = None

    @property
    def suite_equivalents(self) -> float:
        """CPU time of the analysis over that of one plain run."""
        return self.cpu_seconds / self.plain_seconds

    @property
    def said(self) -> Literal["recommend", "reject"]:
        """What the verdict comes to."""
        return "recommend" if self.verdict in RECOMMENDING else "reject"


class ObservedRow(Row):
    """Plain, observed and really cached runs of the tests, in turn.

    Attributes:
        case: The case's id.
        error: Why nothing was measured.
        slowdown: CPU time of the observed run over the plain run, median of the rounds.
        oracle_share: CPU time that looking for hazards took, by its own account, over that of the plain run.
        predicted_seconds: What the trace says that the cache saves.
        saved_seconds: CPU time of the plain run less that of the cached run, one a round.
        cached_passed: Whether the tests passed with the cache.
        timed_seconds: What a cache saves by a timer around the function, one a round.
        timed_hits: Calls that it would have answered, by the same.
        hits: The same by the trace.
    """

    case: str
    error: str | None = None
    slowdown: float = 0.0
    oracle_share: float = 0.0
    predicted_seconds: float | None = None
    saved_seconds: tuple[float, ...] = ()
    cached_passed: bool = True
    timed_seconds: tuple[float, ...] = ()
    timed_hits: int = 0
    hits: int | None = None


class PullRequestRow(Row):
    """The action's answer to a real pull request.

    Attributes:
        case: The case's id.
        error: Why there is no answer; nothing below is then to be used.
        exit_code: Of the container.
        gate: The output ``verdict``.
        verdict: On the case's function.
        functions: How many functions the report has.
        news: Whether the comment would be made by default, too; here it is always made.
        suite_equivalents: CPU time of the analysis over that of one plain run.
        wall_seconds: From the container's start to its end, with the installation.
        workspace_unchanged: Whether every file of the checkout is as it was, git's folder included.
    """

    case: str
    error: str | None = None
    exit_code: int = 0
    gate: str = ""
    verdict: str = ""
    functions: int = 0
    news: bool = False
    suite_equivalents: float | None = None
    wall_seconds: float = 0.0
    workspace_unchanged: bool = True


def write(path: Path, row: Row) -> None:
    """Keep a row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(row.model_dump_json(indent=1) + "\n", "utf-8")


def analysis_path(work: Path, case: str, direction: Direction, effort: Effort) -> Path:
    """Where the row of an analysis lies."""
    return work / "rows" / f"{effort}-{direction}" / f"{case}.json"


def observed_path(work: Path, case: str) -> Path:
    """Where the row of the runs in turn lies."""
    return work / "rows" / "observed" / f"{case}.json"


def pull_request_path(work: Path, case: str) -> Path:
    """Where the row of the answer to a pull request lies."""
    return work / "rows" / "pull-requests" / f"{case}.json"
