"""How fast a trace is read and replayed, and in how much memory.

python benchmarks/replay.py [--calls N]          records a second: reading, one function alone, all together
python benchmarks/replay.py --memory             the peak of a process that reads and replays four million calls of
                                                 a thousand keys, a million calls of a million keys, and a hundred
                                                 million calls: 25 processes that recorded four million each, and one
                                                 that made all of them
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
exec(sys.argv[4])
observe = _hitrate_probe.observe
calls, keys = map(int, sys.argv[2:4])
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
EVERYTHING = "economy.FREE = economy.ENOUGH = economy.ENTRIES = 1 << 60"
SHAPES = ("flat", "nested", "recursive")


@contextmanager
def recorded(shape: str, calls: int, keys: int, economy: str = EVERYTHING) -> Iterator[Path]:
    """A folder with the trace of a process that makes such calls, and does this to the recorder's economy."""
    with tempfile.TemporaryDirectory() as folder:
        probe = deployment.recording(Path(folder) / "run", "x")
        program = f"{probe.preamble}\n{PROGRAM}"
        command = [sys.executable, "-c", program, shape, str(calls), str(keys), economy]
        subprocess.run(command, check=True)
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
    for calls, keys in ((4_000_000, 1_000), (1_000_000, 1_000_000)):
        with recorded("flat", calls, keys) as records:
            print(f"{calls:,} calls, {keys:,} keys: ", end="", flush=True)
            apart(records)


def many() -> None:
    """A hundred million calls: what many processes recorded at most, and what one keeps of as many."""
    with recorded("flat", 4_000_000, 1_000) as records:
        (file,) = records.glob("*.trace")
        stems = [f"{number}-0123456789ab" for number in range(1_000, 1_025)]
        for stem in stems:
            (records / f"{stem}.trace").hardlink_to(file)
        (records / "announced").write_text("\n".join(stems) + "\n")
        print("25 processes, 4,000,000 calls recorded in each: ", end="", flush=True)
        apart(records)
    with recorded("flat", 100_000_000, 1_000, "pass") as records:
        print("one process: ", end="", flush=True)
        apart(records)


def apart(records: Path) -> None:
    """Appraise a trace in a process of its own."""
    code = (
        "import resource, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from replay import appraised; appraised(Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent), str(records)], check=True)


def appraised(records: Path) -> None:
    """Read and appraise a trace; print time and peak memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    trace = read(records)
    functions = [ObservedFunction(Function("a.py", f"f{slot}", 1)) for slot in range(3)]
    evidence = Appraisal(trace, functions, 128).evidence()
    calls, spent = sum(item.calls or 0 for item in evidence), time.process_time()
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{calls:,} calls, {count(trace):,} replayed, {spent:.1f} s, {peak:.0f} MB, "
        f"{calls / spent:,.0f} calls a second, {peak * 2**20 / count(trace):.0f} bytes a replayed call",
        flush=True,
    )


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
        many()
    else:
        speed(options.calls)


if __name__ == "__main__":
    main()
