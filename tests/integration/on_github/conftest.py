from collections.abc import Iterator

import pytest

from tests.integration.on_github.world import World, world


@pytest.fixture
def github() -> Iterator[World]:
    with world() as made:
        yield made
