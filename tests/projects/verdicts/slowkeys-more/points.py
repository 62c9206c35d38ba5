from functools import lru_cache
class Point:
    def __init__(self, x):
        self.x = x
    def __hash__(self):
        return 1
    def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x
@lru_cache(maxsize=None)
def weight(p):
    return sum(range(40)) + p.x
