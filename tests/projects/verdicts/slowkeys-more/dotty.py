from functools import lru_cache
class Dotty:
    def __init__(self, data):
        self._data = data
    def __hash__(self):
        return hash(str(self._data))
    def __eq__(self, other):
        return self._data == other._data
    @lru_cache(maxsize=32)
    def get(self, path):
        value = self._data
        for part in path.split("."):
            value = value[part]
        return value
