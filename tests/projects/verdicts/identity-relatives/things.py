import itertools
import queue
import threading


def _work(rounds=12000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


def marker(name):
    """A new sentinel, unlike any other."""
    _work()
    return object()


class Measured:
    """A value with an error; two measurements are independent, one with itself is not."""

    def __init__(self, value, error):
        self.value = value
        self.error = error

    def minus(self, other):
        if self is other:
            return Measured(0.0, 0.0)
        return Measured(self.value - other.value, (self.error**2 + other.error**2) ** 0.5)


def measure(value):
    _work()
    return Measured(value, 0.5)


_numbers = itertools.count(1)


class Handle:
    def __init__(self, path):
        self.path = path
        self.number = next(_numbers)


def open_handle(path):
    _work()
    return Handle(path)


def channel(room):
    _work()
    return queue.Queue(maxsize=room)


class Gate:
    def __init__(self, places):
        self.lock = threading.Lock()
        self.places = places


def gate(places):
    _work()
    return Gate(places)


class Node:
    def __init__(self, tag):
        self.tag = tag
        self.parent = None


def node(tag):
    _work()
    return Node(tag)
