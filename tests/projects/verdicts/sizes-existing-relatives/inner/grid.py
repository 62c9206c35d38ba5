from functools import lru_cache


@lru_cache(maxsize=64)
def noise(x, y, *, octave=1):
    value = x * 374761393 + y * 668265263
    for _ in range(2500 * octave):
        value = (value ^ (value >> 13)) * 1274126177 & 0xFFFFFFFF
    return value / 0xFFFFFFFF
