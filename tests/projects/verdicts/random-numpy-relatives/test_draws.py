import draws
import numpy as np
import pytest

GENERATOR = np.random.default_rng(4)


def test_estimate():
    for _ in range(80):
        assert draws.estimate(100_000) > 0


def test_seating():
    for _ in range(60):
        assert len(set(draws.seating(8000))) == 8000


@pytest.mark.parametrize("turn", range(60))
def test_cloud(turn):
    np.random.seed(2)
    assert draws.cloud(40_000) == pytest.approx(0.5, abs=0.01)


def test_sample():
    for _ in range(60):
        assert abs(draws.sample(GENERATOR, 60_000)) < 0.1


def test_walk():
    for _ in range(60):
        assert abs(draws.walk(100_000)) < 5000


def test_predict():
    for _ in range(60):
        assert draws.MODEL.predict(100_000) > 0
