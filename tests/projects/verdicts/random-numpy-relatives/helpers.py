import numpy as np

RNG = np.random.default_rng(1)


def some(count):
    return RNG.integers(0, 1000, size=count)
