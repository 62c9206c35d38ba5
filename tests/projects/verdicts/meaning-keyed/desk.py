import collections
import functools
import threading


class Bus:
    def __init__(self, name):
        self.name = name
        self.subscribers = []

    def publish(self, message):
        for subscriber in self.subscribers:
            subscriber(message)


@functools.lru_cache(maxsize=None)
def bus(name):
    return Bus(name)


@functools.cache
def tally(room):
    return collections.Counter()


def count(room, what):
    tally(room)[what] += 1


@functools.lru_cache(maxsize=256)
def lock_for(path):
    return threading.Lock()


class Symbol:
    def __init__(self, name, kind):
        self.name = name
        self.kind = kind


@functools.lru_cache(maxsize=None)
def symbol(name, kind="plain"):
    return Symbol(name, kind)


class Pool:
    def __init__(self, url):
        self.url = url
        self.opened = 0

    @classmethod
    @functools.lru_cache(maxsize=None)
    def of(cls, url):
        return cls(url)

    def connect(self):
        self.opened += 1
        return self.opened


TOLD = []


@functools.lru_cache(maxsize=None)
def tell(topic):
    TOLD.append(topic)
    return True
