"""Calls of several threads and processes, played in the order in which they were made."""

import functools
from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.replay import replay as replaying
from hitrate.replay.player import Sizes, Tally
from hitrate.replay.replay import Replay
from hitrate.trace.calls import Lane
from hitrate.trace.reader import Process, Trace
from tests.unit.traces import (
    CLEARED,
    FIRST,
    KEYS,
    LAST,
    OTHER_KEYS,
    REFUSED,
    STEP,
    WRAPPERS,
    Call,
    Outer,
    flat,
    process,
)


def replay(*processes: Process, existing: Sizes | None = None) -> Replay:
    return Replay(Trace(processes, len(processes)), existing)


def end_of(process: Process) -> int:
    """A moment after everything that a process does."""
    return max((max(lane.ends) for lane in process.lanes), default=0) + STEP // 2


leaves = st.builds(Call, st.sampled_from([*range(1, 5), *KEYS, *OTHER_KEYS]), raised=st.booleans())
calls = st.recursive(
    st.builds(Call, st.sampled_from([*KEYS, *OTHER_KEYS]), raised=st.booleans(), seconds=st.integers(1, 9)),
    lambda inner: st.builds(
        Call,
        st.sampled_from([*KEYS, *OTHER_KEYS]),
        st.lists(inner | leaves, max_size=3).map(tuple),
        st.sampled_from([False, False, True]),
        st.integers(1, 9),
    ),
    max_leaves=6,
)
outer_calls = st.lists(
    st.tuples(calls | leaves, st.integers(0, 2), st.sampled_from([0, 0, 0, 1])), min_size=1, max_size=12
).map(
    lambda rows: [
        Outer(call, thread, f"test_{number}" if number else "")
        for (call, thread, _), number in zip(rows, accumulate(begins for *_, begins in rows), strict=True)
    ]
)
sizes = st.sampled_from([None, 0, 1, 2, 3, 8])
numbers = st.lists(st.sampled_from(KEYS), max_size=15)


def in_one_thread(calls: Sequence[Outer]) -> list[Outer]:
    return [replace(one, thread=0) for one in calls]


@given(outer_calls, sizes, sizes)
def test_threads_that_wait_for_each_other_are_as_one(
    calls: list[Outer], size: int | None, other: int | None
) -> None:
    several, one = replay(process(calls)), replay(process(in_one_thread(calls)))
    both: Sizes = {0: size, 1: other}
    assert several.play(both) == one.play(both)
    for slot in both:
        assert several.play({slot: size}) == one.play({slot: size})
        assert several.alone(slot, [size, other]) == one.alone(slot, [size, other])
        assert several.within_tests(slot, size) == one.within_tests(slot, size)


@given(outer_calls, sizes, sizes)
def test_answered_calls_are_restored_alike_in_one_thread_and_in_several(
    calls: list[Outer], size: int | None, other: int | None
) -> None:
    existing: Sizes = {0: size, 1: other}
    several, one = (replay(process(each), existing=existing) for each in (calls, in_one_thread(calls)))
    assert restored(several) == restored(one)
    for slot in existing:
        assert several.answered[slot].calls == one.answered[slot].calls
        assert several.answered[slot].calls == several.play({**existing})[slot].hits
        assert several.answered[slot].seconds == one.answered[slot].seconds


def restored(played: Replay) -> dict[int, float]:
    """Seconds of the calls, by when they began."""
    lanes = [lane for process in played.processes for lane in process.lanes]
    return {start: spent for lane in lanes for start, spent in zip(lane.starts, lane.seconds, strict=True)}


@given(outer_calls, sizes)
def test_every_test_that_finds_an_empty_cache_is_a_run_of_its_own(
    calls: list[Outer], size: int | None
) -> None:
    tests = [list(each) for _, each in groupby(calls, lambda one: one.test)]
    apart = [replay(process(each)).play({0: size})[0] for each in tests]
    hits, lookups = replay(process(calls)).within_tests(0, size)
    assert hits == sum(tally.hits for tally in apart)
    assert lookups == hits + sum(tally.misses for tally in apart)


@given(before=numbers, after=numbers, child=numbers, threads=st.booleans(), size=sizes)
def test_a_forked_child_goes_on_where_its_parent_was(
    before: list[int], after: list[int], child: list[int], threads: bool, size: int | None
) -> None:
    """It does what its parent would have done, had it made the child's calls from there on."""
    early = flat(before)
    late = [replace(one, thread=int(threads)) for one in flat(after)]
    forked_at = end_of(process(early))
    parent = process([*early, *late])
    forked = process(flat(child), "2-0", begin=forked_at + 1, parent="1-0", forked_at=forked_at)
    found, so_far = replay(parent, forked).play({0: size})[0], replay(process(early)).play({0: size})[0]
    own = replay(parent).play({0: size})[0]
    instead = replay(process([*early, *flat(child)])).play({0: size})[0]
    assert found == Tally(
        own.hits + instead.hits - so_far.hits,
        own.misses + instead.misses - so_far.misses,
        own.seconds + instead.seconds - so_far.seconds,
        own.entries + instead.entries,
    )
    assert replay(parent, forked).alone(0, [size])[size] == found


@given(first=numbers, second=numbers, size=sizes)
def test_processes_that_were_not_forked_add_up(first: list[int], second: list[int], size: int | None) -> None:
    """Nor is one that names a parent without having been forked, or one whose parent is not known."""
    one = process(flat(first))
    both = [replay(each).play({0: size})[0] for each in (one, process(flat(second)))]
    summed = Tally()
    for tally in both:
        summed.add(tally.hits, tally.misses, tally.seconds, tally.entries)
    for fields in ({}, {"parent": "1-0"}, {"parent": "9-0", "forked_at": end_of(one)}):
        other = process(flat(second), "2-0", **fields)
        assert replay(one, other).play({0: size})[0] == summed
        assert replay(one, other).alone(0, [size])[size] == summed


