"""Threads within a call: those that only compute and have ended, and those that do more or go on."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from pathlib import Path
from queue import Queue
from typing import Any

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

effect = specimen(HazardKind.SIDE_EFFECT)
noticed = specimen("noticed")
harmless = specimen(None)

TALLY = {"calls": 0}
LINES: list[str] = []


def _often(function: Any, *args: object) -> None:
    for _ in range(4):
        function(*args)


def _threaded(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@harmless
def joined(keeper: Keeper) -> None:
    def total(most: int) -> int:
        found: list[int] = []
        _threaded(lambda: found.append(sum(range(most))))
        return found[0]

    _often(keeper.observe(total), 9)


@harmless
def several_joined(keeper: Keeper) -> None:
    def total(most: int) -> int:
        parts = [0, 0, 0]

        def part(index: int) -> None:
            parts[index] = sum(range(index, most, 3))

        threads = [threading.Thread(target=part, args=(index,)) for index in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(parts)

    _often(keeper.observe(total), 9)


@harmless
def subclass_joined(keeper: Keeper) -> None:
    class Adder(threading.Thread):
        def __init__(self, most: int) -> None:
            super().__init__()
            self.most, self.total = most, 0

        def run(self) -> None:
            self.total = sum(range(self.most))

    def total(most: int) -> int:
        adder = Adder(most)
        adder.start()
        adder.join()
        return adder.total

    _often(keeper.observe(total), 9)


@harmless
def pool_of_its_own(keeper: Keeper) -> None:
    def absolute(values: tuple[int, ...]) -> list[int]:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(abs, values))

    _often(keeper.observe(absolute), (1, -2))


@harmless
def pool_of_all_that_still_grows(keeper: Keeper) -> None:
    """It starts one more of its threads in each call, since others keep it busy."""
    pool, done = ThreadPoolExecutor(8), threading.Event()
    observed = keeper.observe(lambda values: list(pool.map(abs, values)))
    try:
        for _ in range(4):
            pool.submit(done.wait)
            observed((1, -2))
    finally:
        done.set()
        pool.shutdown()


@effect
def pool_that_each_call_leaves_open(keeper: Keeper) -> None:
    pools = []

    def absolute(values: tuple[int, ...]) -> list[int]:
        pool = ThreadPoolExecutor(2)
        pools.append(pool)
        return list(pool.map(abs, values))

    _often(keeper.observe(absolute), (1, -2))
    for pool in pools:
        pool.shutdown()


@harmless
def pool_asked_for_single_results(keeper: Keeper) -> None:
    def largest(values: tuple[int, ...]) -> int:
        pool = ThreadPoolExecutor(1)
        try:
            return max(pool.submit(abs, value).result() for value in values)
        finally:
            pool.shutdown()

    _often(keeper.observe(largest), (1, -2))


@harmless
def old_pool_of_its_own(keeper: Keeper) -> None:
    def absolute(values: tuple[int, ...]) -> list[int]:
        pool = ThreadPool(2)
        found = pool.map(abs, values)
        pool.close()
        pool.join()
        return found

    _often(keeper.observe(absolute), (1, -2))


@harmless
def worker_with_a_queue_of_its_own(keeper: Keeper) -> None:
    def squares(most: int) -> list[int]:
        tasks: Queue[int | None] = Queue()
        found: list[int] = []

        def work() -> None:
            while (number := tasks.get()) is not None:
                found.append(number * number)

        thread = threading.Thread(target=work)
        thread.start()
        for number in range(most):
            tasks.put(number)
        tasks.put(None)
        thread.join()
        return found

    _often(keeper.observe(squares), 4)


@harmless
def timer_called_off(keeper: Keeper) -> None:
    def guarded(value: int) -> int:
        timer = threading.Timer(60, LINES.append, ("late",))
        timer.start()
        try:
            return value * 2
        finally:
            timer.cancel()
            timer.join()

    _often(keeper.observe(guarded), 4)


@effect
def goes_on_after_the_call(keeper: Keeper) -> None:
    stop = threading.Event()
    started: list[threading.Thread] = []

    def watch(name: str) -> str:
        thread = threading.Thread(target=stop.wait, daemon=True)
        thread.start()
        started.append(thread)
        return name

    _often(keeper.observe(watch), "a")
    stop.set()
    for thread in started:
        thread.join()


@effect
def heartbeat_that_goes_on(keeper: Keeper) -> None:
    stop = threading.Event()
    beats = [threading.Thread(target=stop.wait) for _ in range(4)]
    waiting = iter(beats)

    def beat(name: str) -> str:
        next(waiting).start()
        return name

    _often(keeper.observe(beat), "a")
    stop.set()
    for thread in beats:
        thread.join()


@effect
def counts_in_a_global_in_a_thread(keeper: Keeper) -> None:
    def work(value: int) -> int:
        def count() -> None:
            TALLY["calls"] += 1

        _threaded(count)
        return value

    _often(keeper.observe(work), 1)


@effect
def writes_a_file_in_a_thread(keeper: Keeper) -> None:
    def save(name: str) -> str:
        _threaded(lambda: Path(name).write_text("x"))
        return name

    _often(keeper.observe(save), str(keeper.path / "out"))


@effect
def prints_in_a_thread(keeper: Keeper) -> None:
    def show(name: str) -> str:
        _threaded(lambda: print(name))
        return name

    _often(keeper.observe(show), "a")


@effect
def makes_a_folder_in_a_pool(keeper: Keeper) -> None:
    def prepare(name: str) -> str:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(os.makedirs, name, exist_ok=True).result()
        return name

    _often(keeper.observe(prepare), str(keeper.path / "out"))


@effect
def logs_in_a_list_in_a_pool(keeper: Keeper) -> None:
    def note(name: str) -> str:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(LINES.append, name).result()
        return name

    _often(keeper.observe(note), "a")
    LINES.clear()


@noticed
def reads_a_file_in_a_thread(keeper: Keeper) -> None:
    file = keeper.path / "rates"
    file.write_text("abc")

    def size(name: str) -> int:
        found: list[int] = []
        _threaded(lambda: found.append(len(Path(name).read_text())))
        return found[0]

    _often(keeper.observe(size), str(file))


@noticed
def asks_the_environment_in_a_pool(keeper: Keeper) -> None:
    def flag(name: str) -> bool:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(os.environ.get, name).result() is None

    _often(keeper.observe(flag), "ZOO_IN_A_POOL")


@harmless
def coroutine_that_computes(keeper: Keeper) -> None:
    async def double(value: int) -> int:
        await asyncio.sleep(0)
        return value * 2

    _often(keeper.observe(lambda value: asyncio.run(double(value))), 2)
