"""The jobs of a workflow that run tests, each with what speaks for it and against it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from hitrate.environment.declared.naming import Purpose, by_name, words_of
from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.rowview import RowView
from hitrate.workflow.reading.document import UnreadableError
from hitrate.workflow.reading.expression import UNKNOWN, filled_in, holds
from hitrate.workflow.reading.matrix import Row, condition, rows_of
from hitrate.workflow.reading.reasons import Point, Reason
from hitrate.workflow.reading.steps import JobRow


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow to be looked at.

    Attributes:
        path: Its file, for the reader.
        data: What it holds.
        root: The repository, for what tox, nox and others run; None where there is none to look into.
    """

    path: str
    data: Mapping[str, Any]
    root: Path | None = None

    def candidates(self) -> list[Candidate]:
        """Its jobs that run tests, in their order."""
        jobs = self.data.get("jobs")
        given = jobs.items() if isinstance(jobs, Mapping) else ()
        found = (self._candidate(str(name), job) for name, job in given if isinstance(job, Mapping))
        return [one for one in found if one]

    def events(self) -> dict[str, Any]:
        """The events that it runs on, with their settings."""
        given = self.data.get("on")
        if isinstance(given, str):
            return {given: None}
        if isinstance(given, Mapping):
            return {str(name): settings for name, settings in given.items()}
        return {str(name): None for name in given} if isinstance(given, list) else {}

    @property
    def event(self) -> str | None:
        """The event by which it looks at a change: a pull request, or else a push; None if by neither."""
        events = self.events()
        settings = events.get("pull_request")
        types = settings.get("types") if isinstance(settings, Mapping) else None
        listed = [types] if isinstance(types, str) else types
        if "pull_request" in events and (listed is None or {"opened", "synchronize"} & set(listed)):
            return "pull_request"
        pushed = events.get("push", "no")
        branches = not isinstance(pushed, Mapping) or "tags" not in pushed or "branches" in pushed
        if "push" in events and branches:
            return "push"
        return "merge_group" if "merge_group" in events else None

    @property
    def only_for(self) -> str | None:
        """The files that it runs for, where none of them can be the project's code; None elsewhere."""
        settings = self.events().get(self.event or "")
        paths = settings.get("paths") if isinstance(settings, Mapping) else None
        if not isinstance(paths, list) or any(_may_be_code(str(path)) for path in paths):
            return None
        return ", ".join(map(str, paths))

    def _candidate(self, name: str, job: Mapping[str, Any]) -> Candidate | None:
        try:
            rows = rows_of(job)
        except UnreadableError as error:
            rows, uneditable = [Row({}, complete=False)], str(error)
        else:
            uneditable = ""
        seen = [one for row in rows if (one := self._in_row(name, job, row))]
        if not seen:
            return self._hidden(name, job)
        best = max(seen, key=lambda one: one[1].weight)
        row, candidate = best
        if uneditable:
            candidate = candidate.but(Point.UNEDITABLE, uneditable)
        if len({repr(one.values) for one in rows}) > 1 or not row.complete:
            candidate = candidate.but(Point.PYTHONS, "")
        on_pull_request = "github.event_name == 'pull_request'" if self._more_than_pull_requests() else None
        parts = [part for part in (on_pull_request, condition(rows, row)) if part]
        return replace(candidate, condition=" && ".join(parts) or None)

    def _more_than_pull_requests(self) -> bool:
        return self.event == "pull_request" and len(self.events()) > 1

    def _hidden(self, name: str, job: Mapping[str, Any]) -> Candidate | None:
        """A job whose tests are in a workflow or an action that is not read."""
        uses = [job.get("uses")] if job.get("uses") else []
        steps = job.get("steps")
        uses += (
            [step.get("uses") for step in steps if isinstance(step, Mapping)]
            if isinstance(steps, list)
            else []
        )
        local = [str(one) for one in uses if str(one or "").startswith("./")]
        found = next((one for one in local if _is_called_after_tests(PurePosixPath(one).stem)), None)
        if found is None:
            return None
        return Candidate(self.path, name, None, None, (Reason(Point.HIDDEN, found),))

    def _in_row(self, name: str, job: Mapping[str, Any], row: Row) -> tuple[Row, Candidate] | None:
        place = self._place(job, row)
        runs = holds(job.get("if"), place.contexts)
        if runs is False:
            return None
        found = RowView(self.path, self.root, self.event, self.only_for, name, place).candidate(runs)
        return (row, found) if found else None

    def _place(self, job: Mapping[str, Any], row: Row) -> JobRow:
        event = self.event or "pull_request"
        github = {
            "event_name": event,
            "ref": "refs/pull/1/merge",
            "ref_type": "branch",
            "ref_name": "1/merge",
        }
        if event != "pull_request":
            github |= {"ref": "refs/heads/main", "ref_name": "main"}
        contexts: dict[str, Any] = {
            "matrix": dict(row.values) if row.complete else UNKNOWN,
            "github": _Partly({**github, "event": _Partly({"action": "synchronize"})}),
            "runner": _Partly({"os": "Linux", "arch": "X64"}),
        }
        around = {**_mapping(self.data.get("env")), **_mapping(job.get("env"))}
        contexts["env"] = {str(key): filled_in(value, contexts) for key, value in around.items()}
        defaults = {
            **_mapping(_mapping(self.data.get("defaults")).get("run")),
            **_mapping(_mapping(job.get("defaults")).get("run")),
        }
        return JobRow(job, row, contexts, defaults, around)


class _Partly(dict[str, Any]):
    """A context of which only some names are known."""

    def get(self, key: str, default: Any = UNKNOWN) -> Any:
        """The value, or UNKNOWN."""
        return super().get(key, default)


def _mapping(given: object) -> Mapping[str, Any]:
    return given if isinstance(given, Mapping) else {}


def _is_called_after_tests(name: str) -> bool:
    words = words_of(name)
    return by_name(name) is Purpose.TESTS and not {"setup", "install", "prepare", "cache"} & set(words)


def _may_be_code(pattern: str) -> bool:
    """Whether a path filter may match the code of a project."""
    first = pattern.lstrip("./").partition("/")[0]
    return (
        "*" in pattern
        and first not in ("docs", "doc", "github")
        and not pattern.endswith((".md", ".rst", ".yml"))
    )
