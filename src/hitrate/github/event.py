"""What a GitHub event asks for: one pure table from event to mode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from hitrate.errors import InputError
from hitrate.github.wishes.holding import Marks

_NO_COMMIT = "0" * 40


class Mode(StrEnum):
    """What to do for an event."""

    PULL_REQUEST = "measure and report on the pull request"
    BRANCH = "measure and report on the commit's pull request, if it has one"
    GATE = "measure and gate"
    POST = "post what an untrusted run has measured"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """A workflow run; a later one, or a later attempt of the same one, is greater."""

    id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Event:
    """What GitHub tells a run: environment variables and the payload of the event.

    Attributes:
        name: ``GITHUB_EVENT_NAME``.
        payload: The file at ``GITHUB_EVENT_PATH``.
        repository: ``GITHUB_REPOSITORY``, owner/name.
        sha: ``GITHUB_SHA``.
        ref: ``GITHUB_REF``.
        run: ``GITHUB_RUN_ID`` and ``GITHUB_RUN_ATTEMPT``.
    """

    name: str
    payload: Mapping[str, Any]
    repository: str
    sha: str | None
    ref: str
    run: Run


@dataclass(frozen=True, slots=True)
class Target:
    """What is measured and where it is reported.

    Attributes:
        repository: owner/name of the repository that the event belongs to.
        base: Sha or branch to compare with; None where the event names none.
        head: Sha of the commit to measure.
        merge: Sha of GitHub's test merge of base and head, which the checkout may hold instead of the head.
        pull_request: Number of the pull request.
        head_repository: owner/name that the head comes from; None if it is gone or not said.
        run: The run that measures.
        trunk: Whether it is what was pushed to the default branch, so that its memory may be written.
    """

    repository: str
    base: str | None
    head: str | None
    merge: str | None
    pull_request: int | None
    head_repository: str | None
    run: Run
    trunk: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer of the table.

    Attributes:
        mode: What to do.
        target: About what.
        notice: What the log says about the choice; None where it is the usual one.
        conclusion: How the run ended whose report is to be posted; None where there is no such run.
        marks: What may hold the run back; None where nothing may, since somebody has asked for just this run,
            or since it is about several pull requests at once.
    """

    mode: Mode
    target: Target
    notice: str | None = None
    conclusion: str | None = None
    marks: Marks | None = None

    @property
    def failed(self) -> bool:
        """Whether the run whose report is to be posted has failed."""
        return self.conclusion in ("failure", "timed_out", "startup_failure")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Repository(_Part):
    full_name: str
    default_branch: str = "main"


class _Side(_Part):
    sha: str
    repo: _Repository | None = None


class _Label(_Part):
    name: str


class _PullRequest(_Part):
    number: int
    head: _Side
    base: _Side
    title: str | None = None
    labels: tuple[_Label, ...] | None = None
    draft: bool | None = None

    @property
    def marks(self) -> Marks:
        """What it says of itself."""
        labels = tuple(label.name for label in self.labels or ())
        return Marks(title=self.title or "", labels=labels, draft=bool(self.draft))


class _Commit(_Part):
    message: str | None = None


class _PullRequestEvent(_Part):
    action: str
    pull_request: _PullRequest


class _MergeGroup(_Part):
    head_sha: str
    base_sha: str


class _MergeGroupEvent(_Part):
    merge_group: _MergeGroup


class _PushEvent(_Part):
    ref: str
    before: str
    after: str
    deleted: bool = False
    head_commit: _Commit | None = None
    repository: _Repository


class _DispatchEvent(_Part):
    ref: str
    repository: _Repository


class _WorkflowRun(_Part):
    id: int
    conclusion: str | None = None
    run_attempt: int = 1
    event: str
    head_sha: str
    head_commit: _Commit | None = None
    head_repository: _Repository | None = None


class _WorkflowRunEvent(_Part):
    action: str
    workflow_run: _WorkflowRun


def plan(event: Event) -> Plan:
    """What to do for an event.

    Raises:
        InputError: The payload is not one of its event, or the event would run untrusted code with secrets.
    """
    row = _TABLE.get(event.name)
    if row is None:
        return _nothing(event, f"the event {event.name} is not supported, so nothing was measured")
    try:
        return row(event)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        what = f"not a payload of the event {event.name}: {where}: {first['msg']}"
        raise InputError(f"GITHUB_EVENT_PATH: {what}") from None


def _nothing(event: Event, notice: str) -> Plan:
    return Plan(Mode.NOTHING, _target(event), notice)


