def _work(rounds=12000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


def doubled(amount):
    return amount * 2 + _work() * 0


def weekday(day):
    return day.strftime("%A") + "" * _work()


def short(identifier):
    return identifier.hex[:6] + "" * _work()


def denominator(fraction):
    return fraction.denominator + _work() * 0


def suffix(path):
    return path.suffix + "" * _work()


def inner(number):
    return number * 3 + _work() * 0


def outer(number):
    return inner(number) + 1


def clarity(vague):
    return vague.number + _work() * 0


class Clear:
    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return hash(self.number)

    def __eq__(self, other):
        return isinstance(other, Clear) and self.number == other.number
