"""What code reaches by name: its globals, those of the project's modules that it names, what it changes."""

import builtins
from types import CodeType

import pytest

from hitrate.probe.oracle.state.reach import CODES, Reach, nested, reachable, stored_by


def code(text: str, name: str = "/project/module.py") -> CodeType:
    return compile(text, name, "exec")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("options.active = 1", {"active"}),
        ("del options.active", {"active"}),
        ("table['a'] = 1", {"table"}),
        ("del table['a']", {"table"}),
        ("items.append(x)", {"items"}),
        ("table.update(x)", {"table"}),
        ("items.count(x)", set()),
        ("a + b", set()),
    ],
)
def test_what_code_changes_is_told_by_name(text: str, stored: set[str]) -> None:
    assert stored <= set(stored_by(code(text)))
    assert bool(set(stored_by(code(text)))) is bool(stored)


def test_code_within_code_is_found() -> None:
    names = [each.co_name for each in nested(code("def f():\n    def g():\n        return [x for x in y]\n"))]
    assert names[:3] == ["<module>", "f", "g"]


def test_only_names_that_are_there_are_places() -> None:
    reach = Reach()
    space: dict[str, object] = {"table": {}, "other": []}
    reach.learn([(code("table[missing]"), space)])
    assert [(place.name, place.key) for place in reach.places.values()] == [("table", "table")]
    assert {"table", "missing"} <= reach.names
    assert not reach.unfiltered


def test_attributes_without_names_are_noticed() -> None:
    reach = Reach()
    reach.learn([(code("vars(thing)"), {"thing": object()})])
    assert reach.unfiltered


def test_code_is_learnt_once_and_not_without_end() -> None:
    reach = Reach()
    one = code("table")
    reach.learn([(one, {}), (one, {})])
    assert len(reach.codes) == 1
    more = [code("table", f"/project/{number}.py") for number in range(2 * CODES)]
    reach.learn((each, {}) for each in more)
    assert len(reach.codes) == CODES


def test_functions_are_reached_through_others_of_their_module() -> None:
    space: dict[str, object] = {}
    exec("def a(): return b()\ndef b(): return c\ndef c(): return a()\ndef d(): pass", space)
    found = reachable(space["a"])  # type: ignore[arg-type]
    assert {each.__name__ for each in found} == {"a", "b", "c"}
    assert len(reachable(space["a"], 2)) == 2  # type: ignore[arg-type]


def test_functions_are_reached_that_only_a_lambda_or_a_generator_names() -> None:
    space: dict[str, object] = {}
    exec("def a(): return [*(b(n) for n in ())], lambda: c()\ndef b(n): pass\ndef c(): pass", space)
    found = reachable(space["a"])  # type: ignore[arg-type]
    assert {each.__name__ for each in found} == {"a", "b", "c"}


def test_what_is_installed_among_the_builtins_is_reached_but_none_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(builtins, "_", lambda word: word, raising=False)
    reach = Reach()
    reach.learn([(compile("_(len(x), ValueError)", "/project/a.py", "eval"), {"x": []})])
    assert [each.name for each in reach.places.values()] == ["_", "x"]
