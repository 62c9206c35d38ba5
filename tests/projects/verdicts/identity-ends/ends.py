"""Results that are told from others like them: by their end, by what holds them, by where they were raised."""

import weakref

FREE = []


def _work(size=15_000):
    total = 0
    for number in range(size):
        total += number * number
    return total


class Buffer:
    def __init__(self, size):
        self.size = size
        weakref.finalize(self, FREE.append, size)


def buffer(size):
    _work()
    return Buffer(size)


class Linear:
    def __init__(self, value, derivatives):
        self.value, self.derivatives = value, derivatives

    def __sub__(self, other):
        merged = dict(self.derivatives)
        for variable, slope in other.derivatives.items():
            merged[variable] = merged.get(variable, 0.0) - slope
        return Linear(self.value - other.value, merged)

    @property
    def error(self):
        return sum((slope * variable.own) ** 2 for variable, slope in self.derivatives.items()) ** 0.5


class Variable(Linear):
    def __init__(self, value, own):
        self.own = own
        super().__init__(value, {self: 1.0})


def reading(value, error):
    _work()
    return Variable(value, error)


class FetchError(Exception):
    pass


def error_for(code):
    _work()
    return FetchError(f"failed with {code}")


def check(code):
    if code:
        raise error_for(code)
