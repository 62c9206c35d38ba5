"""The recorder in processes of its own, under every interpreter that is there."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hitrate.probe.recording import tracefile
from hitrate.replay.replay import Replay
from hitrate.trace import deployment
from hitrate.trace.deployment import Instrument
from hitrate.trace.reader import Trace, read
from tests.integration.interpreters import INTERPRETERS
from tests.integration.virtual_time import virtual_time

SCRIPT = Path(__file__).parents[1] / "projects" / "transparency.py"


Runner = Callable[..., Trace]


@pytest.fixture
def probe(tmp_path: Path) -> Instrument:
    return deployment.recording(tmp_path / "run", "x")


def run(
    probe: Instrument, code: str, *, before: str = "", expect: int = 0, interpreter: str = sys.executable
) -> Trace:
    """Run code that may use ``observe`` in a new process, and other code before the probe is imported."""
    program = f"{before}\n{probe.preamble}\nobserve = {deployment.ALIAS}.observe\n{code}"
    done = subprocess.run(
        [interpreter, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == expect, done.stderr
    return read(probe.records)


def calls(trace: Trace) -> int:
    return sum(len(lane) for process in trace.processes for lane in process.lanes)


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_wrapped_functions_are_as_unwrapped_ones(probe: Instrument, interpreter: str) -> None:
    done = subprocess.run(
        [interpreter, "-W", "error", str(SCRIPT), str(probe.folder), probe.module],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    trace = read(probe.records)
    assert trace.delivered.received == trace.delivered.expected == 1
    assert calls(trace) > 10_000


SQUARE = """
@observe(0)
def square(n):
    return sum(range(50)) * 0 + n * n
"""


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_nothing_recorded_is_lost_when_the_process_is_killed(probe: Instrument, interpreter: str) -> None:
    code = (
        SQUARE
        + "import os, signal\nfor n in range(30_000): square(n % 7)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    trace = run(probe, code, expect=-signal.SIGKILL, interpreter=interpreter)
    assert calls(trace) == 30_000
    tally = Replay(trace).play({0: None})[0]
    assert (tally.hits, tally.misses) == (29_993, 7)


def test_threads_share_a_cache(probe: Instrument) -> None:
    code = SQUARE + (
        "import threading\n"
        "def work():\n    for n in range(5_000): square(n % 100)\n"
        "threads = [threading.Thread(target=work) for _ in range(4)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
    )
    trace = run(probe, code)
    (process,) = trace.processes
    assert len(process.lanes) == 4
    assert calls(trace) == 20_000
    tally = Replay(trace).play({0: None})[0]
    assert tally.hits + tally.misses == 20_000
    # Threads that meet a new key at once all miss it; later lookups hit, whichever thread makes them.
    assert 100 <= tally.misses <= 400
    assert tally.entries == 100


def test_many_short_threads_share_chunks(probe: Instrument) -> None:
    code = SQUARE + (
        "import threading\n"
        "for n in range(300):\n"
        "    thread = threading.Thread(target=square, args=(n % 3,))\n"
        "    thread.start()\n"
        "    thread.join()\n"
    )
    trace = run(probe, code)
    assert calls(trace) == 300
    assert Replay(trace).play({0: None})[0].misses == 3
    assert sum(file.stat().st_size for file in probe.records.iterdir()) < 1 << 20


def test_asyncio_tasks(probe: Instrument) -> None:
    code = SQUARE + (
        "import asyncio\n"
        "async def task(n):\n"
        "    for _ in range(10):\n"
        "        square(n)\n"
        "        await asyncio.sleep(0)\n"
        "async def main():\n    await asyncio.gather(*map(task, range(5)))\n"
        "asyncio.run(main())\n"
    )
    tally = Replay(run(probe, code)).play({0: None})[0]
    assert (tally.hits, tally.misses) == (45, 5)


FORK = """
import os
def child(work, *, leave=os._exit):
    pid = os.fork()
    if not pid:
        work()
        leave(0)
    assert os.waitpid(pid, 0)[1] == 0
