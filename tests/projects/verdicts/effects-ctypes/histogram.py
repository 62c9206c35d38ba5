import ctypes
HISTOGRAM = (ctypes.c_int * 8)()
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def score(n):
    HISTOGRAM[n % 8] += 1
    return _burn() + n
