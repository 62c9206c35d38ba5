"""What one call did besides returning: what it changed, and what it read that was another thing before."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from hitrate.probe.oracle import monitor
from hitrate.probe.oracle.following import followed
from hitrate.probe.oracle.following.effects import QUIET, Effects
from hitrate.probe.oracle.following.findings import Findings
from hitrate.probe.oracle.following.followed import KeptCall, Token

SOURCE = """
import os

count = 0
rate = 1
items = [1]

def quiet(n):
    return n * rate

def bump(n):
    global count
    count += 1
    return n

def push(basket):
    basket.append(1)

def put_back(basket):
    basket.append(basket.pop())

def say(n):
    print(n)

def look(n):
    return os.environ.get("SHOP_CURRENCY")

def both(n):
    print(n)
    return os.environ.get("SHOP_CURRENCY")

def step(source):
    return next(source)

def step_below(holder):
    return next(holder.source)

def quiet_below(holder):
    return holder.rate

def made_by(make):
    return make()
"""


class Watched:
    """One function of a project whose calls are looked at, and what is reported of them."""

    def __init__(self, name: str) -> None:
        self.space: dict[str, Any] = {"__name__": "shop"}
        exec(compile(SOURCE, "/project/shop.py", "exec"), self.space)
        self.function = self.space[name]
        self.said: list[dict[str, Any]] = []
        self.oracle = SimpleNamespace(current_test="test_first", report=self.said.append)
        findings = Findings(self.oracle, 0, self.function.__code__)  # type: ignore[arg-type]
        self.effects = Effects(self.function, findings)

    def call(self, *args: object, end: Callable[[Token, object], None] | None = None) -> list[str]:
        """Make one call and tell the kinds of what is reported of it."""
        token = Token(1, None, args, {})
        token.entry = KeptCall(token, None)
        token.before = followed.arguments_of(token)
        self.effects.look(token, deep=True)
        token.seen = monitor.begin(self.function.__code__, ())
        assert token.seen is not None
        try:
            result = self.function(*args)
        finally:
            monitor.end(token.seen)
        before = len(self.said)
        (end or self.effects.tell)(token, result)
        return [one["kind"] for one in self.said[before:]]

    def judge(self, *args: object) -> bool:
        """Whether calls are innocent after this one."""
        self.call(*args, end=self.effects.judge)
        return self.effects.innocent


def test_a_call_that_only_returns_says_nothing() -> None:
    watched = Watched("quiet")
    assert watched.call(1) == watched.call(2) == []


def test_a_global_that_a_call_changes_is_told_with_what_it_was() -> None:
    watched = Watched("bump")
    assert "global" in watched.call(1)
    assert {(one["about"], one["before"], one["after"]) for one in watched.said} == {("count", "0", "1")}


def test_an_argument_is_changed_unless_it_is_afterwards_as_it_was() -> None:
    watched = Watched("push")
    assert watched.call([1]) == ["argument"]
    assert (watched.said[0]["argument"], watched.said[0]["after"]) == ("basket", "2 items")
    assert Watched("put_back").call([1, 2]) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("say", [("effect", "output")]),
        ("look", [("reads", "environment")]),
        ("both", [("reads", "environment"), ("effect", "output")]),
    ],
)
def test_what_is_done_is_an_effect_and_what_is_asked_for_is_read(
    name: str, told: list[tuple[str, str]]
) -> None:
    watched = Watched(name)
    watched.call(1)
    assert [(one["kind"], one["about"]) for one in watched.said] == told


def test_that_a_mock_was_called_is_no_effect_but_it_may_not_be_called_again() -> None:
    assert Watched("made_by").call(mock.Mock(return_value=1)) == []
    assert not Watched("made_by").judge(mock.Mock(return_value=1))


def numbers() -> Iterator[int]:
    yield from range(9)


@pytest.mark.parametrize("make", [numbers, lambda: iter([1, 2]), lambda: iter((3, 4))])
def test_an_argument_that_moves_on_is_opaque(make: Callable[[], Iterator[int]]) -> None:
    watched = Watched("step")
    assert "opaque" in watched.call(make())
    assert watched.said[-1]["argument"] == "source"


@pytest.mark.parametrize(("name", "told"), [("step_below", ["holder.source"]), ("quiet_below", [])])
def test_one_that_an_argument_holds_is_told_where_the_call_moved_it_on(name: str, told: list[str]) -> None:
    watched = Watched(name)
    watched.call(SimpleNamespace(source=iter([1, 2]), rate=1))
    assert [one["argument"] for one in watched.said if one["kind"] == "opaque"] == told


def test_what_others_changed_since_an_earlier_test_is_told_with_that_test() -> None:
    watched = Watched("quiet")
    watched.call(1)
    watched.space["rate"] = 2
    watched.oracle.current_test = "test_second"
    assert watched.call(1) == ["changed"]
    found = watched.said[0]
    assert (found["what"], found["before"], found["after"]) == ("rate", "1", "2")
    assert (found["first_test"], found["test"]) == ("test_first", "test_second")


def test_so_it_is_where_a_cache_answered_the_earlier_call() -> None:
    watched = Watched("quiet")
    assert watched.call(1, end=watched.effects.note_served) == []
    watched.space["rate"] = 2
    assert watched.call(1) == ["changed"]


def test_after_some_calls_without_a_change_changes_are_searched_no_more() -> None:
    watched = Watched("quiet")
    for _ in range(2 * QUIET):
        watched.call(1)
    assert watched.effects.looks == QUIET
    bumping = Watched("bump")
    for _ in range(2 * QUIET):
        bumping.call(1)
    assert bumping.effects.looks == 2 * QUIET


@pytest.mark.parametrize(
    ("name", "innocent"),
    [("quiet", True), ("look", True), ("put_back", True), ("push", False), ("say", False), ("bump", False)],
)
def test_only_a_function_that_changes_nothing_may_be_run_again(name: str, innocent: bool) -> None:
    watched = Watched(name)
    assert watched.judge([1]) is innocent
    assert watched.effects.judged == 1


def test_one_call_that_is_not_innocent_speaks_for_all() -> None:
    watched = Watched("made_by")
    assert watched.judge(lambda: 1)
    assert not watched.judge(lambda: print("x"))
    assert not watched.judge(lambda: 1)
    assert watched.effects.judged == 3


def test_a_call_that_was_not_seen_to_its_end_is_not_judged() -> None:
    watched = Watched("quiet")

    def broken_off(token: Token, result: object) -> None:
        assert token.seen is not None
        token.seen.partial = True
        watched.effects.judge(token, result)
        assert token.entry is not None
        assert not token.entry.whole

    watched.call(1, end=broken_off)
    assert (watched.effects.innocent, watched.effects.judged) == (True, 0)
