from functools import lru_cache
from shopconf import settings
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


@lru_cache
def amount(cents):
    _burn()
    return f"{cents} {settings.currency}"