def _target(event: Event, *, base: str | None = None, head: str | None = None) -> Target:
    return Target(
        repository=event.repository,
        base=base,
        head=head or event.sha,
        merge=None,
        pull_request=None,
        head_repository=event.repository,
        run=event.run,
    )


def _pull_request(event: Event) -> Plan:
    facts = _PullRequestEvent.model_validate(event.payload)
    if facts.action == "closed":
        return _nothing(event, "the pull request is closed, so nothing was measured")
    # Whatever the action is: a run that ended well for want of anything to do, such as on a label that is
    # none of Hitrate's, would stand in place of the same commit's check that has failed.
    target = _of_pull_request(event, facts.pull_request, merge=event.sha)
    return Plan(Mode.PULL_REQUEST, target, marks=facts.pull_request.marks)


def _of_pull_request(event: Event, pull_request: _PullRequest, merge: str | None) -> Target:
    head = pull_request.head
    return Target(
        repository=event.repository,
        base=pull_request.base.sha,
        head=head.sha,
        merge=merge,
        pull_request=pull_request.number,
        head_repository=head.repo.full_name if head.repo else None,
        run=event.run,
    )


def _pull_request_target(event: Event) -> Plan:
    facts = _PullRequestEvent.model_validate(event.payload)
    if facts.action == "closed":
        return _nothing(event, "the pull request is closed, so nothing was measured")
    # Here GITHUB_SHA is the base branch, never the merge.
    target = _of_pull_request(event, facts.pull_request, merge=None)
    if target.head_repository != event.repository:
        raise InputError(
            "pull_request_target: refused for a pull request from a fork, since its code would run with this "
            "repository's secrets; measure it under `on: pull_request` and post from a second workflow"
        )
    notice = (
        "pull_request_target runs the pull request's code with this repository's secrets; "
        "prefer `on: pull_request`"
    )
    return Plan(Mode.PULL_REQUEST, target, notice, marks=facts.pull_request.marks)


def _merge_group(event: Event) -> Plan:
    facts = _MergeGroupEvent.model_validate(event.payload).merge_group
    return Plan(Mode.GATE, _target(event, base=facts.base_sha, head=facts.head_sha))


def _push(event: Event) -> Plan:
    facts = _PushEvent.model_validate(event.payload)
    if facts.deleted:
        return _nothing(event, "a branch or tag was deleted, so nothing was measured")
    if not facts.ref.startswith("refs/heads/"):
        return _nothing(event, f"{facts.ref} is not a branch, so nothing was measured")
    base = facts.before if facts.before != _NO_COMMIT else _unless_default(facts.ref, facts.repository)
    marks = Marks(message=_message(facts.head_commit))
    trunk = facts.ref == f"refs/heads/{facts.repository.default_branch}"
    target = replace(_target(event, base=base, head=facts.after), trunk=trunk)
    return Plan(Mode.BRANCH, target, marks=marks)


def _message(commit: _Commit | None) -> str | None:
    return commit.message if commit else None


def _dispatch(event: Event) -> Plan:
    facts = _DispatchEvent.model_validate(event.payload)
    return Plan(Mode.BRANCH, _target(event, base=_unless_default(facts.ref, facts.repository)))


def _unless_default(ref: str, repository: _Repository) -> str | None:
    """The default branch to compare with; None if ``ref`` is that branch itself."""
    return None if ref == f"refs/heads/{repository.default_branch}" else repository.default_branch


def _schedule(event: Event) -> Plan:
    return Plan(Mode.GATE, _target(event))


def _workflow_run(event: Event) -> Plan:
    facts = _WorkflowRunEvent.model_validate(event.payload)
    run = facts.workflow_run
    if facts.action != "completed":
        return _nothing(event, "the other workflow has not completed yet; use `types: [completed]`")
    if run.event != "pull_request":
        return _nothing(event, f"the other workflow ran for {run.event}, not pull_request: nothing to post")
    target = Target(
        repository=event.repository,
        base=None,
        head=run.head_sha,
        merge=None,
        pull_request=None,
        head_repository=run.head_repository.full_name if run.head_repository else None,
        run=Run(run.id, run.run_attempt),
    )
    marks = Marks(message=_message(run.head_commit))
    return Plan(Mode.POST, target, conclusion=run.conclusion, marks=marks)


_TABLE: Mapping[str, Callable[[Event], Plan]] = {
    "pull_request": _pull_request,
    "pull_request_target": _pull_request_target,
    "merge_group": _merge_group,
    "push": _push,
    "workflow_dispatch": _dispatch,
    "schedule": _schedule,
    "workflow_run": _workflow_run,
}
