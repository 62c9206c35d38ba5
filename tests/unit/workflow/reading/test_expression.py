"""GitHub's expressions, as far as the text of a workflow settles them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.workflow.reading.expression import UNKNOWN, as_text, evaluate, filled_in, holds

CONTEXTS: dict[str, Any] = {
    "matrix": {"os": "ubuntu-latest", "py": "3.12", "slow": False, "row": {"image": "a"}},
    "github": {"event_name": "pull_request"},
    "needs": UNKNOWN,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("matrix.os", "ubuntu-latest"),
        ("matrix['os']", "ubuntu-latest"),
        ("matrix.row.image", "a"),
        ("matrix.missing", None),
        ("matrix.os.deeper", None),
        ("needs.a.outputs.b", UNKNOWN),
        ("env.A", UNKNOWN),
        ("matrix.os || 'windows'", "ubuntu-latest"),
        ("matrix.missing || 'windows'", "windows"),
        ("matrix.slow && 'a' || 'b'", "b"),
        ("matrix.os == 'UBUNTU-LATEST'", True),
        ("matrix.py == 3.12", True),
        ("matrix.missing == ''", True),
        ("matrix.missing == false", True),
        ("matrix.slow == 'false'", False),
        ("matrix.py != '3.12'", False),
        ("3 >= 2 && 2 < 3", True),
        ("!matrix.slow", True),
        ("!(matrix.slow || needs.a)", UNKNOWN),
        ("matrix.slow && needs.a", False),
        ("needs.a && matrix.slow", False),
        ("needs.a || true", True),
        ("needs.a == 'b'", UNKNOWN),
        ("contains('ubuntu-latest', 'Ubuntu')", True),
        ("startsWith(matrix.os, 'ubuntu')", True),
        ("endsWith(matrix.py, 't')", False),
        ("format('py{0}-{1}', matrix.py, 'x')", "py3.12-x"),
        ("format('{3}', 1)", UNKNOWN),
        ("fromJSON('[1]')", UNKNOWN),
        ("always()", True),
        ("failure() || cancelled()", False),
        ("'it''s'", "it's"),
        ("a &", UNKNOWN),
        ("(matrix.os", UNKNOWN),
        ("", UNKNOWN),
        ("matrix.", UNKNOWN),
    ],
)
def test_an_expression_has_this_value(text: str, value: object) -> None:
    found = evaluate(text, CONTEXTS)
    assert found == value
    assert (found is UNKNOWN) is (value is UNKNOWN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("${{ matrix.os }}-x ${{ matrix.py }}", "ubuntu-latest-x 3.12"),
        ("a-${{ needs.b }}", UNKNOWN),
        ("${{ matrix.row }}", {"image": "a"}),
        ("a${{ matrix.slow }}", "afalse"),
        (7, 7),
    ],
)
def test_text_with_expressions_is_filled_in(text: object, value: object) -> None:
    assert filled_in(text, CONTEXTS) == value


@pytest.mark.parametrize(
    ("condition", "runs"),
    [
        (None, True),
        (True, True),
        (False, False),
        ("${{ false }}", False),
        ("matrix.slow", False),
        ("${{ matrix.os == 'ubuntu-latest' }}", True),
        ("needs.a.result == 'success'", None),
        ("! ${{ matrix.slow }}", None),
        ("\n${{ needs.a }}\n", None),
    ],
)
def test_a_condition_holds_or_not_or_nobody_can_tell(condition: object, runs: bool | None) -> None:
    assert holds(condition, CONTEXTS) is runs


@given(st.text(alphabet="matrixos.()[]'!&|=<>, 3é${}\n", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    evaluate(text, CONTEXTS)
    filled_in(text, CONTEXTS)
    holds(text, CONTEXTS)


@given(
    st.recursive(
        st.sampled_from(["true", "false", "needs.a"]),
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]} && {pair[1]})"),
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]} || {pair[1]})"),
            inner.map(lambda one: f"!{one}"),
        ),
        max_leaves=8,
    )
)
def test_what_is_told_holds_whatever_the_unknown_is(text: str) -> None:
    told = holds(text, {"needs": UNKNOWN})
    for value in (True, False):
        there = holds(text, {"needs": {"a": value}})
        assert told is None or told is there


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (3.1, "3.1"), (None, ""), (True, "true"), ("a", "a")]
)
def test_values_as_text(value: object, text: str) -> None:
    assert as_text(value) == text
