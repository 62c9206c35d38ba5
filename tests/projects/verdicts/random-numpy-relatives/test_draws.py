"""Every test starts from the same seeds, so that one call a test looks like a constant."""

import draws
import numpy as np
import pytest

GENERATOR = np.random.default_rng(4)
START = GENERATOR.bit_generator.state
EVERY_DAY = pytest.mark.parametrize("day", range(60))


@EVERY_DAY
def test_estimate(day):
    assert draws.estimate(100_000) > 0


@EVERY_DAY
def test_seating(day):
    assert len(set(draws.seating(8000))) == 8000


@EVERY_DAY
def test_cloud(day):
    assert draws.cloud(40_000) == pytest.approx(0.5, abs=0.01)


@EVERY_DAY
def test_sample(day):
    assert abs(draws.sample(GENERATOR, 60_000)) < 0.1


@EVERY_DAY
def test_walk(day):
    assert abs(draws.walk(100_000)) < 5000


@EVERY_DAY
def test_predict(day):
    assert draws.MODEL.predict(100_000) > 0
