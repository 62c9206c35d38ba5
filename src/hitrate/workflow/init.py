"""Adds the step to a workflow: finds the file, makes the change, proves that it is the one that was meant."""

import difflib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.nodes import MappingNode, SequenceNode

from hitrate.errors import InputError
from hitrate.workflow.choice import Choice, choose, triggers
from hitrate.workflow.document import Document, Edit, UnclearError, load, position
from hitrate.workflow.step import ACTION, PERMISSIONS, entry, step, workflow

FOLDER = ".github/workflows"
OWN = f"{FOLDER}/hitrate.yml"
SIZE_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Proposal:
    """What ``hitrate init`` would do.

    Attributes:
        path: The workflow, relative to the repository.
        before: Its text; None where there is no such file.
        after: Its text with the step; the same as ``before`` where nothing is to be done.
        notes: What the user should know, each one sentence.
        snippet: What to add by hand where the file was not understood; None elsewhere.
        strength: How surely the workflow runs the tests, 1 to 3.
    """

    path: str
    before: str | None
    after: str | None
    notes: tuple[str, ...] = ()
    snippet: str | None = None
    strength: int = 0

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


def propose(root: Path, named: str | None) -> Proposal:
    """What to do in a repository.

    Args:
        root: The repository's root.
        named: The workflow that the user named, relative to the root; None to look for one.

    Raises:
        InputError: The named file cannot be read, or would be made where GitHub reads no workflow.
    """
    if named is not None:
        return _propose_for(root, named)
    found = [path.relative_to(root).as_posix() for path in sorted((root / FOLDER).glob("*.y*ml"))]
    proposals = [proposal for path in found if (proposal := _propose_for(root, path)).snippet is None]
    for proposal in proposals:
        if not proposal.changes:
            return proposal
    return max(proposals, key=lambda one: one.strength, default=None) or _propose_for(root, OWN)


def write(root: Path, proposal: Proposal) -> None:
    """Write the proposal's file, its line ends as they are in its text."""
    path = root / proposal.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((proposal.after or "").encode())


def _propose_for(root: Path, path: str) -> Proposal:
    try:
        before = (root / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        if Path(path).parent != Path(FOLDER):
            raise InputError(
                f"init: there is no {path}, and GitHub reads workflows in {FOLDER} only; name one there"
            ) from None
        return Proposal(path, None, workflow({}))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"init: cannot read {path} ({type(error).__name__}); name a workflow") from None
    try:
        return with_step(path, before)
    except UnclearError as error:
        snippet = "\n".join(step(None, {}, 2))
        note = f"{path} was left as it is: {error}. Add this step to the job that runs the tests:"
        return Proposal(path, before, None, (note,), snippet)


def with_step(path: str, before: str) -> Proposal:
    """What to do with the text of a workflow.

    Args:
        path: The workflow, for messages.
        before: Its text.

    Raises:
        UnclearError: It is not understood, so that it should be left alone.
    """
    if len(before) > SIZE_LIMIT:
        raise UnclearError("it is too large")
    document = Document(before)
    if _has_step(document.data):
        return Proposal(path, before, before, (f"{path} has the step already.",))
    choice = choose(document.data)
    edits, expected = _step_edit(document, choice)
    edits += _permission_edits(document, choice.job, expected)
    after = document.edited(edits)
    if load(after) != expected:
        raise UnclearError("the step cannot be added without changing more")
    return Proposal(path, before, after, tuple(_notes(document.data, choice)), None, choice.recipe.strength)


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


def _step_edit(document: Document, choice: Choice) -> tuple[list[Edit], dict[str, Any]]:
    """The edit that adds the step, and the data that the file must then hold."""
    steps = document.get(_job(document, choice.job), "steps")
    if not isinstance(steps, SequenceNode) or steps.flow_style or not document.own(steps):
        raise UnclearError("the steps of its job are written in another place or on one line")
    column = _dash(document, steps)
    width = _nested_width(document, steps)
    lines = step(choice.condition, choice.recipe.inputs(), width, choice.recipe.environment)
    end = document.after(steps, column)
    gap = [""] if _spaced(document, steps) else []
    text = "".join(f"{' ' * column if line else ''}{line}{document.newline}" for line in [*gap, *lines])
    expected = deepcopy(document.data)
    expected["jobs"][choice.job]["steps"].append(load("\n".join([*lines, ""]))[0])
    return [Edit(end, end, text)], expected


def _job(document: Document, name: str) -> MappingNode:
    jobs = document.get(document.root, "jobs")
    job = document.get(jobs, name) if jobs else None
    if not isinstance(job, MappingNode) or job.flow_style or not document.own(job) or document.get(job, "<<"):
        raise UnclearError(f"job {name} is written in another place or on one line")
    return job


