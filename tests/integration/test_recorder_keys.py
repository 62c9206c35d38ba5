"""Keys whose hash or comparison calls the very function that is looked up."""

from pathlib import Path

import pytest

from hitrate.probe.recording import tracefile
from hitrate.trace import deployment
from hitrate.trace.parts import by_function
from hitrate.trace.usage import Usage, usage_of
from tests.integration.interpreters import INTERPRETERS
from tests.integration.test_recorder import run

CODE = """
class Undefined:
    @observe(0)
    def fail(self): raise ValueError("undefined")
    __hash__ = __eq__ = fail

class Keyed:
    def __init__(self, number, inner=None): self.number, self.inner = number, inner
    @observe(1)
    def key(self): return (self.number,)
    def __hash__(self): return hash(self.key())
    def __eq__(self, other): return self.key() == other.key()

class Nested(Keyed):
    @observe(2)
    def total(self): return self.number + (self.inner.total() if self.inner else 0)
    def __hash__(self): return hash(self.inner.total() if self.inner else 0)

class Slow:
    def __hash__(self): return len("abc" * 2)

@observe(3)
def deep(thing, number): return number and deep(thing, number - 1)

for number in range(20):
    try: Undefined().fail()
    except ValueError: pass
    else: assert False
    assert Keyed(number).key() == (number,)
    assert hash(Keyed(number)) == hash(Keyed(number)) and Keyed(number) == Keyed(number)
    assert Nested(number, Nested(number)).total() == 2 * number
try: deep(Slow(), 10**6)
except RecursionError: pass
else: assert False
assert deep(Slow(), 3) == 0
"""


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_a_lookup_that_would_never_end_does(tmp_path: Path, interpreter: str) -> None:
    trace = run(deployment.recording(tmp_path / "run", "x"), CODE, interpreter=interpreter)
    (process,) = trace.processes
    parts = by_function(process)

    def usage(slot: int) -> Usage:
        return usage_of(slot, [parts[slot]])

    for slot in (0, 1):
        assert usage(slot).endings == {tracefile.ENDLESS}
        assert usage(slot).recorded == usage(slot).refused  # no cache would have answered
    for slot in (2, 3):  # a hash that asks for another object's, and a recursion that is only too deep
        assert tracefile.ENDLESS not in usage(slot).endings
        assert usage(slot).recorded > usage(slot).refused


SPELLED = """
@observe(0)
def mixed(a, b=2, *, c=3): return a

@observe(1)
def plain(a, b): return a

for number in range(40):
    mixed(number); plain((number,), 1)
for number in range(20):
    mixed(number, 2); mixed(a=number); mixed(number, b=2, c=3); plain((number,), b=1); plain(b=1, a=(number,))
"""


def test_what_is_spelled_otherwise_later_is_known_as_what_came_first(tmp_path: Path) -> None:
    """Keys in the shortest spelling are compared only from where there is another one."""
    (process,) = run(deployment.recording(tmp_path / "run", "x"), SPELLED).processes
    parts = by_function(process)
    for slot, spellings in ((0, 3), (1, 2)):
        numbers = [number for lane in parts[slot].lanes for number in lane.numbers]
        firsts, later = numbers[:40], numbers[40:]
        assert len(set(numbers)) == 40 + 20 * spellings, slot
        same = parts[slot].same[0]
        assert [same[number] for number in later] == [
            first for first in firsts[:20] for _ in range(spellings)
        ], slot


LEAVING = """
import atexit, gc, weakref
import _pytest.unraisableexception as at_end

class Thing:  # a key of it is equal to other keys, so it must be there to be compared with them
    def __eq__(self, other): return type(other) is Thing
    def __hash__(self): return 7

@observe(0)
def used(thing): return 1

alive = []
def call():
    thing = Thing()
    alive.append(weakref.ref(thing))
    return used(thing)

def pytest_runtestloop(): at_end.gc_collect_harder(1)

call()
gc.collect()
assert alive[0]() is not None, "a key lives as long as with a cache"
pytest_runtestloop()
assert alive[0]() is not None, "a session within a test of another one is not the last"
at_end.gc_collect_harder(1)
assert alive[0]() is None, "nothing that is looked through at the end is kept"
call()
atexit._run_exitfuncs()
assert alive[1]() is None
call()
assert used(1) == used(1) == 1
"""


def test_keys_are_let_go_at_the_end(tmp_path: Path) -> None:
    (process,) = run(deployment.recording(tmp_path / "run", "x"), LEAVING).processes
    (lane,) = process.lanes
    assert len(lane) == 5, "calls are recorded to the last one"
    assert lane.numbers[-1] == lane.numbers[-2]


PASSING = """
import functools, gc, weakref

class Thing:
    @observe(0)
    def method(self, n): return n * 2
    @functools.lru_cache(None)
    def cached(self, n): return n * 2

@observe(1)
def function(thing, *, more=None): return 1

kept, alive = [Thing() for _ in range(3)], []
for round in range(50):
    thing = Thing()
    alive.append(weakref.ref(thing))
    for _ in range(2):
        for each in (thing, *kept):
            each.method(5), each.cached(5)
            function(each, more=kept[0])
    del thing, each
    assert alive[-1]() is not None, "the cache keeps it"
    function(Thing())
Thing.cached.cache_clear()
gc.collect()
assert not [each for each in alive if each() is not None], "nothing else does"
"""


@pytest.mark.parametrize("interpreter", INTERPRETERS)
def test_objects_that_are_equal_to_themselves_alone_are_not_kept_alive(
    interpreter: str, tmp_path: Path
) -> None:
    trace = run(deployment.recording(tmp_path / "run", "x"), PASSING, interpreter=interpreter)
    (process,) = trace.processes
    method, function = (usage_of(slot, [by_function(process)[slot]]) for slot in (0, 1))
    assert (method.keys, method.calls) == (53, 400)
    assert (function.keys, function.calls) == (103, 450)


REFUSED = """
@observe(0)
def never(items): return sum(range(30))

@observe(1)
def late(items): return sum(range(30))

@observe(2)
def mixed(items): return sum(range(30))

for number in range(3_000): never([number])
for number in range(100): late([number])
for number in range(1_000): late(number % 10)
mixed(1)
for number in range(2_000): mixed([number] if number % 2 else number % 20)
"""


def test_what_never_has_a_key_is_only_counted_after_a_while_and_nothing_else_is(tmp_path: Path) -> None:
    (process,) = run(deployment.recording(tmp_path / "run", "x"), REFUSED).processes
    parts = by_function(process)
    never, late, mixed = (usage_of(slot, [parts[slot]]) for slot in range(3))
    assert (never.calls, never.recorded, never.keys) == (3_000, 500, 0)
    assert round(never.refused * never.scale) == 3_000
    assert (late.calls, late.counted, late.refused, late.keys) == (1_100, 0, 100, 10)
    assert (mixed.calls, mixed.counted, mixed.refused, mixed.keys) == (2_001, 0, 1_000, 11)