"""


def test_a_forked_child_begins_with_what_its_parent_kept(probe: Instrument) -> None:
    code = (
        SQUARE
        + FORK
        + (
            "square(1); square(2)\n"
            "def work():\n    square(1); square(3); child(lambda: [square(n) for n in (1, 2, 3, 4)])\n"
            "child(work)\n"
            "square(3); square(1)\n"
        )
    )
    trace = run(probe, code)
    assert len(trace.processes) == 3
    # parent: misses 1 2 3, hits 1; child: hits 1, misses 3; grandchild: hits 1 2 3, misses 4
    tally = Replay(trace).play({0: None})[0]
    assert (tally.hits, tally.misses) == (1 + 1 + 3, 3 + 1 + 1)


def test_a_fork_within_a_recorded_call_leaves_the_parents_record_alone(probe: Instrument) -> None:
    code = (
        SQUARE
        + FORK
        + (
            "import time\n"
            "@observe(1)\n"
            "def forks():\n"
            "    pid = os.fork()\n"
            "    if pid:\n        os.waitpid(pid, 0)\n"
            "    else:\n        time.sleep(0.05)\n"
            "    return pid\n"
            "if not forks():\n"
            "    for n in range(5000): square(n % 5)\n"
            "    os._exit(0)\n"
            "square(1)\n"
        )
    )
    trace = run(probe, code)
    parent, child = sorted(trace.processes, key=lambda process: process.forked_at)
    assert [len(lane) for lane in parent.lanes] == [2]
    assert [len(lane) for lane in child.lanes] == [5000]
    assert parent.lanes[0].ends[0] > child.lanes[0].starts[-1]


def test_a_program_that_closes_all_its_files(probe: Instrument) -> None:
    code = SQUARE + (
        "import os\nsquare(1)\nos.closerange(3, 256)\n"
        "for n in range(9_999): square(n % 10)\nopen(os.devnull).read()\n"
    )
    assert calls(run(probe, code)) == 10_000


def test_a_full_disk_ends_the_recording_and_not_the_test(probe: Instrument) -> None:
    limit = tracefile.HEAD_BYTES + 28 * tracefile.PAGE
    code = SQUARE + (
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "assert sum(square(n) >= 0 for n in range(60_000)) == 60_000\n"
    )
    trace = run(probe, code)
    (process,) = trace.processes
    (wrapper,) = process.wrappers.values()
    assert wrapper.stopped == tracefile.UNWRITABLE
    assert 1_000 < calls(trace) < 10_000
    assert calls(trace) + wrapper.counted <= 60_000


def test_a_folder_that_cannot_be_written_is_no_error(probe: Instrument) -> None:
    shutil.rmtree(probe.records)
    trace = run(probe, SQUARE + "assert [square(n) for n in range(5000)][-1] == 4999 ** 2")
    assert trace.processes == ()
    assert trace.delivered.expected == 0


DEAR_LOOKUPS = """
import sys
module = sys.modules[observe.__module__]
calibrated = module.calibrated
module.calibrated = lambda recorder: tuple(5 * each for each in calibrated(recorder))
"""
"""Lookups seem to take so long that what does nothing is cheap on a busy machine, too."""


def test_a_hot_cheap_function_costs_nothing_once_settled(probe: Instrument) -> None:
    code = DEAR_LOOKUPS + (
        "@observe(0)\ndef cheap(n):\n    return n\n"
        "for n in range(1_000_000): cheap(n & 7)\n"
        "assert cheap.__code__ is cheap.__wrapped__.__code__\n"
    )
    trace = run(probe, code)
    (process,) = trace.processes
    assert process.wrappers[1].stopped == tracefile.CHEAP
    assert calls(trace) < 60_000  # a busy machine may make it look dear at the first looks


def test_a_busy_function_is_counted_after_a_while(probe: Instrument) -> None:
    code = SQUARE.replace("sum(range(50)) * 0 + ", "") + (
        "import os, signal\n"
        "def slower(n):\n    return square(n) + square(n + 1)\n"
        "for n in range(400_000): slower(n % 1000)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (process,) = run(probe, code.replace("n * n", "sum((n,) * 16)"), expect=-signal.SIGKILL).processes
    (wrapper,) = process.wrappers.values()
    assert wrapper.stopped == tracefile.BUSY
    assert len(process.lanes[0]) + wrapper.counted == 800_000


def test_a_recursion_is_cut_where_its_function_is_no_more_recorded(probe: Instrument) -> None:
    """The time of counted calls is not that of the recorded ones around them."""
    code = "@observe(0)\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(26)\n"
    (process,) = run(probe, code).processes
    (wrapper,) = process.wrappers.values()
    (lane,) = process.lanes
    assert wrapper.stopped == tracefile.BUSY
    assert wrapper.counted > len(lane)
    assert lane.stops[0] == len(lane) - 1
    assert max(lane.ends[:-1]) <= lane.starts[len(lane) - 1]


def test_counted_calls_are_timed(probe: Instrument) -> None:
    """Also where one raises; an outer call's time has that of those within it."""
    code = (
        "@observe(0)\n"
        "def count(n):\n"
        "    if n < 0: raise ValueError(n)\n"
        "    return spend(10_000) if n == 0 else (count(n - 1), count(n - 1))\n"
        "for _ in range(20):\n    count(12)\n"
        "try: count(-1)\nexcept ValueError: pass\n"
        "count(16)\n"
    )
    (process,) = run(probe, code, before=virtual_time()).processes
    (wrapper,) = process.wrappers.values()
    assert wrapper.stopped == tracefile.BUSY
    assert len(process.lanes[0]) + wrapper.counted == 20 * (2**13 - 1) + 1 + (2**17 - 1)
    assert wrapper.counted_seconds is not None
    # Half of the calls take ten microseconds.
    assert wrapper.counted_seconds > wrapper.counted / 2 * 1e-5


