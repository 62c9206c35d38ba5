import functools
import threading


class Settings:
    def __init__(self):
        self.debug = False


@functools.lru_cache(maxsize=None)
def get_settings():
    return Settings()


class Engine:
    def __init__(self):
        self.started = 0


@functools.lru_cache(maxsize=1)
def engine():
    return Engine()


class Channel:
    def __init__(self, name):
        self.name = name
        self.listeners = []


@functools.lru_cache(maxsize=None)
def channel(name):
    return Channel(name)


@functools.cache
def missing():
    return object()


DONE = []


@functools.lru_cache(maxsize=None)
def set_up():
    DONE.append("set up")


@functools.cache
def guard():
    return threading.RLock()
