from contextvars import ContextVar
import os
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


user = ContextVar("user", default="ann")
PREFIX = os.environ.get("PREFIX", "p")
def norm(text):
    _burn()
    return PREFIX + text.strip().lower()
def who():
    return user.get()
