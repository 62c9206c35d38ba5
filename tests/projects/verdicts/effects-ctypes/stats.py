import ctypes
class Stats(ctypes.Structure):
    _fields_ = [("calls", ctypes.c_uint), ("last", ctypes.c_int)]
STATS = Stats()
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def score(n):
    STATS.calls += 1
    return _burn() + n
