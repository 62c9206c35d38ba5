from .context import settings
from .units import FACTORS


def _work(rounds=20000):
    state = 1
    for step in range(rounds):
        state = (state * 16807 + step) % 2147483647
    return state


def amount(cents):
    """Reads a setting that nobody changes, while others are changed."""
    return f"{cents / 100:.2f} {settings.currency}{_work() * 0}"


def places(currency):
    return settings.decimals[currency] + _work() * 0


def metres(number, name):
    return number * FACTORS[name] + _work() * 0


_letters = None


def score(word):
    """Builds its table when it is first asked."""
    global _letters
    if _letters is None:
        _letters = {letter: ord(letter) % 10 + 1 for letter in "abcdefghijklmnopqrstuvwxyz"}
    return sum(_letters[letter] for letter in word) + _work() * 0


class Matrix:
    def __init__(self, rows):
        self.rows = tuple(map(tuple, rows))
        self.label = ""

    def name(self, label):
        self.label = label

    def trace(self):
        return sum(row[n] for n, row in enumerate(self.rows)) + _work() * 0


UNIT = Matrix([[1, 0], [0, 1]])


class Census:
    asked = 0
    regions = ("north", "south")

    @classmethod
    def ask(cls):
        cls.asked += 1

    @classmethod
    def districts(cls, region):
        return cls.regions.index(region) * 10 + _work() * 0
