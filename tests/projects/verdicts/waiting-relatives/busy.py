import os
import threading


class Vocabulary:
    def __init__(self, words):
        self._index = {word: n for n, word in enumerate(words)}

    def __contains__(self, word):
        return word.lower() in self._index


VOCABULARY = Vocabulary(["red", "green", "blue"])

_lock = threading.Lock()
_totals = {"red": 3, "green": 5}


def total(name):
    """Takes a lock that nobody else holds."""
    with _lock:
        return _totals[name]


def beside_others(number):
    """Cheap, but called while other threads compute: its wall time is theirs."""
    return number * 2 + 1


def yielding(number):
    """Gives way, which takes no time by itself."""
    os.sched_yield()
    return -number


def count(text):
    """Called by the main thread whenever a worker has the interpreter."""
    return text.count("a")