def _dash(document: Document, steps: SequenceNode) -> int:
    """Column of the dashes of a list."""
    line, column = position(steps)
    if document.lines[line][column : column + 1] != "-":
        raise UnclearError("its steps are written in an unusual way")
    return column


def _nested_width(document: Document, steps: SequenceNode) -> int:
    """Spaces by which the steps indent what is nested in them."""
    for item in steps.value:
        for key, value in item.value if isinstance(item, MappingNode) else ():
            here = document.own(value)  # what stands behind an alias is indented as it is elsewhere
            if isinstance(value, MappingNode) and here and not value.flow_style and value.value:
                width = position(value)[1] - position(key)[1]
                if 0 < width <= 8:
                    return int(width)
    return 2


def _spaced(document: Document, steps: SequenceNode) -> bool:
    """Whether the steps are set apart by empty lines."""
    starts = [position(item)[0] for item in steps.value[1:]]
    return bool(starts) and all(not document.lines[line - 1].strip() for line in starts)


def _permission_edits(document: Document, name: str, expected: dict[str, Any]) -> list[Edit]:
    """The edits that give the job's token what it needs, and no more; changes ``expected`` likewise."""
    data = document.data
    at_job, at_top = data["jobs"][name].get("permissions"), data.get("permissions")
    given = at_job if at_job is not None else at_top
    if given == "write-all" or (isinstance(given, Mapping) and _enough(given)):
        return []
    if at_job is not None:
        return _amended(document, name, at_job, expected)
    inherited = dict(at_top) if isinstance(at_top, Mapping) else {}
    wanted = {
        **inherited,
        **{key: level for key, level in PERMISSIONS.items() if inherited.get(key) != "write"},
    }
    expected["jobs"][name]["permissions"] = wanted
    return [_new_permissions(document, name, wanted)]


def _enough(given: Mapping[str, Any]) -> bool:
    return all(given.get(key) in (level, "write") for key, level in PERMISSIONS.items())


def _new_permissions(document: Document, name: str, wanted: Mapping[str, str]) -> Edit:
    """A block of permissions, after the job's first line that says where it runs."""
    job = _job(document, name)
    found = document.entry(job, "runs-on")
    if found is None:
        raise UnclearError(f"job {name} does not say where it runs")
    key, value = found
    column = position(key)[1]
    jobs = document.entry(document.root, "jobs")
    outer = position(job)[1] - position(jobs[1])[1] if jobs else 2
    lines = ["permissions:", *(f"{' ' * max(outer, 1)}{one}: {level}" for one, level in wanted.items())]
    end = (document.after(value, 1 << 30)[0], 0)
    return Edit(end, end, "".join(f"{' ' * column}{line}{document.newline}" for line in lines))


def _amended(document: Document, name: str, given: Any, expected: dict[str, Any]) -> list[Edit]:
    """The job's own block of permissions with what is missing."""
    node = document.get(_job(document, name), "permissions")
    if not isinstance(node, MappingNode) or not isinstance(given, Mapping) or not document.own(node):
        raise UnclearError(f"the permissions of job {name} are not a list of permissions")
    missing = {key: level for key, level in PERMISSIONS.items() if given.get(key) not in (level, "write")}
    expected["jobs"][name]["permissions"].update(missing)
    edits, new = [], {}
    for key, level in missing.items():
        present = document.get(node, key)
        if present is None:
            new[key] = level
        else:
            edits.append(Edit(position(present), document.end(present), level))
    return [*edits, *_added(document, node, new)]


def _added(document: Document, node: MappingNode, new: Mapping[str, str]) -> list[Edit]:
    pairs = [line for key, level in new.items() for line in entry(key, level, 2)]
    if not pairs:
        return []
    if node.flow_style:
        text = ", ".join(pairs)
        line, column = document.end(node.value[-1][1]) if node.value else position(node)
        place = (line, column) if node.value else (line, column + 1)
        return [Edit(place, place, f", {text}" if node.value else f" {text} ")]
    column = position(node)[1]
    end = document.after(node, column)
    return [Edit(end, end, "".join(f"{' ' * column}{line}{document.newline}" for line in pairs))]


def _notes(data: Mapping[str, Any], choice: Choice) -> list[str]:
    notes = [f"The step is added to job {choice.job}, which runs the tests."]
    job = data["jobs"][choice.job]
    if job.get("services"):
        names = ", ".join(map(str, job["services"]))
        notes.append(
            f"From the action's container the job's services are reached by name ({names}), not localhost."
        )
    if job.get("permissions") is None and data.get("permissions") is None:
        notes.append(
            "The job's token is now limited to reading the code and writing on pull requests; "
            "if another of its steps needs more, add it under `permissions`."
        )
    if "pull_request" not in triggers(data):
        notes.append(
            "The workflow does not run on pull requests; the comment is posted when a branch is pushed."
        )
    return notes
