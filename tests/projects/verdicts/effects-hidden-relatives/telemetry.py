METRICS = {"tax": {"calls": 0}, "ports": {"calls": 0}}


def bump(group):
    METRICS[group]["calls"] += 1


class _Total:
    def __init__(self):
        self.value = 0


class Stats:
    total = _Total()


class Ring:
    def __init__(self, room):
        self.room = room
        self.items = []

    def push(self, item):
        self.items = [*self.items[-self.room :], item]


class _Journal:
    def __init__(self):
        self.parts = {"recent": Ring(20)}


_journal = _Journal()


def journal():
    return _journal


PLUGINS = [{"name": "audit", "seen": {}}]
