"""The result that a cache would hand out against the one that the function gives now."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hitrate.probe.oracle import snapshot
from hitrate.probe.oracle.following import followed
from hitrate.probe.oracle.following.comparer import Comparer
from hitrate.probe.oracle.following.findings import Findings
from hitrate.probe.oracle.following.followed import Counts, KeptCall, Token


class Thing:
    def __init__(self, value: object = 1) -> None:
        self.value = value


class Alike(Thing):
    """All are equal, whatever they hold."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


class Spot:
    """A place that is asked for by ``is``."""

    def __init__(self) -> None:
        self.value = 1

    def precedes(self, other: object) -> bool:
        return self is not other


def ask(item: object, *rest: object) -> None: ...


class Case:
    """One function whose results are compared, and what is reported of it."""

    def __init__(self, cached: bool = False) -> None:
        self.said: list[dict[str, Any]] = []
        oracle: Any = SimpleNamespace(current_test="test_now", report=self.said.append)
        self.comparer = Comparer(Findings(oracle, 0, ask.__code__), cached)
        self.counts = Counts()

    def first(self, result: object, *args: object) -> KeptCall:
        entry = KeptCall(self._call(args), "test_first")
        entry.keep(result, snapshot.take(result))
        return entry

    def again(self, entry: KeptCall, result: object, *args: object) -> None:
        entry.hits += 1
        self.comparer.compare(entry, self._call(args), result, snapshot.take(result), self.counts)

    @staticmethod
    def _call(args: tuple[object, ...]) -> Token:
        token = Token(1, None, args, {})
        token.before = followed.arguments_of(token)
        return token

    def told(self, *names: str) -> list[tuple[str, ...]]:
        return [tuple(one[name] for name in ("kind", *names)) for one in self.said]


@pytest.fixture
def case() -> Case:
    return Case()


def test_an_equal_result_says_nothing(case: Case) -> None:
    entry = case.first({"a": [1, 2]}, 1)
    case.again(entry, {"a": [1, 2]}, 1)
    assert (case.said, case.counts.compared, entry.shared) == ([], 1, False)


def test_another_one_is_stale_with_where_it_differs_and_since_when(case: Case) -> None:
    entry = case.first({"a": [1, 2]}, 1)
    case.again(entry, {"a": [1, 3]}, 1)
    assert case.told("cause", "place", "before", "after", "first_test", "test") == [
        ("stale", "hidden", "['a'][1]", "2", "3", "test_first", "test_now")
    ]


@pytest.mark.parametrize(
    ("first", "second", "kind", "cause", "argument"),
    [
        (1, True, "typed", "types", ""),
        ((1,), (True,), "typed", "nested types", "item[0]"),
        (Alike(1), Alike(2), "stale", "coarse", "item.value"),
        ("a", "a", "stale", "hidden", ""),
    ],
)
def test_why_equal_arguments_gave_another_result(
    case: Case, first: object, second: object, kind: str, cause: str, argument: str
) -> None:
    assert first == second
    case.again(case.first("old", first), "new", second)
    assert case.told("cause", "argument") == [(kind, cause, argument)]


def test_that_the_argument_itself_has_changed_goes_before_what_its_key_leaves_out(case: Case) -> None:
    thing = Alike(1)
    entry = case.first("old", thing)
    thing.value = 2
    case.again(entry, "new", thing)
    assert case.told("cause", "argument") == [("stale", "state", "item.value")]


def test_a_result_that_was_changed_since_is_aliased_and_not_stale(case: Case) -> None:
    kept = [1, 2]
    entry = case.first(kept, 1)
    kept.append(3)
    case.again(entry, [1, 2], 1)
    assert case.told("before", "after") == [("aliased", "2 items", "3 items")]


def test_one_that_was_changed_and_would_be_another_too_is_both(case: Case) -> None:
    kept = [1, 2]
    entry = case.first(kept, 1)
    kept.append(3)
    case.again(entry, [1, 5], 1)
    assert case.told("before", "after") == [("aliased", "2 items", "3 items"), ("stale", "2", "5")]


def test_a_result_that_all_share_already_is_nobodys_to_change(case: Case) -> None:
    shared = [1]
    entry = case.first(shared, 1)
    case.again(entry, shared, 1)
    shared.append(2)
    case.again(entry, shared, 1)
    case.comparer.look_back(entry)
    assert (case.said, entry.shared) == ([], True)


def test_results_with_a_mutable_part_in_common_are_shared(case: Case) -> None:
    part = [1]
    entry = case.first({"a": part}, 1)
    case.again(entry, {"a": part}, 1)
    assert entry.shared


def counted() -> Iterator[int]:
    yield 1


def test_what_can_be_gone_through_once_is_said_to_be_so(case: Case) -> None:
    kept = counted()
    entry = case.first(kept, 1)
    case.again(entry, counted(), 1)
    assert ("one-shot", "a generator") in case.told("what")


@pytest.mark.parametrize(("cached", "kinds"), [(False, ["identity"]), (True, [])])
def test_objects_that_cannot_stand_for_each_other_unless_that_is_what_the_cache_is_for(
    cached: bool, kinds: list[str]
) -> None:
    case = Case(cached)
    case.again(case.first(Spot(), 1), Spot(), 1)
    assert [one["kind"] for one in case.said] == kinds


def test_of_a_result_that_is_gone_only_builtin_data_can_be_told(case: Case) -> None:
    for old, new in (("old", "new"), (Thing(1), Thing(2))):
        entry = case.first(old, 1)
        entry.kept = None
        case.again(entry, new, 1)
    assert case.told("before", "after") == [("stale", "'old'", "'new'")]
    assert case.counts.unknown == 1


@pytest.mark.parametrize(("hits", "kinds"), [(0, []), (1, ["aliased"])])
def test_the_last_receiver_may_have_changed_a_result_that_others_would_have_got(
    case: Case, hits: int, kinds: list[str]
) -> None:
    kept = [1]
    entry = case.first(kept, 1)
    entry.hits = hits
    case.comparer.look_back(entry)
    assert case.said == []
    kept.append(2)
    case.comparer.look_back(entry)
    assert [one["kind"] for one in case.said] == kinds


class Lazy:
    """Fills in what it read when it is asked."""

    def __init__(self) -> None:
        self._rows: object = None


def test_results_that_remember_different_things_when_they_are_used_are_lazy(case: Case) -> None:
    kept = Lazy()
    entry = case.first(kept, 1)
    for rows in ([1], [2]):
        kept._rows = rows
        case.again(entry, Lazy(), 1)
        kept = Lazy()
        entry.keep(kept, snapshot.take(kept))
    assert case.told("place", "before", "after") == [("lazy", "._rows[0]", "1", "2")]
