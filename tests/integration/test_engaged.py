"""What keeps a thread from going on, and what is done for it, is read from the system, whatever it tells."""

import sys
import threading
import time

import pytest

from hitrate.probe.recording.engaged import Engagement

SPENT = 50_000_000
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells about each thread")


def compute() -> None:
    while time.thread_time_ns() < SPENT:
        sum(range(1000))


def in_threads(count: int) -> None:
    workers = [threading.Thread(target=compute) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def test_other_threads_that_compute_are_counted() -> None:
    engagement = Engagement()
    in_threads(2)
    assert engagement.read()[0] >= 2 * SPENT


@linux
def test_threads_that_began_meanwhile_worked_for_it() -> None:
    engagement = Engagement()
    in_threads(2)
    assert 2 * SPENT <= engagement.read()[1] < 3 * SPENT
    in_threads(1)
    assert 3 * SPENT <= engagement.read()[1] < 4 * SPENT


@linux
def test_threads_that_were_there_work_for_themselves() -> None:
    begun, ready, go_on, done, end = (threading.Event() for _ in range(5))

    def worker() -> None:
        begun.set()
        ready.wait()
        compute()
        done.set()
        go_on.wait()
        end.set()

    thread = threading.Thread(target=worker)
    thread.start()
    begun.wait()
    engagement = Engagement()
    ready.set()
    done.wait()
    kept, worked = engagement.read()
    go_on.set()
    thread.join()
    assert kept >= SPENT * 0.9
    assert worked < SPENT / 2


def test_the_thread_itself_is_not_counted() -> None:
    """It may stand in a run queue, but what it computes is CPU time of its own."""
    queued, worked = [], []
    for _ in range(5):
        engagement, began = Engagement(), time.perf_counter_ns()
        cpu = time.thread_time_ns()
        while time.thread_time_ns() < cpu + SPENT:
            sum(range(1000))
        wall = time.perf_counter_ns() - began
        kept, others = engagement.read()
        queued.append(kept - (wall - SPENT))
        worked.append(others)
    assert min(queued) < SPENT / 2
    assert min(worked) < SPENT / 2


def test_a_system_that_does_not_tell() -> None:
    def nothing(folder: str) -> list[str]:
        raise FileNotFoundError(folder)

    engagement = Engagement(names=nothing)
    in_threads(1)
    kept, worked = engagement.read()
    assert kept >= SPENT
    assert worked == 0


def test_too_many_threads_to_look_at_each() -> None:
    engagement = Engagement(names=lambda _: [str(number) for number in range(1000)])
    in_threads(1)
    kept, worked = engagement.read()
    assert kept >= SPENT
    assert worked == 0


def test_threads_that_are_gone_meanwhile() -> None:
    engagement = Engagement(names=lambda _: ["0", "none"])
    in_threads(1)
    assert engagement.read()[0] >= SPENT
