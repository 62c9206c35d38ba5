"""Which entries of tables code asks for, told from its bytecode."""

import pytest

from hitrate.probe.oracle.state import keys


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("T['a']", {"a"}),
        ("T.get('a')", {"a"}),
        ("T.get('a', 1) + T['b']", {"a", "b"}),
        ("conf.T['a']", {"a"}),
        ("self.T['a']['b']", {"a"}),
        ("T['a'](x)", {"a"}),
        ("f'{T[\"a\"]}'", {"a"}),
        ("T[x]", None),
        ("T['a'] + T[x]", None),
        ("T[x] + T['a']", None),
        ("T", None),
        ("len(T) + T['a']", None),
        ("T.get(x)", None),
        ("T.items()", None),
        ("T[1]", None),
        ("T['a', 'b']", None),
        ("f(**T)", None),
        ("'a' in T", None),
        ("[T['a'], *T]", None),
        ("x", set()),
    ],
)
def test_entries_that_are_asked_for(source: str, asked: set[str] | None) -> None:
    found: keys.Keys = {}
    keys.take_in(found, compile(source, "<test>", "eval"))
    assert found.get("T", set()) == asked


def test_the_code_of_all_functions_counts() -> None:
    found: keys.Keys = {}
    for source in ("T['a']", "T['b']"):
        keys.take_in(found, compile(source, "<test>", "eval"))
    assert found["T"] == {"a", "b"}
    keys.take_in(found, compile("print(T)", "<test>", "eval"))
    keys.take_in(found, compile("T['c']", "<test>", "eval"))
    assert found["T"] is None