@pytest.mark.slow
def test_ten_million_calls_and_a_kill(probe: Instrument) -> None:
    code = (
        "import os, signal\n"
        "functions = []\n"
        "for slot in range(4):\n"
        "    exec(f'@observe({slot})\\ndef f(n):\\n    return sum((n, n, n, n, n, n, n, n))')\n"
        "    functions.append(f)\n"
        "for n in range(2_500_000):\n"
        "    for f in functions: f(n & 1023)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (process,) = run(probe, code, expect=-signal.SIGKILL).processes
    counted = sum(wrapper.counted for wrapper in process.wrappers.values())
    assert len(process.lanes[0]) + counted == 10_000_000
    assert sum(file.stat().st_size for file in probe.records.iterdir()) < 400 << 20


def test_a_test_that_empties_its_environment_is_still_that_test(probe: Instrument) -> None:
    code = SQUARE + (
        "import os\n"
        "os.environ['PYTEST_CURRENT_TEST'] = 'a.py::one (setup)'\nsquare(1)\n"
        "os.environ['PYTEST_CURRENT_TEST'] = 'a.py::one (call)'\n"
        "kept = dict(os.environ)\nos.environ.clear()\nsquare(2)\nos.environ.update(kept)\n"
        "os.environ['PYTEST_CURRENT_TEST'] = 'a.py::two[\\u00e4\\t(x)] (call)'\nsquare(3)\n"
        "del os.environ['PYTEST_CURRENT_TEST']\nsquare(4)\n"
    )
    (process,) = run(probe, code).processes
    assert list(process.lanes[0].stretches()) == [
        (0, 2, "a.py::one"),
        (2, 3, "a.py::two[ä\t(x)]"),
        (3, 4, ""),
    ]


ORACLE = """
log = []
class Oracle:
    def watch(self, slot, instance, function, wanted, refused):
        log.append(("watch", slot, instance, function.__name__))
        return Watch(wanted)
    def tick(self, now): pass
    def test(self, name): pass
class Watch:
    def __init__(self, wanted): self.wanted = wanted
    def met(self, number, args, kwargs): self.wanted.add(number)
    def before(self, number, args, kwargs):
        __main__.spend(2_000_000)
        log.append(("before", args))
        return len(log)
    def returned(self, token, result, served):
        log.append(("returned", token, result, served))
        return 2000 if served else None
    def raised(self, token, error): log.append(("raised", token, type(error).__name__))
    def cleared(self): log.append(("cleared",))
def begin(stem, let_go):
    return Oracle()
import __main__
"""


def with_oracle(probe: Instrument, code: str) -> None:
    folder = probe.folder / probe.package / "oracle"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "oracle.py").write_text(code)


