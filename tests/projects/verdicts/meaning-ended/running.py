import asyncio, functools
@functools.cache
def home():
    return asyncio.get_running_loop()
async def later():
    home()
    await asyncio.sleep(0)
    return 1
