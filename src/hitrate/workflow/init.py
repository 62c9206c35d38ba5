"""Adds the step to a workflow: finds the job and makes the change, or writes a workflow and says why."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from hitrate.errors import InputError
from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.candidates import Workflow
from hitrate.workflow.choosing.choice import Choice, choose, described
from hitrate.workflow.choosing.recipe import folders_of_the_runner
from hitrate.workflow.reading.document import Document, UnreadableError
from hitrate.workflow.reading.reasons import Point
from hitrate.workflow.writing import fresh, pinning
from hitrate.workflow.writing.placement import placed
from hitrate.workflow.writing.step import ACTION, CACHE_VERSION, step, workflow

FOLDER = ".github/workflows"
OWN = f"{FOLDER}/hitrate.yml"
SIZE_LIMIT = 1024 * 1024
_SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What ``hitrate init`` would do.

    Attributes:
        path: The workflow, relative to the repository.
        before: Its text; None where there is no such file.
        after: Its text with the step; the same as ``before`` where nothing is to be done.
        notes: What the user should know, each one line.
        snippet: What to add by hand where the file was not understood; None elsewhere.
        chosen: The job that gets the step; None where none does.
        considered: Jobs that were looked at, the best first.
    """

    path: str
    before: str | None
    after: str | None
    notes: tuple[str, ...] = ()
    snippet: str | None = None
    chosen: Candidate | None = None
    considered: tuple[Candidate, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether there is something to write."""
        return self.after is not None and self.after != self.before

    def diff(self) -> str:
        """The change as a unified diff; empty where nothing changes."""
        if self.after is None:
            return ""
        before = (self.before or "").splitlines(keepends=True)
        after = self.after.splitlines(keepends=True)
        source = f"a/{self.path}" if self.before is not None else "/dev/null"
        lines = difflib.unified_diff(before, after, source, f"b/{self.path}")
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )


@dataclass(frozen=True, slots=True)
class _File:
    """A workflow that was read."""

    path: str
    text: str
    document: Document

    @property
    def data(self) -> Mapping[str, Any]:
        data: Mapping[str, Any] = self.document.data
        return data

    def proposal(self, root: Path | None, resolve: pinning.Resolver, named: bool) -> Proposal:
        """The step in the job that fits best, or UnreadableError with what is wrong with each."""
        if _has_step(self.data):
            return Proposal(self.path, self.text, self.text, (f"{self.path} has the step already.",))
        choice = choose(Workflow(self.path, self.data, root).candidates())
        found = next(self.tried(choice, resolve, named), None)
        if found is None:
            raise UnreadableError(_wrong_with(choice))
        return found

    def tried(self, choice: Choice, resolve: pinning.Resolver, named: bool) -> Iterator[Proposal]:
        """The proposals for the jobs of this file that can be changed, the best first."""
        uses, note = pinning.uses(self.text, resolve)
        for one in choice.fitting if named else filter(None, [choice.sure]):
            try:
                after = placed(self.document, one, uses)
            except UnreadableError as error:
                if len(choice.fitting) == 1:
                    raise UnreadableError(f"job {one.job} runs the tests, but {error}") from None
                continue
            notes = (*_notes(self.data, one), *([note] if note else []))
            yield Proposal(
                self.path, self.text, after, notes, chosen=one, considered=(*choice.fitting, *choice.others)
            )


def propose(root: Path, named: str | None, resolve: pinning.Resolver = lambda: None) -> Proposal:
    """What to do in a repository.

    Args:
        root: The repository's root.
        named: The workflow that the user named, relative to the root; None to look for one.
        resolve: Gives the commit of the action's release, asked only where other actions are pinned.

    Raises:
        InputError: The named file is not where GitHub reads workflows, or cannot be read.
    """
    if named is None:
        return _found(root, resolve)
    if not _is_workflow(named):
        raise InputError(
            f"init: {named}: GitHub reads workflows in {FOLDER} only, as .yml or .yaml; name one there"
        )
    return _for(root, named, resolve)


def write(root: Path, proposal: Proposal) -> None:
    """Write the proposal's file, its line ends as they are in its text."""
    path = root / proposal.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((proposal.after or "").encode())


def with_step(
    path: str, before: str, root: Path | None = None, resolve: pinning.Resolver = lambda: None
) -> Proposal:
    """What to do with the text of a workflow that the user named.

    Args:
        path: The workflow, for messages.
        before: Its text.
        root: The repository, for what its tox or nox run; None where there is none.
        resolve: Gives the commit of the action's release.

    Raises:
        UnreadableError: It is not understood, so that it should be left alone.
    """
    return _parsed(path, before).proposal(root, resolve, named=True)


def _is_workflow(path: str) -> bool:
    return str(PurePosixPath(path).parent) == FOLDER and PurePosixPath(path).suffix in _SUFFIXES


def _found(root: Path, resolve: pinning.Resolver) -> Proposal:
    """The job that most surely runs the tests, of all workflows; a workflow of its own if none is sure."""
    folder = root / FOLDER
    paths = sorted(path.relative_to(root).as_posix() for path in folder.glob("*") if path.is_file())
    files: dict[str, _File] = {}
    for path in filter(_is_workflow, paths):
        try:
            files[path] = _parsed(path, _text(root, path))
        except (UnreadableError, FileNotFoundError, InputError):
            continue  # What cannot be read is no candidate.
    for path, file in files.items():
        if _has_step(file.data):
            return Proposal(path, file.text, file.text, (f"{path} has the step already.",))
    candidates = [one for file in files.values() for one in Workflow(file.path, file.data, root).candidates()]
    while (choice := choose(candidates)).sure:
        best = choice.sure
        try:
            found = next(files[best.path].tried(choice, resolve, named=False), None)
        except UnreadableError as error:
            found, reason = None, str(error)
        else:
            reason = "the step cannot be added to it without changing more"
        if found:
            return found
        candidates = [one.but(Point.UNEDITABLE, reason) if one is best else one for one in candidates]
    return _own(root, choice, list(files.values()), resolve)


def _own(root: Path, choice: Choice, files: list[_File], resolve: pinning.Resolver) -> Proposal:
    """A workflow of its own, with what was looked at; none where the tests run on Windows only."""
    considered = (*choice.fitting, *choice.others)
    if choice.windows_only:
        return Proposal(OWN, None, None, tuple(fresh.on_windows(choice, OWN)), considered=considered)
    if (root / OWN).exists():
        return _for(root, OWN, resolve)
    texts = [file.text for file in files]
    uses, note = pinning.uses("\n".join(texts), resolve)
    keeping = fresh.keeping(root, pinning.cache(texts))
    text = workflow(fresh.inputs(choice), uses, pinning.checkout(texts), keeping)
    notes = fresh.notes(choice, {file.path: file.data for file in files})
    notes += [fresh.kept(keeping)] if keeping else []
    return Proposal(OWN, None, text, (*notes, *([note] if note else [])), considered=considered)


def _for(root: Path, path: str, resolve: pinning.Resolver) -> Proposal:
    try:
        before = _text(root, path)
    except FileNotFoundError:
        keeping = fresh.keeping(root, CACHE_VERSION)
        return Proposal(path, None, workflow({}, keeping=keeping), (fresh.kept(keeping),) if keeping else ())
    try:
        return _parsed(path, before).proposal(root, resolve, named=True)
    except UnreadableError as error:
        snippet = "\n".join(step(None, {}, 2))
        note = f"{path} was left as it is: {error}. Add this step to the job that runs the tests:"
        return Proposal(path, before, None, (note,), snippet)


def _text(root: Path, path: str) -> str:
    try:
        return (root / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"init: cannot read {path} ({type(error).__name__}); name a workflow") from None


def _parsed(path: str, text: str) -> _File:
    if len(text) > SIZE_LIMIT:
        raise UnreadableError("it is too large")
    return _File(path, text, Document(text))


def _has_step(data: Mapping[str, Any]) -> bool:
    jobs = data.get("jobs")
    used = [
        str(step.get("uses", ""))
        for job in (jobs.values() if isinstance(jobs, Mapping) else ())
        if isinstance(job, Mapping) and isinstance(job.get("steps"), list)
        for step in job["steps"]
        if isinstance(step, Mapping)
    ]
    return any(name.partition("@")[0].lower() == ACTION for name in used)


def _wrong_with(choice: Choice) -> str:
    found = [f"job {one.job} {described(one)}" for one in choice.others]
    return "; ".join(found) or "none of its jobs runs tests in a step of its own"


def _notes(data: Mapping[str, Any], chosen: Candidate) -> list[str]:
    job = data["jobs"][chosen.job]
    notes = [f"The step goes into job {chosen.job} of {chosen.path}: it {described(chosen)}."]
    if chosen.recipe and chosen.recipe.test_command is None:
        notes.append(
            "How to install and run the tests is detected; set `install` and `test-command` to override that."
        )
    services = job.get("services")
    if isinstance(services, Mapping) and services:
        names = ", ".join(map(str, services))
        notes.append(
            f"From the action's container the job's services are reached by name ({names}), not localhost; "
            "variables that name one at localhost are changed for this step."
        )
    if folders := [*folders_of_the_runner(data.get("env")), *folders_of_the_runner(job.get("env"))]:
        notes.append(f"Not passed on, since a container has other folders: {', '.join(folders)}.")
    notes += [absence.sentence(step) for absence, step in chosen.absent]
    if job.get("permissions") is None and data.get("permissions") is None:
        notes.append(
            "The job's token is now limited to reading the code and writing on pull requests; "
            "if another of its steps needs more, add it under `permissions`."
        )
    if chosen.has(Point.PULL_REQUESTS_BY_PUSH):
        notes.append(
            "The workflow does not run on pull requests; the comment is posted when a branch is pushed."
        )
    return notes
