"""Things that give out what they were given."""

import collections
import queue
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hitrate.probe.oracle.state.givers import giver


class Stack:
    """Of a project."""

    def push(self, item: object) -> None: ...

    def pop(self) -> None: ...


class Pushing:
    """Nobody gets anything back from it."""

    def push(self, item: object) -> None: ...


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (queue.Queue, "Queue"),
        (queue.PriorityQueue, "PriorityQueue"),
        (ThreadPoolExecutor, "ThreadPoolExecutor"),
        (Stack, "Stack"),
        (Pushing, ""),
        (list, ""),
        (dict, ""),
        (collections.deque, ""),
        (threading.Lock, ""),
    ],
)
def test_what_takes_in_and_gives_out_is_told_by_what_it_can_do(kind: type, name: str) -> None:
    assert giver(kind if isinstance(kind, type) else type(kind())) == name
