"""Values that source says without being run."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.environment.declared.static import Names, assigned

literals = st.recursive(
    st.booleans() | st.integers(0) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def value(expression: str, before: str = "") -> object:
    names = Names(assigned(ast.parse(before).body))
    return names.value(ast.parse(expression, mode="eval").body)


@given(literals)
def test_a_literal_is_what_it_says(given: object) -> None:
    assert value(repr(given)) == given


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("A + ['c']", ["a", "b", "c"]),
        ("[*A, 'c']", ["a", "b", "c"]),
        ("{**T, 'y': 2}", {"x": "1", "y": 2}),
        ("T | {'y': 2}", {"x": "1", "y": 2}),
        ("dict(a='b', c=unknown())", {"a": "b"}),
        ("f'{N}-{A[0]}'", None),
        ("f'{N}!'", "n!"),
        ("'a b'.split()", ["a", "b"]),
        ("shlex.split('a b')", ["a", "b"]),
        ("'{0} {x} {0}'.format(N, x=1)", "n 1 n"),
        ("'{} {}'.format('a', N)", "a n"),
        ("'plain'.format()", "plain"),
        ("'{} {}'.format('a')", None),
        ("'{0.name}'.format(N)", "{0.name}"),
        ("missing.format('a')", None),
        ("tuple(A)", ["a", "b"]),
        ("unknown() or 'x'", "x"),
        ("'a' if unknown() else 'b'", "a"),
        ("[unknown(), 'x']", ["x"]),
        ("unknown() + ['x']", ["x"]),
        ("missing", None),
        ("open('/etc/passwd').read()", None),
        ("1 - 1", None),
    ],
)
def test_what_is_known_of_an_expression(expression: str, expected: object) -> None:
    assert value(expression, "N = 'n'\nA = ['a', 'b']\nT: dict = {'x': '1'}") == expected


def test_what_is_added_to_a_name_counts() -> None:
    lists = "A = ['a']\nif x:\n    A += ['b']\nA.append('c')\nA.extend(['d'])"
    tables = "T = {}\nT['k'] = 1\nT.update({'l': 2})"
    assert value("A", lists) == ["a", "b", "c", "d"]
    assert value("T", tables) == {"k": 1, "l": 2}


def test_names_that_stand_for_each_other_come_to_an_end() -> None:
    assert value("A", "A = B\nB = A") is None


def test_words_of_a_call_are_the_texts_in_it() -> None:
    call = ast.parse("f('a', *['b', 'c'], ['d', 1], unknown())", mode="eval").body
    assert isinstance(call, ast.Call)
    assert Names({}).words(call.args) == ["a", "b", "c", "d"]


def test_a_hole_stands_for_what_is_not_known_in_a_text() -> None:
    node = ast.parse("f'a{unknown}c'", mode="eval").body
    assert Names({}).value(node) is None
    assert Names({}, hole="*").value(node) == "a*c"
