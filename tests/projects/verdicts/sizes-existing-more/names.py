from functools import lru_cache
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


class Canon:
    pass
@lru_cache(maxsize=16)
def canonical(name):
    _burn()
    return name.strip().lower()
