import weakref


def _work(rounds=25000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


class Weight:
    def __init__(self, value):
        self.value = value


def weight(value):
    return Weight(value + _work() * 0)


def gradients(weights):
    found = {}
    for each in weights:
        found[id(each)] = found.get(id(each), 0) + each.value
    return found


class Figure:
    def __init__(self, kind):
        self.kind = kind


_notes = weakref.WeakKeyDictionary()


def figure(kind):
    return Figure(kind + "s" * (_work() * 0))


def annotate(one, text):
    _notes[one] = text


def note(one):
    return _notes.get(one, "")


class Subscriber:
    def __init__(self, topic):
        self.topic = topic


class Hub:
    def __init__(self):
        self.subscribers = weakref.WeakSet()

    def join(self, topic):
        one = subscriber(topic)
        self.subscribers.add(one)
        return one


def subscriber(topic):
    return Subscriber(topic + "s" * (_work() * 0))
