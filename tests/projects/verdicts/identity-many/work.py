import asyncio, contextlib, multiprocessing, queue, socket, threading, types, weakref
from dataclasses import dataclass, field
def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total

def a_queue(x):
    _burn()
    return asyncio.Queue()

def an_event(x):
    _burn()
    return threading.Event()

def a_condition(x):
    _burn()
    return threading.Condition()

@dataclass
class Box:
    name: str
    lock: threading.Lock = field(default_factory=threading.Lock)
def in_dataclass(x):
    _burn()
    return Box(x)

def sentinel(x):
    _burn()
    return object()

def a_barrier(x):
    _burn()
    return threading.Barrier(2)

def a_stack(x):
    _burn()
    return contextlib.ExitStack()

def a_local(x):
    _burn()
    return threading.local()

def simple_queue(x):
    _burn()
    return queue.SimpleQueue()

def in_tuple(x):
    _burn()
    return (x, threading.Lock())

def in_dict(x):
    _burn()
    return {'sem': threading.Semaphore(2)}

class Pool:
    def __init__(self):
        self.inner = types.SimpleNamespace(lock=threading.RLock())
def deep(x):
    _burn()
    return Pool()

class Group:
    def __init__(self):
        self.members = []
    def join(self, member):
        self.members.append(member)
def a_task_group(x):
    _burn()
    return Group()

class Stop(Exception):
    pass
def an_exception(x):
    _burn()
    return Stop(x)

def a_thread(x):
    _burn()
    return threading.Thread(target=print)

