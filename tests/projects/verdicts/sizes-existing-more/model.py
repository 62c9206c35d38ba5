from functools import lru_cache
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


class Base:
    fields = ()
    @classmethod
    @lru_cache(maxsize=1)
    def schema(cls):
        _burn()
        return tuple(sorted(cls.fields))
class User(Base):
    fields = ("name", "id")
class Order(Base):
    fields = ("total", "id", "user")
