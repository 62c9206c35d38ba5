from functools import lru_cache
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


class View:
    def __init__(self, names):
        self.names = names
    def __hash__(self):
        return hash(tuple(self.names))
    def __eq__(self, other):
        return self.names == other.names
    @lru_cache(maxsize=256)
    def slots(self, kind):
        _burn()
        return tuple(n for n in self.names if n.startswith(kind))
