"""What recording costs.

python benchmarks/probe.py calls                   a recorded call, under every interpreter on PATH
python benchmarks/probe.py hot                     a function of some 50 ns, called ten million times
python benchmarks/probe.py memory               of the process and on disk: ten million calls, a million keys

What it costs the test suites of real projects, benchmarks/corpus/run.py tells.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hitrate.trace import deployment

CALLS = """
import time
economy = _hitrate_probe.economy
clock = time.process_time_ns
ROUNDS, CALLS = 40, 5_000
def one(n): return n
def two(a, b): return a
class C:
    def method(self, n): return n
def measured(call, *arguments, **named):
    best = []
    for _ in range(ROUNDS):
        began = clock()
        for _ in range(CALLS): call(*arguments, **named)
        best.append((clock() - began) / CALLS)
    return sorted(best)[ROUNDS // 4]
def cost(function, *arguments, **named):
    economy.ENOUGH = economy.FREE = 1 << 60  # nothing settles while it is measured
    return measured(observe(0)(function), *arguments, **named) - measured(function, *arguments, **named)
things = C()
names = [("f(int)", one, (1,), {}), ("f(a, b)", two, (1, 2), {}), ("method", C.method, (things, 1), {}),
         ("keyword", one, (), {"n": 1}), ("f(float)", one, (1.5,), {})]
print("  ".join("%s %4.0f ns" % (name, cost(f, *a, **k)) for name, f, a, k in names), end="  ")
fresh = observe(1)(one)
began = clock()
for n in range(100_000): fresh(n)
print("new key %4.0f ns" % ((clock() - began) / 100_000))
"""

HOT = """
import time
def plain(n): return n
@observe(0)
def hot(n): return n
def timed(function):
    began = time.process_time()
    for n in range(10_000_000): function(7)
    return time.process_time() - began
timed(plain)
before, observed, after = timed(plain), timed(hot), timed(plain)
bare = (before + after) / 2
print("plain %.3f s, observed %.3f s, extra %.3f s" % (bare, observed, observed - bare))
"""

MEMORY = """
import resource, sys
def size(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
economy = _hitrate_probe.economy
economy.FREE = economy.ENOUGH = 1 << 60
@observe(0)
def function(n): return sum((n, n, n))
before = size()
calls, keys = map(int, sys.argv[1:])
for n in range(calls): function(n % keys)
print("%.0f MB" % (size() - before))
"""


def main() -> None:
    """Run one of the benchmarks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("calls", "hot", "memory"):
        commands.add_parser(name)
    options = parser.parse_args()
    match options.command:
        case "calls":
            for interpreter in interpreters():
                print(version(interpreter), run(interpreter, CALLS)[0])
        case "hot":
            for interpreter in interpreters():
                print(version(interpreter), run(interpreter, HOT)[0])
        case "memory":
            for calls, keys in ((10_000_000, 1_000), (1_000_000, 1_000_000)):
                memory, disk = run(sys.executable, MEMORY, str(calls), str(keys))
                print(
                    f"{calls:,} calls, {keys:,} keys: {memory} more in the process, {disk / 1e6:.0f} MB on disk"
                )


def interpreters() -> list[str]:
    """This interpreter, and those of other versions on PATH that work."""
    named = [shutil.which(f"python3.{minor}") for minor in range(8, 16)]
    working = [
        path for path in named if path and not subprocess.run([path, "-c", ""], check=False).returncode
    ]
    return sorted({os.path.realpath(path) for path in (*working, sys.executable)})


def version(interpreter: str) -> str:
    code = "import sys; print('CPython %d.%d.%d' % sys.version_info[:3], end='')"
    return (
        f"{subprocess.run([interpreter, '-c', code], capture_output=True, text=True, check=True).stdout:16}"
    )


def run(interpreter: str, code: str, *arguments: str) -> tuple[str, int]:
    """Run code under the recorder; what it printed, and the bytes that the recorder wrote."""
    with tempfile.TemporaryDirectory() as folder:
        probe = deployment.recording(Path(folder) / "run", "x")
        program = f"{probe.preamble}\nobserve = _hitrate_probe.observe\n{code}"
        done = subprocess.run(
            [interpreter, "-c", program, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip(), sum(file.stat().st_size for file in probe.records.iterdir())


if __name__ == "__main__":
    main()
