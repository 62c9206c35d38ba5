"""Where the step and its permissions go in the text of a workflow, everything else staying as it is."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ruamel.yaml.nodes import MappingNode, SequenceNode

from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.reading.document import Document, Replacement, UnreadableError, load, position
from hitrate.workflow.writing.step import PERMISSIONS, entry, step


def placed(document: Document, chosen: Candidate, uses: str) -> str:
    """The text of a workflow with the step in the chosen job, proven to change nothing else.

    Args:
        document: The workflow.
        chosen: The job, with its recipe.
        uses: The action, as ``uses`` names it.

    Raises:
        UnreadableError: The step cannot be added without changing more.
    """
    edits, expected = _step_edit(document, chosen, uses)
    edits += _permission_edits(document, chosen.job, expected)
    after = document.edited(edits)
    if load(after) != expected:
        raise UnreadableError("the step cannot be added without changing more")
    return after


def _step_edit(document: Document, chosen: Candidate, uses: str) -> tuple[list[Replacement], dict[str, Any]]:
    """The edit that adds the step, and the data that the file must then hold."""
    steps = document.get(_job(document, chosen.job), "steps")
    if not isinstance(steps, SequenceNode) or steps.flow_style or not document.own(steps):
        raise UnreadableError("the steps of its job are written in another place or on one line")
    column = _dash(document, steps)
    width = _nested_width(document, steps)
    if chosen.recipe is None:
        raise UnreadableError("how its tests are run is not known")
    lines = step(chosen.condition, chosen.recipe.inputs(), width, chosen.recipe.environment, uses)
    end = document.after(steps, column)
    gap = [""] if _spaced(document, steps) else []
    text = "".join(f"{' ' * column if line else ''}{line}{document.newline}" for line in [*gap, *lines])
    expected = deepcopy(document.data)
    expected["jobs"][chosen.job]["steps"].append(load("\n".join([*lines, ""]))[0])
    return [Replacement(end, end, text)], expected


def _job(document: Document, name: str) -> MappingNode:
    jobs = document.get(document.root, "jobs")
    job = document.get(jobs, name) if jobs else None
    if not isinstance(job, MappingNode) or job.flow_style or not document.own(job) or document.get(job, "<<"):
        raise UnreadableError(f"job {name} is written in another place or on one line")
    return job


def _dash(document: Document, steps: SequenceNode) -> int:
    """Column of the dashes of a list."""
    line, column = position(steps)
    if document.lines[line][column : column + 1] != "-":
        raise UnreadableError("its steps are written in an unusual way")
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


def _permission_edits(document: Document, name: str, expected: dict[str, Any]) -> list[Replacement]:
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


def _new_permissions(document: Document, name: str, wanted: Mapping[str, str]) -> Replacement:
    """A block of permissions, after the job's first line that says where it runs."""
    job = _job(document, name)
    found = document.entry(job, "runs-on")
    if found is None:
        raise UnreadableError(f"job {name} does not say where it runs")
    key, value = found
    column = position(key)[1]
    jobs = document.entry(document.root, "jobs")
    outer = position(job)[1] - position(jobs[1])[1] if jobs else 2
    lines = ["permissions:", *(f"{' ' * max(outer, 1)}{one}: {level}" for one, level in wanted.items())]
    end = (document.after(value, 1 << 30)[0], 0)
    return Replacement(end, end, "".join(f"{' ' * column}{line}{document.newline}" for line in lines))


def _amended(document: Document, name: str, given: Any, expected: dict[str, Any]) -> list[Replacement]:
    """The job's own block of permissions with what is missing."""
    node = document.get(_job(document, name), "permissions")
    if not isinstance(node, MappingNode) or not isinstance(given, Mapping) or not document.own(node):
        raise UnreadableError(f"the permissions of job {name} are not a list of permissions")
    missing = {key: level for key, level in PERMISSIONS.items() if given.get(key) not in (level, "write")}
    expected["jobs"][name]["permissions"].update(missing)
    edits, new = [], {}
    for key, level in missing.items():
        present = document.get(node, key)
        if present is None:
            new[key] = level
        else:
            edits.append(Replacement(position(present), document.end(present), level))
    return [*edits, *_added(document, node, new)]


def _added(document: Document, node: MappingNode, new: Mapping[str, str]) -> list[Replacement]:
    pairs = [line for key, level in new.items() for line in entry(key, level, 2)]
    if not pairs:
        return []
    if node.flow_style:
        text = ", ".join(pairs)
        line, column = document.end(node.value[-1][1]) if node.value else position(node)
        place = (line, column) if node.value else (line, column + 1)
        return [Replacement(place, place, f", {text}" if node.value else f" {text} ")]
    column = position(node)[1]
    end = document.after(node, column)
    return [Replacement(end, end, "".join(f"{' ' * column}{line}{document.newline}" for line in pairs))]
