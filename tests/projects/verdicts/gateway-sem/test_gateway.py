import asyncio

import pytest
import gateway


async def both():
    there = gateway.connect("api")
    return await asyncio.gather(there.fetch("a"), there.fetch("b"))


@pytest.mark.parametrize("turn", range(50))
def test_fetch(turn):
    assert asyncio.run(both()) == ["api/a", "api/b"]
