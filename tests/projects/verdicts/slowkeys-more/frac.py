from functools import lru_cache
@lru_cache
def span(points):
    return points[-1].numerator - points[0].numerator
