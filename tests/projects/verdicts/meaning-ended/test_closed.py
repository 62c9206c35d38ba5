import asyncio
import closed
async def one():
    await asyncio.sleep(0)
    return 1
def test_run():
    for _ in range(20):
        assert closed.run(one()) == 1
def test_restart():
    loop = closed.get_loop()
    loop.close()
    assert closed.get_loop().is_closed()
