import contextlib, csv, functools, io, itertools, os, zipfile
def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total
ROWS = {"a": [1, 2], "b": [3]}
class Lazy:
    def __init__(self, key):
        self.key, self._rows = key, None
    def __iter__(self):
        if self._rows is None:
            self._rows = list(ROWS[self.key])
        return iter(self._rows)
class Prop:
    def __init__(self, key):
        self.key = key
    @functools.cached_property
    def rows(self):
        return tuple(ROWS[self.key])
class Thunk:
    def __init__(self, make):
        self.make, self.done, self.value = make, False, None
    def force(self):
        if not self.done:
            self.value, self.done = self.make(), True
        return self.value

def lazy_iter(x):
    _burn()
    return Lazy(x)

def lazy_prop(x):
    _burn()
    return Prop(x)

def thunk(x):
    _burn()
    return Thunk(lambda: list(ROWS[x]))

def mapped(x):
    _burn()
    return map(str, ROWS[x])

def filtered(x):
    _burn()
    return filter(None, ROWS[x])

def generated(x):
    _burn()
    return (r for r in ROWS[x])

def teed(x):
    _burn()
    return itertools.tee(ROWS[x])

def stream(x):
    _burn()
    return io.StringIO(x * 3)

def scanned(x):
    _burn()
    return os.scandir('.')

@contextlib.contextmanager
def _cm():
    yield 1
def entered(x):
    _burn()
    return _cm()

def grouped(x):
    _burn()
    return itertools.groupby(ROWS[x])

class Reader:
    def __init__(self, text):
        self.lines = iter(text.split())
    def next(self):
        return next(self.lines, None)
def holder(x):
    _burn()
    return Reader('a b c')

