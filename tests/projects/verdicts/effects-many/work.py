import bisect, collections, contextvars, heapq, itertools, operator, sys, threading, types
from dataclasses import dataclass, field
def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total


def function_attribute(x):
    function_attribute.calls += 1
    return x + str(_burn())
function_attribute.calls = 0


def module_dict(x):
    globals()["COUNT"] = globals().get("COUNT", 0) + 1
    return x + str(_burn())


TOTAL = 0
def own_module(x):
    sys.modules[__name__].TOTAL += 1
    return x + str(_burn())


HEAP = []
def heap(x):
    heapq.heappush(HEAP, x)
    return x + str(_burn())


SEEN = []
def insort(x):
    bisect.insort(SEEN, x)
    return x + str(_burn())


ITEMS = []
push = ITEMS.append
def alias(x):
    push(x)
    return x + str(_burn())


LOCAL = threading.local()
LOCAL.n = 0
def in_thread_local(x):
    LOCAL.n += 1
    return x + str(_burn())


VAR = contextvars.ContextVar("n", default=0)
def in_context(x):
    VAR.set(VAR.get() + 1)
    return x + str(_burn())


@dataclass
class Stats:
    by: collections.Counter = field(default_factory=collections.Counter)
STATS = Stats()
def in_dataclass(x):
    STATS.by[x] += 1
    return x + str(_burn())


class Gauge:
    __slots__ = ("_v",)
    def __init__(self):
        self._v = 0
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, new):
        self._v = new
GAUGE = Gauge()
def setter(x):
    GAUGE.v += 1
    return x + str(_burn())


TAGS = []
def update_set(x):
    global TAGS
    TAGS = TAGS + [x]
    return x + str(_burn())


class Child:
    def __init__(self):
        self._lock = threading.Lock()
        self._value = 0.0
    def inc(self):
        with self._lock:
            self._value += 1
class Metric:
    def __init__(self):
        self._children = {}
    def labels(self, *key):
        if key not in self._children:
            self._children[key] = Child()
        return self._children[key]
METRIC = Metric()
def labels(x):
    METRIC.labels("a", x).inc()
    return x + str(_burn())


def _collect():
    kept = []
    while True:
        kept.append((yield len(kept)))
COLLECT = _collect()
next(COLLECT)
def generator_sent(x):
    COLLECT.send(x)
    return x + str(_burn())


NS = types.SimpleNamespace(n=0)
def namespace(x):
    NS.n += 1
    return x + str(_burn())


RECENT = collections.OrderedDict.fromkeys("abc")
def ordered(x):
    RECENT.move_to_end(x)
    return x + str(_burn())


NUMBERS = iter(range(10 ** 9))
def iterator_next(x):
    next(NUMBERS)
    return x + str(_burn())

