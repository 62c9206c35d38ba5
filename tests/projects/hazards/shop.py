"""Functions that repeat their work, most of them not for a cache."""

import os

_RATES = {"EUR": 2}
_seen = []


def busy(rounds=6000):
    """Compute something, so that a cache would pay, whatever else the machine does."""
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


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