def test_a_child_inherits_through_a_parent_that_never_calls_the_function() -> None:
    grandparent = process(flat([FIRST]))
    parent = process(flat([OTHER_KEYS[0]]), "2-0", begin=101, parent="1-0", forked_at=100)
    child = process(flat([FIRST, LAST]), "3-0", begin=201, parent="2-0", forked_at=200)
    spelled = replace(child, same={0: {LAST: FIRST}})
    tally = replay(grandparent, parent, child).alone(0, [None])[None]
    assert (tally.hits, tally.misses, tally.entries) == (1, 2, 4)
    assert replay(grandparent, parent, spelled).alone(0, [None], same=0)[None].hits == 2


def test_a_fork_inherits_what_answered_calls_would_have_taken() -> None:
    """The parent computed it in 7 s; the child's cache answers it."""
    parent = process([Outer(Call(FIRST, seconds=7))])
    child = process([Outer(Call(FIRST, seconds=0))], "2-0", begin=101, parent="1-0", forked_at=end_of(parent))
    played = replay(parent, child, existing={0: None})
    assert restored(played) == {STEP: 7.0, 101: 7.0}
    started = replay(parent, replace(child, parent="", forked_at=0), existing={0: None})
    assert restored(started) == {STEP: 7.0, 101: 0.0}


def test_threads_are_emptied_between_tests_and_forks_come_at_their_moment() -> None:
    """Two threads: a fork between the tests sees what the first test left, the second test sees nothing."""
    calls = [
        Outer(Call(FIRST), 0, "test_a"),
        Outer(Call(FIRST), 1, "test_a"),
        Outer(Call(FIRST), 1, "test_b"),
    ]
    parent = process(calls)
    child = process(flat([FIRST]), "2-0", begin=51, parent="1-0", forked_at=45)
    assert replay(parent, child).within_tests(0, None) == (2, 4)
    assert replay(parent, child).play({0: None})[0].hits == 3


@given(
    calls=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=60),
    size=st.sampled_from([None, 0, 1, 2, 3, 5]),
)
def test_threads_that_take_turns_share_one_cache(calls: list[tuple[int, int]], size: int | None) -> None:
    cached = functools.lru_cache(size)(str)
    for _, key in calls:
        cached(key)
    real = cached.cache_info()
    made = process([Outer(Call(KEYS[key]), thread) for thread, key in calls])
    tally = replay(made).play({0: size})[0]
    assert (tally.hits, tally.misses, tally.entries) == (real.hits, real.misses, real.currsize)


def test_a_call_that_is_still_running_is_no_hit_for_another_thread() -> None:
    slow = Lane(
        array("I", [FIRST]), array("I", [1]), array("d", [1.0]), array("q", [10]), array("q", [100]),
        bytearray(1),
    )  # fmt: skip
    quick = replace(  # one call while the other thread computes, one after it
        slow,
        numbers=array("I", [FIRST] * 2),
        stops=array("I", [1, 2]),
        seconds=array("d", [1.0] * 2),
        starts=array("q", [20, 110]),
        ends=array("q", [25, 115]),
        raised=bytearray(2),
    )
    tally = replay(process([], lanes=(slow, quick))).play({0: None})[0]
    assert (tally.hits, tally.misses) == (1, 2)


@pytest.mark.parametrize(
    ("calls", "short"),
    [
        (flat([FIRST, LAST, FIRST]), True),
        (flat([FIRST, FIRST, REFUSED]), True),
        (flat([FIRST, FIRST, CLEARED]), False),
        ([Outer(Call(FIRST, (Call(LAST),)))], False),
        ([Outer(Call(FIRST, raised=True)), Outer(Call(FIRST))], False),
        ([Outer(Call(FIRST)), Outer(Call(FIRST), 1)], False),
    ],
    ids=["plain", "refused", "cleared", "nested", "raised", "threads"],
)
def test_plain_calls_are_played_the_short_way(
    calls: list[Outer], short: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All sizes in one pass, without a player: the long way takes one pass for each size."""
    players = []

    class Noted(replaying.Player):
        def __init__(self, *args: object) -> None:
            players.append(self)
            super().__init__(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(replaying, "Player", Noted)
    replay(process(calls)).alone(0, [1, 2, None])
    assert (not players) is short


lookups_and_refusals = st.lists(st.sampled_from([REFUSED, 3, *KEYS, *OTHER_KEYS]), min_size=1, max_size=60)


@given(lookups_and_refusals, st.sets(st.sampled_from([0, 1, 2, 3, None]), min_size=1), st.data())
def test_the_caches_of_several_objects_are_played_each_by_itself(
    numbers: list[int], sizes: set[int | None], data: st.DataObject
) -> None:
    """Two objects of one function in one thread: what the short way gives is what playing all calls gives."""
    tests = data.draw(st.lists(st.sampled_from(["", "a", "b"]), min_size=len(numbers), max_size=len(numbers)))
    both = {number: replace(wrapper, slot=0) for number, wrapper in WRAPPERS.items()}
    made = process([Outer(Call(n), test=t) for n, t in zip(numbers, tests, strict=True)], wrappers=both)
    short = replay(made)
    for size, tally in short.alone(0, sizes).items():
        assert tally == short.play({0: size})[0]
        emptied = Tally()
        for player in short._played({made.stem: made}, {0: size}, [made.stem], between_tests=False):
            player.add_to({0: emptied})
        assert short.within_tests(0, size) == (emptied.hits, emptied.hits + emptied.misses)
