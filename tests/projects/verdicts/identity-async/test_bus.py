import asyncio

import bus
import pytest


@pytest.mark.parametrize("turn", range(40))
def test_pass_on(turn):
    async def main():
        return await bus.bus("news").pass_on(turn)

    assert asyncio.run(main()) == turn


@pytest.mark.parametrize("turn", range(40))
def test_conditions(turn):
    async def main():
        (first,) = bus.conditions(1)
        async with first.changed:
            first.changed.notify_all()
        return True

    assert asyncio.run(main())
