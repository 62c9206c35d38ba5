"""What keeps a thread from going on is read from the system, whatever it tells."""

import threading
import time

from hitrate.probe.recording.engaged import engaged

SPENT = 50_000_000


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
    before = engaged()
    in_threads(2)
    assert engaged() - before >= 2 * SPENT


def test_the_thread_itself_is_not() -> None:
    """It may stand in a run queue, but what it computes is CPU time of its own."""
    queued = []
    for _ in range(5):
        before, began = engaged(), time.perf_counter_ns()
        cpu = time.thread_time_ns()
        while time.thread_time_ns() < cpu + SPENT:
            sum(range(1000))
        wall = time.perf_counter_ns() - began
        queued.append(engaged() - before - (wall - SPENT))
    assert min(queued) < SPENT / 2


def test_a_system_that_does_not_tell() -> None:
    def nothing(folder: str) -> list[str]:
        raise FileNotFoundError(folder)

    before = engaged(names=nothing)
    in_threads(1)
    assert engaged(names=nothing) - before >= SPENT


def test_threads_that_are_gone_meanwhile() -> None:
    def gone(folder: str) -> list[str]:
        del folder
        return ["0", "none"]

    before = engaged(names=gone)
    in_threads(1)
    assert engaged(names=gone) - before >= SPENT
