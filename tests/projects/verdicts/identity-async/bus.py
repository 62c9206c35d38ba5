import asyncio


class Bus:
    def __init__(self, topic, check):
        self.topic = topic
        self.check = check
        self.ready = asyncio.Event()
        self.items = asyncio.Queue()

    async def pass_on(self, item):
        waiting = asyncio.create_task(self.items.get())
        await asyncio.sleep(0)
        await self.items.put(item)
        self.ready.set()
        await self.ready.wait()
        return await waiting


def bus(topic):
    check = 0
    for turn in range(12000):
        check = (check * 7 + turn) % 8191
    return Bus(topic, check)


class Conditions:
    def __init__(self):
        self.changed = asyncio.Condition()


def conditions(count):
    check = 0
    for turn in range(12000):
        check = (check * 7 + turn) % 8191
    return tuple(Conditions() for _ in range(count))
