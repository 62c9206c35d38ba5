import asyncio
import running
def test_run():
    for _ in range(3):
        assert asyncio.run(running.later()) == 1
def test_again():
    for _ in range(3):
        assert asyncio.run(running.later()) == 1
