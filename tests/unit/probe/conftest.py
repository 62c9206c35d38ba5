"""What holds for every test of the probe."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import is_hypothesis_test


@pytest.fixture(autouse=True)
def heap_of_its_own(request: pytest.FixtureRequest) -> Iterator[None]:
    """What was there before is no heap to search: thousands of collected tests take long at each look.

    Hypothesis looks itself for what refers to a generator of random numbers.
    """
    if is_hypothesis_test(request.function):
        yield
        return
    gc.freeze()
    yield
    gc.unfreeze()
