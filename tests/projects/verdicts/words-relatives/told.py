import os


def _work(rounds=12000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


LOG = []


def inner(number):
    """Leaves a trace when the number is even; only one test ever asks that."""
    _work()
    if number % 2 == 0:
        LOG.append(number)
    return number * 3


def outer(number):
    return inner(number) + 1


def booked(amount):
    LOG.append(("booked", amount))
    _work()
    return amount * 2


def due(day):
    LOG.append(("due", day))
    _work()
    return day.isoformat()


def found(identifier):
    LOG.append(("found", identifier))
    _work()
    return identifier.hex


def part(fraction):
    LOG.append(("part", fraction))
    _work()
    return fraction.numerator


class Vague:
    """Cannot be compared, as an array cannot; its hash is no trouble."""

    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return 3

    def __eq__(self, other):
        raise ValueError("the truth value of this comparison is not clear")


def clarity(vague):
    _work()
    return vague.number


def seldom(number):
    """Called 61 times with 49 arguments: 19.7 % of the calls repeat one."""
    _work(3000)
    return number


def greeted(name):
    """An effect and a hidden input: without the effect it must not be cached either."""
    LOG.append(name)
    _work()
    return f"{os.environ.get('GREETING', 'Hi')} {name}"
