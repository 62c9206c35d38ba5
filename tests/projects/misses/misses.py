"""Functions whose caches miss their mark, each in its own way."""

import functools

ROUNDS = 300


def work(amount=ROUNDS):
    return sum(range(amount))


def unread_argument(number, verbose):
    return work() + number


def keyword_or_not(number, scale=1):
    return work() + number * scale


class Thing:
    def __init__(self, name):
        self.name = name

    def fresh_self(self, number):
        return work() + number, self.name


def lists_too(items):
    return work() + len(items)


def too_many_for_it(number):
    return work() + number


def outer(number):
    return inner(number) + 1


def inner(number):
    return work() + number


_known = {}


def remembers(number):
    if number not in _known:
        _known[number] = work(20_000) + number
    return _known[number]


def branches(number):
    return work(50) + (branches(number - 1) + branches(number - 2) if number > 1 else number)


def often_raises(number):
    if number % 3:
        raise ValueError(number)
    return work()


def across_tests(number):
    return work() + number


@functools.lru_cache(maxsize=4)
def too_small(number):
    return work() + number


@functools.lru_cache(maxsize=None)
def never_hit(number):
    return work() + number


@functools.lru_cache
def earns_its_keep(number):
    return work(3 * ROUNDS) + number


@functools.lru_cache(maxsize=None)
def recursive(number):
    return number if number < 2 else recursive(number - 1) + recursive(number - 2)