def test_the_oracle_is_shown_what_it_wants(probe: Instrument) -> None:
    with_oracle(probe, ORACLE)
    code = (
        "import sys\n"
        "@observe(0)\ndef half(n):\n    return 6 // n\n"
        "@observe(1, cache=(8, False))\ndef kept(n):\n    return half(n)\n"
        "kept(2); kept(2)\n"
        "try:\n    half(0)\nexcept ZeroDivisionError: pass\n"
        "kept.cache_clear()\n"
        "for entry in sys.modules['hitrate_x.oracle.oracle'].log: print(entry)\n"
        "assert sys.modules['hitrate_x.oracle.oracle'].log == [\n"
        "  ('watch', 1, 1, 'kept'), ('before', (2,)), ('watch', 0, 2, 'half'), ('before', (2,)),\n"
        "  ('returned', 4, 3, False), ('returned', 2, 3, False), ('before', (2,)),\n"
        "  ('returned', 7, 3, True), ('before', (0,)), ('raised', 9, 'ZeroDivisionError'), ('cleared',)]\n"
    )
    (process,) = run(probe, code, before=virtual_time()).processes
    assert len(process.lanes[0]) == 5  # cache_clear() is the last
    assert max(process.lanes[0].seconds) < 0.001  # the oracle's time is nobody's
    assert list(process.again.values()) == [2e-6]


def test_an_oracle_that_fails_ends_and_the_tests_go_on(probe: Instrument) -> None:
    with_oracle(probe, ORACLE.replace("__main__.spend(2_000_000)", "1 / 0"))
    trace = run(probe, SQUARE + "assert [square(n) for n in (1, 2, 1)] == [1, 4, 1]")
    assert calls(trace) == 3
    assert "ZeroDivisionError" in next(probe.records.glob("*.names")).read_text()


def test_keys_are_let_go_when_there_are_too_many(probe: Instrument) -> None:
    code = SQUARE + (
        "import gc, weakref\n"
        "class Key:\n    pass\n"
        "@observe(1)\ndef keep(key, text):\n    return text[:1]\n"
        "keys = [Key() for _ in range(300)]\n"
        "text = 'x' * (1 << 20)\n"
        "alive = weakref.ref(keys[0])\n"
        "for key in keys: keep(key, text)\n"
        "del keys, key\n"
        "gc.collect()\n"
        "assert alive() is None\n"
    )
    (process,) = run(probe, code).processes
    assert process.wrappers[1].stopped == tracefile.CROWDED


def test_announced_and_received_differ_when_a_file_is_lost(probe: Instrument) -> None:
    run(probe, SQUARE + "square(1)")
    trace = run(probe, SQUARE + "square(2)")
    assert (trace.delivered.expected, trace.delivered.received) == (2, 2)
    next(probe.records.glob("*.trace")).unlink()
    assert (read(probe.records).delivered.expected, read(probe.records).delivered.received) == (2, 1)


def test_spawned_and_forked_workers(probe: Instrument, tmp_path: Path) -> None:
    module = tmp_path / "work.py"
    module.write_text(
        f"{probe.preamble}\nobserve = {deployment.ALIAS}.observe\n{SQUARE}"
        "import multiprocessing, sys\n"
        "if __name__ == '__main__':\n"
        "    for method in ('fork', 'spawn'):\n"
        "        with multiprocessing.get_context(method).Pool(2) as pool:\n"
        "            assert pool.map(square, [1, 2, 3] * 10) == [1, 4, 9] * 10\n"
    )
    done = subprocess.run([sys.executable, str(module)], check=False, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0
    trace = read(probe.records)
    assert calls(trace) == 60
    assert trace.delivered.received == trace.delivered.expected
