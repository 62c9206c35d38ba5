"""A job's matrix: its rows in GitHub's order, and the condition under which a step runs in one of them only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from hitrate.workflow.document import UnclearError

_NAME = re.compile(r"[A-Za-z_][\w-]*")
_MATRIX_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Row:
    """One combination of a matrix.

    Attributes:
        values: What ``matrix`` holds there.
        added: Whether it stands under ``include`` beside a matrix that has rows of its own.
        complete: Whether these are all its values; not where the matrix is made by an expression.
    """

    values: Mapping[str, Any]
    added: bool = False
    complete: bool = True


def rows_of(job: Mapping[str, Any]) -> list[Row]:
    """The rows of a job's matrix, in GitHub's order; one without values where there is no matrix.

    Raises:
        UnclearError: The matrix is too large, or not a matrix.
    """
    strategy = job.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, Mapping) else None
    if matrix is None:
        return [Row({})]
    if not isinstance(matrix, Mapping) or any(isinstance(values, str) for values in matrix.values()):
        return [Row({}, complete=False)]
    axes = [key for key in matrix if key not in ("include", "exclude")]
    originals = len(_product(matrix)) if axes else None
    combinations = expand(matrix)
    return [
        Row(values, added=originals is not None and number >= originals)
        for number, values in enumerate(combinations)
    ]


def condition(rows: list[Row], chosen: Row) -> str | None:
    """The condition for a step to run in that row only; None where it is the only one."""
    if not chosen.complete:
        return "strategy.job-index == 0"
    if len(rows) == 1:
        return None
    index = next(number for number, row in enumerate(rows) if row is chosen)
    if index == 0:
        return "strategy.job-index == 0"
    wanted, others = chosen.values, [row.values for row in rows if row is not chosen]
    telling = [key for key in wanted if any(repr(one.get(key)) != repr(wanted[key]) for one in others)]
    clear = all(_NAME.fullmatch(key) and not isinstance(wanted[key], Mapping | list) for key in telling)
    # A row that another one extends is not told from it by what it has itself.
    alone = not any(all(repr(one.get(key)) == repr(wanted[key]) for key in telling) for one in others)
    if not (clear and alone):
        return f"strategy.job-index == {index}"
    return " && ".join(f"matrix.{key} == {_literal(wanted[key])}" for key in telling)


def expand(matrix: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The combinations in GitHub's order: the product of the lists, less excluded, plus included ones.

    Raises:
        UnclearError: It is too large or not made of lists.
    """
    combinations = _product(matrix)
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


def _product(matrix: Mapping[str, Any]) -> list[dict[str, Any]]:
    axes = {key: values for key, values in matrix.items() if key not in ("include", "exclude")}
    if not all(isinstance(values, list) and values for values in axes.values()):
        raise UnclearError("its matrix is not made of lists")
    combinations: list[dict[str, Any]] = []
    for number, values in enumerate(product(*axes.values())):
        if number > _MATRIX_LIMIT:
            raise UnclearError("its matrix is too large")
        combinations.append(dict(zip(axes, values, strict=True)))
    return [one for one in combinations if axes and not _excluded(one, matrix.get("exclude"))]


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
