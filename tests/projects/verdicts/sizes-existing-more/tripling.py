from functools import lru_cache
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


ROOM = 8
@lru_cache(ROOM)
def tripled(x):
    _burn()
    return x * 2
