import functools
import os

RAW = {"host": "a", "port": 1}
ROWS = [1, 2]


class Config:
    def __init__(self, raw):
        self.host = raw["host"]
        self.port = raw["port"]


@functools.lru_cache(maxsize=None)
def config():
    return Config(RAW)


@functools.lru_cache(maxsize=1)
def debug():
    return os.environ.get("APP_DEBUG", "no") == "yes"


@functools.lru_cache(maxsize=None)
def rows():
    """No settings: what is handed out is out of date."""
    return tuple(ROWS)
