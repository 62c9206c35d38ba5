import dataclasses
import functools
import types


def _work(rounds=30000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


@functools.cache
def constants():
    return tuple(_work(2000 + number) for number in range(15))


@functools.lru_cache(maxsize=None)
def stop_words():
    _work()
    return frozenset({"a", "the", "of"})


@dataclasses.dataclass(frozen=True)
class Colour:
    name: str


@functools.lru_cache(maxsize=None)
def colour(name):
    _work(12000)
    return Colour(name)


@functools.cache
def codes():
    _work()
    return types.MappingProxyType({"de": 49, "fr": 33})


@functools.lru_cache(maxsize=32)
def message(number):
    _work(12000)
    return f"warning {number}"


@functools.lru_cache(maxsize=None)
def visitor(number):
    """Every visitor comes once."""
    return f"visitor {number}"
