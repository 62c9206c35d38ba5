"""Caches that are there so that equal arguments share one thing; only for the logger do tests tell."""

import functools
import io
import logging
import threading

OUTPUT = io.StringIO()
TOTALS = {}


@functools.lru_cache(maxsize=None)
def lock_for(key):
    return threading.Lock()


def add(key, amount):
    with lock_for(key):
        TOTALS[key] = TOTALS.get(key, 0) + amount
        return TOTALS[key]


@functools.lru_cache(maxsize=None)
def logger_for(name):
    found = logging.getLogger(name)
    found.addHandler(logging.StreamHandler(OUTPUT))
    found.propagate = False
    return found


class Client:
    def __init__(self, base):
        self.base, self.lock = base, threading.RLock()

    def address(self, path):
        with self.lock:
            return self.base + path


@functools.lru_cache(maxsize=4)
def client(base):
    return Client(base)
