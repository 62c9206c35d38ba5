import contextvars
import threading

local = threading.local()
channel = contextvars.ContextVar("channel", default="web")


class Limits:
    def __init__(self):
        self.most = {"lines": 40}


class Config:
    def __init__(self):
        self.db = Limits()


CURRENT = Config()
