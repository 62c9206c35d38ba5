"""Functions that repeat their work, most of them not for a cache."""

import os
import time

_RATES = {"EUR": 2}
_seen = []


def busy(seconds=0.0004):
    """Cost something, so that a cache would pay."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def price(net):
    busy()
    return net * 119 // 100


def rate(currency):
    busy()
    return _RATES[currency]


def place(name):
    busy()
    return os.path.abspath(name)


def options(name):
    busy()
    return {"name": name}


def note(text):
    busy()
    print(text)
    return len(text)


def label(value, unit):
    busy()
    return f"{value} {unit}"


def total(items):
    busy()
    return sum(items)


def rank(name):
    busy()
    if name not in _seen:
        _seen.append(name)
    return _seen.index(name)


class Basket:
    def __init__(self, items):
        self.items = items

    def size(self):
        busy()
        return len(self.items)
