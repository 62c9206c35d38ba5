"""A job's matrix: its rows in GitHub's order, and the condition for a step to run in one of them only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from hitrate.workflow.reading.document import UnreadableError
from hitrate.workflow.reading.expression import equal

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
        UnreadableError: The matrix is too large, or not a matrix.
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
    others = [row.values for row in rows if row is not chosen]
    keys = [key for key, value in chosen.values.items() if _can_be_told(key, value)]
    backwards = keys[::-1]
    for key in sorted(backwards, key=_told_best):
        fewer = [one for one in keys if one != key]
        if _tells(fewer, chosen.values, others):
            keys = fewer
    if not _tells(keys, chosen.values, others):
        return f"strategy.job-index == {index}"
    return " && ".join(f"matrix.{key} == {_literal(chosen.values[key])}" for key in keys)


def _can_be_told(key: str, value: Any) -> bool:
    """Whether a condition can say it; what is empty or false equals what is missing."""
    return bool(_NAME.fullmatch(key)) and not isinstance(value, Mapping | list) and "${{" not in str(value)


def _told_best(key: str) -> bool:
    """Whether a reader would name the row by it: its Python and its system."""
    return bool(re.search(r"py|os\b|platform|runner", key, re.IGNORECASE))


def _tells(keys: list[str], wanted: Mapping[str, Any], others: list[Mapping[str, Any]]) -> bool:
    """Whether these keys tell a row from all others, as GitHub compares values."""
    return not any(all(equal(one.get(key), wanted[key]) for key in keys) for one in others)


def expand(matrix: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The combinations in GitHub's order: the product of the lists, less excluded, plus included ones.

    Raises:
        UnreadableError: It is too large or not made of lists.
    """
    combinations = _product(matrix)
    originals = [dict(one) for one in combinations]
    for extra in matrix.get("include") or []:
        if not isinstance(extra, Mapping):
            raise UnreadableError("its matrix includes something other than combinations")
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
        raise UnreadableError("its matrix is not made of lists")
    combinations: list[dict[str, Any]] = []
    for number, values in enumerate(product(*axes.values())):
        if number > _MATRIX_LIMIT:
            raise UnreadableError("its matrix is too large")
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
