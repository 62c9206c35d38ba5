import ctypes
CALLS = ctypes.c_long(0)
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def score(n):
    CALLS.value += 1
    return _burn() + n
