import asyncio, functools
@functools.cache
def get_loop():
    return asyncio.new_event_loop()
def run(coroutine):
    return get_loop().run_until_complete(coroutine)
