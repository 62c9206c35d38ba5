import dataclasses
import functools
import re
import typing

ROWS = tuple((kind, number) for kind in ("user", "group") for number in range(30))


def _work(rounds=30000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


@dataclasses.dataclass(frozen=True)
class Circle:
    radius: int

    @functools.cached_property
    def area(self):
        return self.radius**2 * 355 / 113


def circle(radius):
    """Remembers its area, which depends on nothing but the radius."""
    return Circle(radius + _work() * 0)


def rows(kind):
    return tuple(row for row in ROWS if row[0] == kind and _work(900))


def evens(limit):
    return range(0, limit + _work() * 0, 2)


class Span(typing.NamedTuple):
    start: int
    end: int

    @property
    def length(self):
        return self.end - self.start


def span(text):
    return Span(len(text) + _work() * 0, 2 * len(text))


class Name:
    """A value whose hash is worked out once."""

    __slots__ = ("_hash", "text")

    def __init__(self, text):
        self.text = text
        self._hash = None

    def __eq__(self, other):
        return isinstance(other, Name) and self.text == other.text

    def __hash__(self):
        if self._hash is None:
            self._hash = hash(self.text)
        return self._hash


def name(text):
    return Name(text.title() + "" * _work())


def pattern(words):
    return re.compile("|".join(sorted(words)) + "" * _work())
