from functools import lru_cache
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


@lru_cache
def suffixes(path, ratio):
    _burn()
    return tuple(path.suffixes), str(ratio)
