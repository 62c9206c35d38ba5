import dataclasses
import datetime
import decimal
import enum
import fractions


def _work(rounds=25000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


def pair(number):
    return (number, number + _work() * 0)


@dataclasses.dataclass(frozen=True)
class Money:
    cents: int
    currency: str


def money(text):
    cents, currency = text.split()
    return Money(int(cents) + _work() * 0, currency)


def share(parts):
    return fractions.Fraction(1, parts) + _work() * 0


def precise(text):
    return decimal.Decimal(text) + _work() * 0


class Version:
    __slots__ = ("numbers",)

    def __init__(self, numbers):
        object.__setattr__(self, "numbers", numbers)

    def __setattr__(self, name, value):
        raise AttributeError(name)

    def __eq__(self, other):
        return isinstance(other, Version) and self.numbers == other.numbers

    def __hash__(self):
        return hash(self.numbers)


def version(text):
    return Version(tuple(int(part) + _work(8000) * 0 for part in text.split(".")))


def deadline(days):
    return datetime.date(2024, 1, 1) + datetime.timedelta(days=days + _work() * 0)


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


def colour(letter):
    return Colour(letter + "" * _work())
