import dataclasses
import decimal
import functools


def _work(rounds=12000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __hash__(self):
        return hash((self.x, self.y))

    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)


@functools.lru_cache(maxsize=128)
def height(point):
    return point.x + point.y + _work() * 0


@functools.lru_cache(maxsize=None)
def inversions(row):
    return sum(left > right for n, left in enumerate(row[:90]) for right in row[n:90]) + _work() * 0


@dataclasses.dataclass(frozen=True)
class Article:
    number: int
    tags: tuple


@functools.lru_cache(maxsize=64)
def price(article):
    return article.number * len(article.tags) + _work() * 0


class Sign:
    """All have the same hash, and there are few."""

    def __init__(self, letter):
        self.letter = letter

    def __hash__(self):
        return 7

    def __eq__(self, other):
        return self.letter == other.letter


@functools.lru_cache(maxsize=None)
def stroke(sign):
    return ord(sign.letter) + _work() * 0


@functools.lru_cache(maxsize=32)
def rounded(amount):
    return amount.quantize(decimal.Decimal("0.01")) + _work() * 0
