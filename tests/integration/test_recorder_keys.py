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
