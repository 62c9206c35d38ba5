def _work(rounds=12000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


class Symbol:
    def __init__(self, hint):
        self.hint = hint


def fresh(hint):
    _work()
    return Symbol(hint)


def unset(name):
    """A new sentinel, unlike any other."""
    _work()
    return object()
