import ctypes
SCALE = ctypes.c_double(2.5)
TABLE = (ctypes.c_int * 4)(1, 2, 3, 4)
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def score(n):
    scratch = ctypes.c_long(n)
    scratch.value += 1
    return _burn() * SCALE.value + TABLE[n % 4] + scratch.value
