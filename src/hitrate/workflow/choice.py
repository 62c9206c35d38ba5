"""Which job of a workflow gets the step, and under which condition: once a pull request, on Linux."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from hitrate.workflow.document import UnclearError
from hitrate.workflow.recipe import Recipe, recipe_of

_LINUX = re.compile(r"ubuntu|linux|debian", re.IGNORECASE)
_AXIS = re.compile(r"\$\{\{\s*matrix\.([A-Za-z_][\w-]*)\s*\}\}")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_MATRIX_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Choice:
    """The job for the step.

    Attributes:
        job: Its name in the workflow.
        recipe: How it runs the tests.
        condition: When the step runs, as an expression; None is always.
    """

    job: str
    recipe: Recipe
    condition: str | None


def choose(workflow: Mapping[str, Any]) -> Choice:
    """The job that most surely runs the tests, on Linux.

    Raises:
        UnclearError: There is none.
    """
    jobs = workflow.get("jobs")
    found: list[tuple[int, str, Recipe, str | None]] = []
    reasons: list[str] = []
    for name, job in jobs.items() if isinstance(jobs, Mapping) else ():
        recipe = recipe_of(job, workflow.get("env")) if isinstance(job, Mapping) else None
        if recipe is None:
            continue
        try:
            found.append((recipe.strength, str(name), recipe, once_on_linux(job)))
        except UnclearError as error:
            reasons.append(f"job {name} runs the tests, but {error}")
    if not found:
        raise UnclearError("; ".join(reasons) or "none of its jobs runs tests in a step of its own")
    # Of equals, one that is called after tests, then the first.
    _, name, recipe, once = max(found, key=lambda one: (one[0], "test" in one[1].lower()))
    parts = [condition for condition in (_on_pull_requests(workflow), once) if condition]
    return Choice(name, recipe, " && ".join(parts) or None)


def triggers(workflow: Mapping[str, Any]) -> list[str]:
    """The events that the workflow runs on."""
    given = workflow.get("on")
    if isinstance(given, str):
        return [given]
    return [str(name) for name in given] if isinstance(given, list | Mapping) else []


def _on_pull_requests(workflow: Mapping[str, Any]) -> str | None:
    """Only pull requests where the workflow runs on them and on more; else whenever it runs.

    Raises:
        UnclearError: It never runs for a pull request or a push.
    """
    events = triggers(workflow)
    if "pull_request" in events:
        return "github.event_name == 'pull_request'" if len(events) > 1 else None
    if "push" in events or "merge_group" in events:
        return None
    raise UnclearError("it does not run on pull requests or pushes")


def once_on_linux(job: Mapping[str, Any]) -> str | None:
    """The condition under which a step of the job runs once, on Linux; None where it does anyway.

    Raises:
        UnclearError: It never runs on Linux, or nobody can tell.
    """
    runs_on = job.get("runs-on")
    if isinstance(runs_on, Mapping):
        runs_on = runs_on.get("labels")
    labels = [runs_on] if isinstance(runs_on, str) else runs_on if isinstance(runs_on, list) else []
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, Mapping) else None
    axis = next((found[1] for label in labels if (found := _AXIS.search(str(label)))), None)
    fixed = [str(label) for label in labels if "${{" not in str(label)]
    literal = axis is None and any(_LINUX.search(label) for label in fixed)
    if matrix is None:
        if not literal:
            raise UnclearError("it does not say that it runs on Linux")
        return None
    if not isinstance(matrix, Mapping) or any(isinstance(values, str) for values in matrix.values()):
        if not literal:
            raise UnclearError("its matrix is made by an expression, so that nobody can tell which is Linux")
        return "strategy.job-index == 0"
    if not literal and axis is None:
        raise UnclearError("it does not say that it runs on Linux")
    return _first_on_linux(matrix, axis)


def _first_on_linux(matrix: Mapping[str, Any], axis: str | None) -> str | None:
    """The condition for the matrix's first combination that runs on Linux.

    Raises:
        UnclearError: There is none.
    """
    combinations = expand(matrix)
    linux = [one for one in combinations if axis is None or _LINUX.search(str(one.get(axis, "")))]
    if not linux:
        raise UnclearError("none of its matrix runs on Linux")
    if len(combinations) == 1:
        return None
    if linux[0] is combinations[0]:
        return "strategy.job-index == 0"
    wanted = linux[0]
    telling = [key for key in wanted if len({repr(one.get(key)) for one in combinations}) > 1]
    if any(not _NAME.fullmatch(key) or isinstance(wanted[key], Mapping | list) for key in telling):
        return f"strategy.job-index == {combinations.index(wanted)}"
    return " && ".join(f"matrix.{key} == {_literal(wanted[key])}" for key in telling)


def expand(matrix: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The combinations in GitHub's order: the product of the lists, less excluded, plus included ones.

    Raises:
        UnclearError: It is too large or not made of lists.
    """
    axes = {key: values for key, values in matrix.items() if key not in ("include", "exclude")}
    if not all(isinstance(values, list) and values for values in axes.values()):
        raise UnclearError("its matrix is not made of lists")
    combinations: list[dict[str, Any]] = []
    for number, values in enumerate(product(*axes.values())):
        if number > _MATRIX_LIMIT:
            raise UnclearError("its matrix is too large")
        combinations.append(dict(zip(axes, values, strict=True)))
    combinations = [one for one in combinations if axes and not _excluded(one, matrix.get("exclude"))]
    originals = [dict(one) for one in combinations]
    for extra in matrix.get("include") or []:
        if not isinstance(extra, Mapping):
            raise UnclearError("its matrix includes something else than combinations")
        fitting = [
            one
            for one, original in zip(combinations, originals, strict=False)
            if originals and all(original.get(key, value) == value for key, value in extra.items())
        ]
        for one in fitting:
            one.update(extra)
        if not fitting:
            combinations.append(dict(extra))
    return combinations


def _excluded(combination: Mapping[str, Any], rules: Any) -> bool:
    return any(
        isinstance(rule, Mapping) and all(combination.get(key) == value for key, value in rule.items())
        for rule in rules or []
    )


def _literal(value: Any) -> str:
    """A value in GitHub's expression language."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"
