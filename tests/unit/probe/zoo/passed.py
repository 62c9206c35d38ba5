"""Results that are passed on together: told from each other where they arrive, or only read."""

import operator
from collections.abc import Callable
from typing import Any

from tests.unit.probe.zoo import Keeper, specimen

doubtful = specimen("doubt")
harmless = specimen(None)


class Variable:
    def __init__(self, value: float) -> None:
        self.value = value

    def __sub__(self, other: "Variable") -> float:
        weights = {self: 1.0}
        weights[other] = weights.get(other, 0.0) - 1.0
        return sum(weight * each.value for each, weight in weights.items())

    def __add__(self, other: "Variable") -> float:
        return self.value + other.value

    def is_above(self, other: "Variable") -> bool:
        return self.value > other.value


class Tied(Variable):
    def joined(self, other: "Tied") -> int:
        return len({self, other})


class Point:
    """Which is told by where it is."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Point) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


def variable(value: float) -> Variable:
    return Variable(value)


def tied(value: float) -> Tied:
    return Tied(value)


def point(value: float) -> Point:
    return Point(value)


def deviation(first: Any, second: Any) -> float:
    weights: dict[Any, float] = {}
    weights[first] = weights.get(first, 0.0) + 1.0
    weights[second] = weights.get(second, 0.0) - 1.0
    return sum(weight * each.value for each, weight in weights.items())


def total(*parts: Any) -> float:
    distinct = set()
    for part in parts:
        distinct.add(part)
    return float(sum(part.value for part in distinct))


def distinct(parts: list[Any]) -> int:
    return len(set(parts))


def numbered(parts: list[Any]) -> dict[Any, int]:
    return {part: 1 for part in parts}  # noqa: C420


def covariance(first: Any, second: Any) -> float:
    return float(first.value**2) if first is second else 0.0


def paired(first: Any, second: Any) -> bool:
    return bool(first == second)


def table(first: Any, second: Any) -> dict[Any, int]:
    return {first: 1, second: 2}


def spread(first: Any, second: Any) -> float:
    known = {"first": first.value, "second": second.value}
    return abs(known["first"] - known["second"])


def summed(parts: list[Any]) -> float:
    known: dict[int, float] = {}
    for at, part in enumerate(parts):
        known[at] = part.value
    return sum(known.values())


def walked(root: Any) -> int:
    seen, pending = set(), [root]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
    return len(seen)


def listed(first: Any, second: Any) -> dict[Any, float]:
    names: dict[Any, float] = {}
    names[first] = second.value
    return names


def _often(keeper: Keeper, function: Callable[[float], Any], use: Callable[[Any], object]) -> None:
    observed = keeper.observe(function)
    for _ in range(4):
        use(observed)


@doubtful
def keys_of_one_table(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        return deviation(variable(1.0), variable(2.0))

    _often(keeper, variable, use)


@doubtful
def keys_of_one_table_that_were_bound(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        first = variable(1.0)
        second = variable(2.0)
        return deviation(first, second)

    _often(keeper, variable, use)


@doubtful
def members_of_one_set(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        return total(variable(1.0), variable(2.0), variable(3.0))

    _often(keeper, variable, use)


@doubtful
def a_list_that_becomes_a_set(keeper: Keeper) -> None:
    def use(variable: Any) -> int:
        return distinct([variable(1.0), variable(2.0)])

    _often(keeper, variable, use)


@doubtful
def a_comprehension_that_becomes_a_table(keeper: Keeper) -> None:
    def use(variable: Any) -> dict[Any, int]:
        return numbered([variable(at) for at in (1.0, 2.0)])

    _often(keeper, variable, use)


@doubtful
def compared_where_they_arrive(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        return covariance(variable(1.0), variable(2.0))

    _often(keeper, variable, use)


@doubtful
def equal_only_if_they_are_one(keeper: Keeper) -> None:
    def use(variable: Any) -> bool:
        return paired(variable(1.0), variable(2.0))

    _often(keeper, variable, use)


@doubtful
def table_that_is_written_out(keeper: Keeper) -> None:
    def use(variable: Any) -> dict[Any, int]:
        return table(variable(1.0), variable(2.0))

    _often(keeper, variable, use)


@doubtful
def keys_in_an_operator(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        return float(variable(1.0) - variable(2.0))

    _often(keeper, variable, use)


@doubtful
def members_in_a_method(keeper: Keeper) -> None:
    def use(tied: Any) -> int:
        return int(tied(1.0).joined(tied(2.0)))

    _often(keeper, tied, use)


@harmless
def only_read_where_they_arrive(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        return spread(variable(1.0), variable(2.0))

    _often(keeper, variable, use)


@harmless
def list_that_is_numbered(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        return summed([variable(1.0), variable(2.0)])

    _often(keeper, variable, use)


@harmless
def one_that_is_walked(keeper: Keeper) -> None:
    def use(variable: Any) -> int:
        return walked(variable(1.0)) + walked(variable(2.0))

    _often(keeper, variable, use)


@harmless
def one_that_is_a_key(keeper: Keeper) -> None:
    def use(variable: Any) -> int:
        return len(listed(variable(1.0), variable(2.0)))

    _often(keeper, variable, use)


@harmless
def added_by_an_operator(keeper: Keeper) -> None:
    def use(variable: Any) -> float:
        return float(variable(1.0) + variable(2.0))

    _often(keeper, variable, use)


@harmless
def compared_by_value_in_a_method(keeper: Keeper) -> None:
    def use(variable: Any) -> bool:
        return bool(variable(1.0).is_above(variable(2.0)))

    _often(keeper, variable, use)


@harmless
def keys_that_are_equal_by_value(keeper: Keeper) -> None:
    def use(point: Any) -> float:
        return deviation(point(1.0), point(2.0))

    _often(keeper, point, use)


@harmless
def function_of_a_library(keeper: Keeper) -> None:
    def use(variable: Any) -> bool:
        return operator.ne(variable(1.0).value, variable(2.0).value)

    _often(keeper, variable, use)
