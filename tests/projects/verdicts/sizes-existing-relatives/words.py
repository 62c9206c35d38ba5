from functools import lru_cache


class Words:
    @staticmethod
    @lru_cache(maxsize=1)
    def endings(language):
        counts = 0
        for number in range(7000):
            counts += len(language) + (number % 10 == 1)
        return counts
