import decimal

from . import catalog
from .context import CURRENT, channel, local


def _work(rounds=9000):
    state = 1
    for step in range(rounds):
        state = (state * 16807 + step) % 2147483647
    return state


def address(path):
    _work()
    return f"{getattr(local, 'tenant', 'public')}/{path}"


def shelf(letter):
    _work()
    return tuple(name for name in catalog.listed() if name.startswith(letter))


def greeting(name):
    _work()
    return f"Hello {name} ({channel.get()})"


def page(number):
    _work()
    return number * CURRENT.db.most["lines"]


def third(amount):
    _work()
    return str(decimal.Decimal(amount) / 3)


class Tax:
    rate = 7

    @staticmethod
    def on(amount):
        _work()
        return amount * Tax.rate


class Wardrobe:
    def __init__(self):
        self.sizes = {}

    def hang(self, thing, size):
        self.sizes.update({thing: size})

    def largest(self):
        _work()
        return max(self.sizes.values())
