"""Concurrent runs on one pull request, in every order: one comment, the newest."""

import threading
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.github.comment import Posting, post
from hitrate.github.conversation import Reaction
from tests.integration.on_github.interleaving import Direct, Played, every_order, marker, play
from tests.integration.on_github.world import NUMBER, World
from tests.integration.on_github.world import marker as marker_of


def check(played: Played, newest: int) -> None:
    assert played.bodies() == [f"{marker(newest)}\nrun {newest}"]
    (comment,) = played.github.conversation(NUMBER)
    assert comment.reactions == []


def check_every_order(runs: tuple[int, ...], present: tuple[int, ...]) -> int:
    orders = 0
    for played in every_order(runs, present):
        check(played, max(runs + present))
        orders += 1
    return orders


@pytest.mark.parametrize(
    ("runs", "present", "orders"),
    [
        ((101, 102), (100,), 36),
        ((102, 101), (100,), 36),
        ((101, 102), (103,), 24),
        ((101, 101), (100,), 36),
        ((101, 102), (), 1415),
        pytest.param((102, 101), (), 1415, marks=pytest.mark.slow),
        pytest.param((101, 101), (), 2496, marks=pytest.mark.slow),
        pytest.param((101, 102), (99, 100), 1750, marks=pytest.mark.slow),
        pytest.param((101, 102, 103), (100,), 2592, marks=pytest.mark.slow),
    ],
)
def test_in_every_order_that_there_is(runs: tuple[int, ...], present: tuple[int, ...], orders: int) -> None:
    assert check_every_order(runs, present) == orders


def test_without_the_lease_an_older_run_would_win_in_some_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def always(self: Direct, comment: int) -> Reaction:
        return Reaction(1, "github-actions[bot]", True, 0.0)

    monkeypatch.setattr(Direct, "react", always)
    wrong = [played for played in every_order((101, 102), (100,)) if "run 102" not in played.bodies()[0]]
    assert wrong


@settings(max_examples=60, deadline=None)
@given(
    runs=st.permutations([101, 102, 103, 104]),
    present=st.sampled_from([(), (100,), (99, 100), (103,), (200,)]),
    choices=st.lists(st.integers(0, 4), max_size=80),
    hasty=st.booleans(),
)
def test_four_runs(runs: list[int], present: tuple[int, ...], choices: list[int], hasty: bool) -> None:
    check(play(runs, present, choices, hasty=hasty), max((*runs, *present)))


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(
    runs=st.permutations([101, 102, 103, 104]),
    present=st.sampled_from([(), (100,), (99, 100), (103,), (200,)]),
    choices=st.lists(st.integers(0, 4), min_size=20, max_size=120),
    hasty=st.booleans(),
)
def test_four_runs_in_thousands_of_orders(
    runs: list[int], present: tuple[int, ...], choices: list[int], hasty: bool
) -> None:
    check(play(runs, present, choices, hasty=hasty), max((*runs, *present)))


def test_four_runs_one_after_the_other_in_every_order() -> None:
    for runs in permutations([101, 102, 103, 104]):
        # The first in line always goes on: each run ends before the next one begins.
        check(play(runs, (), ()), 104)


def test_the_newest_says_that_it_posted_and_an_older_one_that_it_did_not() -> None:
    played = play((101, 102), (), ())
    assert [played.posted[0].posting, played.posted[1].posting] == [Posting.CREATED, Posting.UPDATED]
    played = play((102, 101), (), ())
    assert [played.posted[0].posting, played.posted[1].posting] == [Posting.CREATED, Posting.SUPERSEDED]


@pytest.mark.parametrize("count", [2, 4])
def test_real_threads_over_http(github: World, count: int) -> None:
    start = threading.Barrier(count)
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with github.client() as client:
                start.wait()
                post(client.conversation(NUMBER), marker_of(100 + number), f"run {number}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert github.bodies() == [f"{marker_of(99 + count)}\nrun {count - 1}"]
    assert github.github.conversation(NUMBER)[0].reactions == []
