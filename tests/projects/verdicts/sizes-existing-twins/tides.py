from functools import lru_cache


def _long(seed):
    level = seed
    for minute in range(5000):
        level = (level * 75 + minute) % 65537
    return level


@lru_cache(maxsize=64)
def high_water(port):
    return _long(port)


@lru_cache(maxsize=None)
def low_water(port):
    return _long(port + 1)


@lru_cache(maxsize=1)
def spring_tide(year):
    return _long(year)


@lru_cache(maxsize=4)
def quarter(number):
    return _long(number)


@lru_cache(maxsize=16)
def once(moment):
    return _long(moment) % 12
