"""What Hitrate itself takes for many functions: one synthetic trace each, in processes of their own.

python benchmarks/many.py [--calls N]            CPU seconds and peak memory of reading and evidence, for 1, 20,
                                                 200 and 2,000 functions that are called N times in all
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hitrate.replay.prediction import Appraisal, Subject
from hitrate.source.function import Function
from hitrate.trace import deployment
from hitrate.trace.reader import read

COUNTS = (1, 20, 200, 2_000)
PROGRAM = """
import sys
observe = _hitrate_probe.observe
functions, calls = map(int, sys.argv[1:])
def make(slot):
    def function(n):
        return below(n) if n % 2 else n
    below = made[-1] if slot % 2 else str
    return observe(slot)(function)
made = []
for slot in range(functions):
    made.append(make(slot))
for number in range(calls):
    made[number % functions](number // functions % 97)
"""


def measure(records: Path, functions: int) -> None:
    """Print what evidence takes; the figures are of this process, the interpreter's own time included."""
    began = time.process_time()
    trace = read(records)
    subjects = [Subject(Function("a.py", f"f{slot}", slot + 1)) for slot in range(functions)]
    evidence = Appraisal(trace, subjects, 128).evidence()
    took = time.process_time() - began
    calls = sum(len(lane) for process in trace.processes for lane in process.lanes)
    seen = sum(bool(item.calls) for item in evidence)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{functions:6,} {seen:6,} {calls:10,} {took:8.2f} s {peak:8.0f} MB {calls / took:12,.0f} /s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--calls", type=int, default=400_000)
    parser.add_argument("--one", nargs=2, metavar=("RECORDS", "FUNCTIONS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measure(Path(given.one[0]), int(given.one[1]))
        return
    print("observed called     recorded      CPU        peak        calls", flush=True)
    for functions in COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            probe = deployment.recording(Path(folder) / "run", "x")
            program = f"{probe.preamble}\n{PROGRAM}"
            subprocess.run([sys.executable, "-c", program, str(functions), str(given.calls)], check=True)
            one = ["--one", str(probe.records), str(functions)]
            subprocess.run([sys.executable, __file__, *one], check=True)


if __name__ == "__main__":
    main()
