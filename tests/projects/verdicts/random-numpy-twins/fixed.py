import numpy as np


def field(seed):
    own = np.random.default_rng(seed)
    return float(own.normal(size=60_000).sum())


def legacy(seed):
    own = np.random.RandomState(seed)
    return float(own.uniform(size=100_000).sum())


def spectrum(size):
    return float(np.abs(np.fft.fft(np.arange(size) % 97)).sum())


def largest(size):
    matrix = np.arange(size * size, dtype=float).reshape(size, size) % 13
    return round(float(np.linalg.svd(matrix, compute_uv=False)[0]), 6)


def seeds(entropy):
    words = 0
    for spawned in np.random.SeedSequence(entropy).spawn(120):
        words += int(spawned.generate_state(1)[0])
    return words


def median(step):
    return float(np.median(np.arange(0, 200_000, step) % 1009))
