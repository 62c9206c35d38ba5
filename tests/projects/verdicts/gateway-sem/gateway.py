import asyncio


class Gateway:
    def __init__(self, host, token):
        self.host = host
        self.token = token
        self.turn = asyncio.Lock()
        self.slots = asyncio.BoundedSemaphore(3)

    async def fetch(self, path):
        async with self.slots, self.turn:
            await asyncio.sleep(0)
        return f"{self.host}/{path}"


def connect(host):
    token = 1
    for number in range(1, 12000):
        token = token * number % 1000003 or 1
    return Gateway(host, token)
