import numpy as np
import pytest


@pytest.fixture(autouse=True)
def same_numbers():
    import draws
    import helpers
    import test_draws

    np.random.seed(2)
    helpers.RNG = np.random.default_rng(1)
    draws.MODEL.state.seed(5)
    test_draws.GENERATOR.bit_generator.state = test_draws.START
