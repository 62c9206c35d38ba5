from functools import lru_cache


class Table:
    width = 2

    @classmethod
    @lru_cache(maxsize=1)
    def layout(cls):
        cells = []
        for column in range(cls.width * 700):
            cells.append(hash((cls.__name__[:1], column)) % 3 * 0 + column % 7)
        return tuple(cells)


class Orders(Table):
    width = 4


class Customers(Table):
    width = 5
