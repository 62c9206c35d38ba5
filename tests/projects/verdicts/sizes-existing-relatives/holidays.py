from functools import lru_cache


@lru_cache
def easter(year):
    century, golden = year // 100, year % 19
    total = 0
    for day in range(3000):
        total = (total + century * day + golden) % 35
    return total
