import collections, io, itertools, queue, random, re, hashlib

def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total

def _queue():
    q = queue.Queue()
    for i in range(100):
        q.put(i)
    return q
class Cursor:
    def __init__(self):
        self.at = 0
    def advance(self):
        self.at += 1
class Own:
    def __init__(self):
        self.n = 0
    def __iter__(self):
        return self
    def __next__(self):
        self.n += 1
        return self.n
def file_line(fh, k):
    fh.readline()
    return k + _burn() * 0
def deq_pop(fh, k):
    fh.popleft()
    return k + _burn() * 0
def zipped(fh, k):
    next(fh)
    return k + _burn() * 0
def enumerated(fh, k):
    next(fh)
    return k + _burn() * 0
def mapped(fh, k):
    next(fh)
    return k + _burn() * 0
def cycled(fh, k):
    next(fh)
    return k + _burn() * 0
def found(fh, k):
    next(fh)
    return k + _burn() * 0
def reversed_(fh, k):
    next(fh)
    return k + _burn() * 0
def keys_(fh, k):
    next(fh)
    return k + _burn() * 0
def bytes_(fh, k):
    fh.read(1)
    return k + _burn() * 0
def queued(fh, k):
    fh.get_nowait()
    return k + _burn() * 0
def own_cursor(fh, k):
    fh.advance()
    return k + _burn() * 0
def chained_(fh, k):
    next(fh)
    return k + _burn() * 0
def own_next(fh, k):
    next(fh)
    return k + _burn() * 0
def rng(fh, k):
    fh.random()
    return k + _burn() * 0
def hashed(fh, k):
    fh.update(b'x')
    return k + _burn() * 0
