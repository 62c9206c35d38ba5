from functools import lru_cache
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


@lru_cache(maxsize=0)
def doubled(x):
    _burn()
    return x * 2
