"""Many functions: what takes too little to matter is only counted, and recorded again should it matter."""

from pathlib import Path

import pytest

from hitrate.probe.recording import tracefile
from hitrate.trace import deployment
from hitrate.trace.parts import by_function
from hitrate.trace.usage import Usage, usage_of
from tests.integration.test_recorder import run
from tests.integration.virtual_time import virtual_time

CODE = """
import sys
(economy,) = [module for name, module in sys.modules.items() if name.endswith("recording.economy")]
economy.FREE, economy.SHARE = 2_000_000, 0.01
def make(slot):
    @observe(slot)
    def little(thing): spend(1_000)  # more than its lookups take
    return little
many = [make(slot) for slot in range(2, 202)]

@observe(0)
def long(number):
    spend(2_000_000)
    return number

def make_late(slot):
    @observe(slot)
    def late(number, thing):
        spend(number)
        return number
    return late
late_ones = [make_late(slot) for slot in LATE]

for round in range(150):
    long(round % 10)
    for function in many:
        for _ in range(12): function(object())  # a new key each time
    for late in late_ones:
        for _ in range(10): late(0, object())  # far less than would matter
economy.FREE = 1 << 60
for round in range(6_000):
    for late in late_ones:
        late(100_000, round % 10)
"""
LATE = (
    1,
    202,
    203,
)  # where the machine takes the processor away in one of its calls, one seems to matter at once


@pytest.fixture(scope="module")
def usages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Usage]:
    probe = deployment.recording(tmp_path_factory.mktemp("many") / "run", "x")
    trace = run(probe, CODE.replace("LATE", str(LATE)), before=virtual_time())
    (process,) = trace.processes
    return {slot: usage_of(slot, [part]) for slot, part in by_function(process).items()}


def test_what_takes_much_time_is_recorded_whole(usages: dict[int, Usage]) -> None:
    assert (usages[0].recorded, usages[0].counted, usages[0].keys) == (150, 0, 10)


def test_of_little_functions_every_call_is_recorded_or_counted(usages: dict[int, Usage]) -> None:
    little = [usages[slot] for slot in range(2, 202)]
    paused = [usage for usage in little if tracefile.CHEAP not in usage.endings]
    assert paused
    assert all(usage.calls == 1_800 for usage in paused)
    assert sum(usage.recorded for usage in little) < 0.5 * 200 * 1_800


def test_what_takes_much_later_is_recorded_again(usages: dict[int, Usage]) -> None:
    late_ones = [usages[slot] for slot in LATE]
    assert all(late.calls == 1_500 + 6_000 for late in late_ones)
    paused = [late for late in late_ones if late.counted]
    assert paused
    for late in paused:
        assert late.recorded > 2_500
        assert 0.8 * 0.6 < late.outer_seconds * late.time_scale < 1.5 * 0.6 + 0.1


def test_a_function_of_many_keys_is_accounted_for_once(tmp_path: Path) -> None:
    code = """
import sys
(module,) = [module for name, module in sys.modules.items() if name.endswith("recording.recorder")]
@observe(0)
def work(number): return sum(range(100)) + number
for number in range(5_000): work(number)
assert len(module._recorder.blocks) > 3
assert [watched.slot for watched in module._recorder.live()] == [0]
"""
    trace = run(deployment.recording(tmp_path / "run", "x"), code)
    assert usage_of(0, [by_function(process)[0] for process in trace.processes]).calls == 5_000


def test_a_long_run_of_short_calls_is_recorded_in_part(tmp_path: Path) -> None:
    """What is recorded is read afterwards, which takes longer than recording it."""
    code = """
@observe(0)
def work(number): spend(5_000)
for number in range(400_000): work(number % 10)
"""
    (process,) = run(deployment.recording(tmp_path / "run", "x"), code, before=virtual_time()).processes
    usage = usage_of(0, [by_function(process)[0]])
    assert usage.calls == 400_000
    assert 20_000 < usage.recorded < 250_000
    assert usage.keys == 10


def test_what_is_recorded_again_knows_its_keys(tmp_path: Path) -> None:
    """A cache would have kept them; but those that hold objects are let go while calls are only counted."""
    code = """
@observe(0)
def plain(number): spend(5_000)
class Thing: pass
things = [Thing() for _ in range(10)]
@observe(1)
def holding(thing): spend(10_000)
for number in range(200_000):
    plain(number % 10)
    holding(things[number % 10])
"""
    (process,) = run(deployment.recording(tmp_path / "run", "x"), code, before=virtual_time()).processes
    plain, holding = (usage_of(slot, [part]) for slot, part in sorted(by_function(process).items()))
    assert plain.counted
    assert plain.keys == 10
    assert holding.counted
    assert holding.keys > 10


def test_a_dear_function_waits_for_no_little_ones(tmp_path: Path) -> None:
    """Whenever it is looked at there are new functions that take little; it is only counted all the same."""
    code = """
import sys
(economy,) = [module for name, module in sys.modules.items() if name.endswith("recording.economy")]
economy.FREE, economy.SHARE = 2_000_000, 0.01
def make(slot):
    @observe(slot)
    def little(thing): spend(1_000)
    return little

@observe(0)
def dear(thing): spend(5_000)

for round in range(300):
    little = make(1 + round)
    for _ in range(30):
        little(object())
        dear(object())
"""
    probe = deployment.recording(tmp_path / "run", "x")
    (process,) = run(probe, code, before=virtual_time(tick=1_000)).processes
    usage = usage_of(0, [by_function(process)[0]])
    assert usage.calls == 9_000
    assert 0 < usage.recorded < 4_500, usage.recorded


def test_keys_that_hold_objects_are_dear(tmp_path: Path) -> None:
    """They are searched for garbage as long as they are kept."""
    code = """
import sys
(module,) = [module for name, module in sys.modules.items() if name.endswith("recording.recorder")]
economy = module.Spending.look.__globals__["economy"]
economy.KEPT, economy.FREE = 1 << 40, 1 << 60
class Thing: pass
@observe(0)
def plain(number, text): pass
@observe(1)
def holding(number, thing): pass
for number in range(100):
    plain(number, str(number)); holding(number, Thing()); holding(number, [number][0])
extra = {watched.slot: watched.account.extra for watched in module._recorder.live()}
assert extra[0] < 1 << 40 < 100 << 40 <= extra[1] < 101 << 40, extra
"""
    run(deployment.recording(tmp_path / "run", "x"), code)


def test_a_deep_recursion_is_not_made_deeper_by_counting(tmp_path: Path) -> None:
    """What only counts has a frame of its own, for which the recursion limit is not raised."""
    code = """
import sys
(economy,) = [module for name, module in sys.modules.items() if name.endswith("recording.economy")]
economy.FREE, economy.SHARE = 2_000_000, 0.01
@observe(0)
def down(number, thing): return 0 if not number else down(number - 1, object()) + 1
for _ in range(50): assert down(400, object()) == 400
depth = sys.getrecursionlimit() - 40
assert down(depth, object()) == depth
"""
    (process,) = run(deployment.recording(tmp_path / "run", "x"), code).processes
    assert usage_of(0, [by_function(process)[0]]).calls > 20_000
