import time
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


def hour(stamp):
    _burn()
    return time.localtime(stamp).tm_hour
