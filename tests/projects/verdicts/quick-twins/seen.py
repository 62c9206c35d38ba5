import functools


def _work(rounds=12000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


@functools.lru_cache(maxsize=None)
def unit(name):
    """Called by an outer function whose own arguments never repeat."""
    return len(name) + _work() * 0


def length(number, name):
    return f"{number * unit(name)} {name}"


@functools.lru_cache(maxsize=None)
def first(key):
    return key + _work() * 0


@functools.lru_cache(maxsize=None)
def second(key):
    return key * 2 + _work() * 0


@functools.lru_cache(maxsize=64)
def never(number):
    """Nothing is in front of it, and no number comes twice."""
    return number * 2


def worth_it(word):
    return word.upper() + "" * _work()
