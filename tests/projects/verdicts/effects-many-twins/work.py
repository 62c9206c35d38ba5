import collections, heapq, re, string, threading, types
def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total


def local_heap(x):
    heap = [3, 1, 2]
    heapq.heapify(heap)
    heapq.heappush(heap, len(x))
    return x + str(_burn() + heap[0])


LOCK = threading.Lock()
def locked(x):
    with LOCK:
        return x + str(_burn())


TABLE = str.maketrans("ab", "AB")
def translated(x):
    return x.translate(TABLE) + str(_burn())


PATTERN = re.compile("[a-z]+")
def compiled(x):
    return PATTERN.sub(lambda m: m.group().upper(), x) + str(_burn())


FORMATTER = string.Formatter()
def formatted(x):
    return FORMATTER.format("{0}:{1}", x, _burn())


class Tally:
    def __init__(self):
        self.n = 0
    def inc(self):
        self.n += 1
def own_object(x):
    tally = Tally()
    for _ in x:
        tally.inc()
    return x + str(_burn() + tally.n)


CHAIN = collections.ChainMap({"a": 1}, {"b": 2})
def chained(x):
    return CHAIN[x] + _burn()


FROZEN = types.MappingProxyType({"a": 1, "b": 2})
def proxied(x):
    return FROZEN[x] + _burn()

