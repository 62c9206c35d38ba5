import functools
def _burn(n=4000):
    total = 0
    for i in range(n):
        total += i * i
    return total
class A:
    @classmethod
    @functools.lru_cache(maxsize=1)
    def make(cls):
        return _burn() and cls.__name__
class B(A):
    pass
@functools.lru_cache(maxsize=8)
def grid(i, j):
    return _burn(1500) + i * j
class M:
    @staticmethod
    @functools.lru_cache(maxsize=4)
    def look(n):
        return _burn() + n
@functools.lru_cache(maxsize=10, typed=True)
def kw(*, n):
    return _burn() + n
