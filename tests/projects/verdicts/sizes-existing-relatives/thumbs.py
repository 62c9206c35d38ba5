from functools import lru_cache


@lru_cache(maxsize=8)
def thumbnail(number):
    pixels = [(number * x * 7 + 13) % 256 for x in range(9000)]
    return sum(pixels[::2]) - sum(pixels[1::2])
