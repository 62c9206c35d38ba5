"""Rows of a matrix and the condition that names one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.workflow.reading.document import UnreadableError
from hitrate.workflow.reading.expression import holds
from hitrate.workflow.reading.matrix import condition, rows_of

VALUES = st.sampled_from(["a", "b", "A", "", "3.10", 3.1, 3, True, False])
AXES = st.dictionaries(
    st.sampled_from(["os", "python", "x-y", "z"]), st.lists(VALUES, min_size=1, max_size=3), max_size=3
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["os", "python", "extra"]), VALUES, min_size=1), max_size=4)


@given(axes=AXES, include=ROWS, data=st.data())
def test_the_condition_holds_in_its_row_only(
    axes: dict[str, Any], include: list[Any], data: st.DataObject
) -> None:
    rows = rows_of({"strategy": {"matrix": {**axes, **({"include": include} if include else {})}}})
    if not rows:
        return
    chosen = data.draw(st.sampled_from(rows))
    text = condition(rows, chosen)
    for number, row in enumerate(rows):
        runs = text is None or holds(text, {"matrix": row.values, "strategy": {"job-index": number}})
        assert runs is (row is chosen)


@pytest.mark.parametrize(
    ("matrix", "values", "added"),
    [
        ({"a": [1, 2], "exclude": [{"a": 1}]}, [{"a": 2}], [False]),
        ({"a": [1], "include": [{"a": 1, "b": 2}, {"a": 3}]}, [{"a": 1, "b": 2}, {"a": 3}], [False, True]),
        ({"include": [{"a": 1}, {"a": 2}]}, [{"a": 1}, {"a": 2}], [False, False]),
    ],
)
def test_rows_are_those_of_github(matrix: dict[str, Any], values: list[Any], added: list[bool]) -> None:
    rows = rows_of({"strategy": {"matrix": matrix}})
    assert [row.values for row in rows] == values
    assert [row.added for row in rows] == added


@pytest.mark.parametrize("matrix", ["${{ fromJSON(needs.a) }}", {"a": "${{ fromJSON(needs.a) }}", "b": [1]}])
def test_a_matrix_that_is_made_has_one_row_of_which_nothing_is_known(matrix: object) -> None:
    (row,) = rows_of({"strategy": {"matrix": matrix}})
    assert (row.values, row.complete) == ({}, False)
    assert condition([row], row) == "strategy.job-index == 0"


@pytest.mark.parametrize("matrix", [{"a": [*range(70)], "b": [*range(70)]}, {"a": 1}, {"include": ["a"]}])
def test_a_matrix_that_is_none_is_refused(matrix: object) -> None:
    with pytest.raises(UnreadableError):
        rows_of({"strategy": {"matrix": matrix}})
