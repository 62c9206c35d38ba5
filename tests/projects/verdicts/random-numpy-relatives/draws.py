import helpers
import numpy as np
from numpy.random import rand


def estimate(points):
    """Pi, roughly: depends on a generator of another module."""
    return float(np.sqrt(helpers.some(points).astype(float)).sum())


def seating(guests):
    return tuple(int(seat) for seat in np.random.permutation(guests))


def cloud(points):
    return float(np.sort(rand(points)).mean())


def sample(generator, count):
    return float(generator.normal(size=count).mean())


def walk(steps):
    return int(np.random.choice([-1, 1], size=steps).cumsum()[-1])


class Model:
    def __init__(self):
        self.state = np.random.RandomState(5)

    def predict(self, count):
        return float(self.state.uniform(size=count).sum())


MODEL = Model()
