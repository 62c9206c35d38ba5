"""Threads that a watched call starts are followed from their first call to its end, and no other."""

import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from hitrate.probe.oracle import rules
from hitrate.probe.oracle.meaning.workers import Workers
from hitrate.probe.oracle.sightings import Sightings


class Follower:
    """Workers with the names of the functions that they were seen to call, by thread."""

    def __init__(self) -> None:
        self.called: dict[int, list[str]] = {}
        self.stacks: dict[int, list[Sightings]] = {}
        self.workers = Workers(self.stacks, self._profile)

    def _profile(self, frame: FrameType, event: str, arg: object) -> None:
        if event == "call":
            self.called.setdefault(threading.get_ident(), []).append(frame.f_code.co_name)

    def start(self, act: Callable[[], object], *watches: Sightings) -> int:
        """Run a thread to its end, expected for some watches, and tell which one it was."""
        thread = threading.Thread(target=act)
        if watches:
            for watch in watches:
                watch.note(rules.STARTED, thread, sys._getframe())
            self.workers.expect(thread, [*watches])
        thread.start()
        thread.join()
        return thread.ident or 0


@pytest.fixture
def follower() -> Iterator[Follower]:
    before = threading.getprofile()
    threading.setprofile(None)  # type: ignore[arg-type]
    yield Follower()
    threading.setprofile(before)  # type: ignore[arg-type]


def a_watch() -> Sightings:
    return Sightings(a_watch.__code__, ())


def work() -> None:
    inner()


def inner() -> None: ...


def unseen() -> None: ...


def test_what_an_expected_thread_calls_is_seen_for_all_watches_of_its_starter(follower: Follower) -> None:
    outer, nearer = a_watch(), a_watch()
    thread = follower.start(work, outer, nearer)
    assert {"run", "work", "inner"} <= {*follower.called[thread]}
    assert follower.stacks[thread] == [outer, nearer]
    assert (outer.followed, nearer.followed) == (1, 1)


def test_a_thread_that_nobody_expects_is_left_alone(follower: Follower) -> None:
    watch = a_watch()
    thread = follower.start(work, watch)
    follower.start(unseen)
    assert [*follower.called] == [thread]
    assert "unseen" not in follower.called[thread]  # which may be the same number once more
    assert watch.followed == 1


def test_when_its_last_watch_has_ended_nobody_is_a_worker_and_the_hook_is_gone(follower: Follower) -> None:
    outer, nearer = a_watch(), a_watch()
    thread = follower.start(work, outer, nearer)
    follower.workers.let_go(nearer)
    assert follower.stacks[thread] == [outer]
    assert threading.getprofile() is not None
    follower.workers.let_go(outer)
    assert follower.stacks == {}
    assert follower.workers.threads == set()
    assert threading.getprofile() is None


def test_where_another_profiler_has_its_hook_that_stays(follower: Follower) -> None:
    def theirs(frame: FrameType, event: str, arg: object) -> None: ...

    threading.setprofile(theirs)
    watch = a_watch()
    follower.start(work, watch)
    follower.workers.let_go(watch)
    assert (follower.called, watch.followed) == ({}, 0)
    assert threading.getprofile() is theirs
