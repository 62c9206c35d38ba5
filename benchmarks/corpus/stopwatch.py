"""Times the calls that a cache would answer, with nothing else around them: what they take is what it saves.

Imported by patched code in the processes of a case's tests. A timer around one function disturbs far less than two
whole runs of the tests differ, so that its sum is the measure for what the trace promises.
"""

import atexit
import collections
import functools
import time

ROUNDS = 20_000


class Stopwatch:
    """One function's calls: hits of a simulated ``lru_cache``, and seconds of those calls."""

    def __init__(self, function, maxsize):
        self.function, self.maxsize = function, maxsize
        self.entries = collections.OrderedDict()
        self.hits = self.misses = 0
        self.seconds = 0.0
        self.within_hit = False

    def call(self, args, kwargs):
        """Call the function; nothing that a call makes counts which a cache would have answered."""
        if self.within_hit:
            return self.function(*args, **kwargs)
        key = (args, tuple(kwargs.items())) if kwargs else args
        try:
            hit = key in self.entries
        except TypeError:
            return self.function(*args, **kwargs)
        return self.hit(key, args, kwargs) if hit else self.miss(key, args, kwargs)

    def hit(self, key, args, kwargs):
        """A call that a cache would answer: it is timed."""
        self.hits += 1
        self.entries.move_to_end(key)
        self.within_hit = True
        began = time.perf_counter()
        try:
            return self.function(*args, **kwargs)
        finally:
            self.seconds += time.perf_counter() - began
            self.within_hit = False

    def miss(self, key, args, kwargs):
        """A call that it would not."""
        self.misses += 1
        result = self.function(*args, **kwargs)
        self.entries[key] = None
        if self.maxsize is not None and len(self.entries) > self.maxsize:
            self.entries.popitem(last=False)
        return result

    def saved(self):
        """Seconds that a real cache saves: the calls' own, less its lookups and the timer's part."""
        if not self.hits:
            return 0.0
        (*_, key) = self.entries
        args = key if not key or not isinstance(key[-1], tuple) else ()
        nothing = Stopwatch(lambda *_: None, None)
        cached = functools.lru_cache(None)(lambda *_: None)
        nothing.call(args, {}), cached(*args)
        for _ in range(ROUNDS):
            nothing.call(args, {})
        began = time.perf_counter()
        for _ in range(ROUNDS):
            cached(*args)
        lookup = (time.perf_counter() - began) / ROUNDS
        return self.seconds - self.hits * (nothing.seconds / ROUNDS) - (self.hits + self.misses) * lookup


def timed(maxsize, file):
    """Decorate a function; at the process's end its hits and seconds are appended to a file."""

    def decorate(function):
        watch = Stopwatch(function, maxsize)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return watch.call(args, kwargs)

        def finish():
            if watch.hits:
                with open(file, "a") as stream:
                    stream.write(f"{watch.hits} {watch.saved()!r}\n")

        atexit.register(finish)
        return wrapper

    return decorate
