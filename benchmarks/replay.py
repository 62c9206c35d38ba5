"""How fast a trace is read and replayed, and in how much memory.

python benchmarks/replay.py [--calls N]          records a second: reading, one function alone, all together
python benchmarks/replay.py --memory             the peak of a process that reads and replays ten million calls of
                                                 a thousand keys, and a million calls of a million keys
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hitrate.replay.prediction import Appraisal, ObservedFunction
from hitrate.replay.replay import Replay
from hitrate.source.function import Function
from hitrate.trace import deployment
from hitrate.trace.reader import Trace, read

PROGRAM = """
import sys
economy = _hitrate_probe.economy
economy.FREE = economy.ENOUGH = economy.ENTRIES = 1 << 60
observe = _hitrate_probe.observe
calls, keys = map(int, sys.argv[2:])
@observe(0)
def leaf(n): return n
@observe(1)
def middle(n): return leaf(n) + leaf(n + 1)
@observe(2)
def outer(n): return middle(n) + middle(n + 1)
@observe(3)
def recursive(n): return n if n < 2 else recursive(n - 1) + recursive(n - 2)
if sys.argv[1] == "flat":
    for n in range(calls): leaf(n * 7919 % keys)
elif sys.argv[1] == "nested":
    for n in range(calls // 7): outer(n * 7919 % keys)
else:
    for n in range(calls // 21891): recursive(20)
"""
SHAPES = ("flat", "nested", "recursive")


@contextmanager
def recorded(shape: str, calls: int, keys: int) -> Iterator[Path]:
    """A folder with the trace of a process that makes such calls."""
    with tempfile.TemporaryDirectory() as folder:
        probe = deployment.recording(Path(folder) / "run", "x")
        program = f"{probe.preamble}\n{PROGRAM}"
        subprocess.run([sys.executable, "-c", program, shape, str(calls), str(keys)], check=True)
        yield probe.records


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def count(trace: Trace) -> int:
    return sum(len(lane) for process in trace.processes for lane in process.lanes)


def speed(calls: int) -> None:
    for shape in SHAPES:
        with recorded(shape, calls, 1_000) as records:
            reading = seconds(lambda records=records: read(records))  # type: ignore[misc]
            trace = read(records)
        number, replay = count(trace), Replay(trace)
        slots = sorted({wrapper.slot for process in trace.processes for wrapper in process.wrappers.values()})
        together = dict.fromkeys(slots, 128)
        list(replay.calls_of(slots[0]))  # the calls of one function are picked out once, for all sizes
        replay.play(together)
        alone = seconds(lambda replay=replay, slot=slots[0]: replay.play({slot: 128}))  # type: ignore[misc]
        own = sum(len(lane) for process in replay.calls_of(slots[0]) for lane in process.lanes)
        both = seconds(lambda replay=replay, sizes=together: replay.play(sizes))  # type: ignore[misc]
        subjects = [ObservedFunction(Function("a.py", f"f{slot}", 1)) for slot in range(max(slots) + 1)]
        whole = seconds(lambda trace=trace, on=subjects: Appraisal(trace, on, 128).evidence())  # type: ignore[misc]
        print(
            f"{shape:10} {number:,} calls: read {number / reading / 1e6:.2f}, replayed alone "
            f"{own / alone / 1e6:.2f}, together {number / both / 1e6:.2f} million a second; "
            f"all evidence in {whole / number * 1e6:.2f} µs a call"
        )


def memory() -> None:
    for calls, keys in ((10_000_000, 1_000), (1_000_000, 1_000_000)):
        with recorded("flat", calls, keys) as records:
            code = (
                "import resource, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
                "from replay import appraised; appraised(Path(sys.argv[2]))"
            )
            command = [sys.executable, "-c", code, str(Path(__file__).parent), str(records)]
            print(f"{calls:,} calls, {keys:,} keys: ", end="", flush=True)
            subprocess.run(command, check=True)


def appraised(records: Path) -> None:
    """Read and appraise a trace; print time and peak memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    trace = read(records)
    Appraisal(trace, [ObservedFunction(Function("a.py", "f", 1))], 128).evidence()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{time.process_time():.1f} s, {peak / 1024:.0f} MB, {peak * 1024 / count(trace):.0f} bytes a call")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if options.memory:
        memory()
    else:
        speed(options.calls)


if __name__ == "__main__":
    main()
