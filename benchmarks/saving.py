"""What the trace of one observed run says that a cache saves, or that one which is there saves, and what they save.

python benchmarks/saving.py [--pairs N] [--load N] [--kinds FROM:TO]

Functions of several kinds, each in a test suite of its own that spends much of its time in it. Plain and cached runs in
turn, CPU time; the prediction is that of one observed run, the oracle included. It holds if it is within 15 % of what
was measured or the interval that comes with it covers that, give or take two standard errors. ``--load`` keeps so many
processes busy beside it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hitrate.analysis.screener import BatchScreener
from hitrate.change.discovery import named_functions
from hitrate.patching.patcher import SourcePatcher
from hitrate.progress.progress import Silent
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Suite
from hitrate.trace.deployment import ProbePart

MAXSIZE = 512
NEAR = 0.15
COMMAND = "python -m pytest -q -p no:cacheprovider"


@dataclass(frozen=True)
class Kind:
    """A function, how it is called, and whether it has a cache already."""

    source: str
    calls: str
    has_cache: bool = False

    def module(self, *, cached: bool) -> str:
        """The function's module."""
        cache = f"@functools.lru_cache(maxsize={MAXSIZE})\n" if cached else ""
        return f"import functools\n{textwrap.dedent(self.source).replace('def work', cache + 'def work')}"


KINDS = {
    "20 us, many keys": Kind(
        """
        def work(text):
            return tuple(sorted(word.strip().lower() for word in text.split(",")))
        """,
        "for n in range(60_000): work(f'{n % 400}, B, a,' * 5)",
    ),
    "2 us, few keys": Kind(
        """
        def work(number):
            return sum(map(int, str(number ** 9)))
        """,
        "for n in range(400_000): work(n % 50)",
    ),
    "2 ms, 30 calls": Kind(
        """
        def work(number):
            return sum(step * number % 7 for step in range(600_000))
        """,
        "for n in range(30): work(n % 6)",
    ),
    "calls another 1,000 times": Kind(
        """
        def part(number):
            return number * 7 % 11

        def work(number):
            return sum(part(number + step) for step in range(1_000))
        """,
        "for n in range(10_000): work(n % 20)",
    ),
    "recursive, 20,000 calls": Kind(
        """
        def work(number):
            return number if number < 2 else work(number - 1) + work(number - 2)
        """,
        "work(19)",
    ),
    "recursive, 3 million calls": Kind(
        """
        def work(number):
            return number if number < 2 else work(number - 1) + work(number - 2)
        """,
        "work(30)",
    ),
    "recursive by a generator": Kind(
        """
        SIZES = (2, 5, 10, 23)

        def work(number):
            return 0 if number <= 0 else 1 + min(work(number - size) for size in SIZES)
        """,
        "for n in (12, 23, 30, 36, 40, 42, 44): work(n)",
    ),
    "has a cache: 3 us": Kind(
        """
        def work(text):
            return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)
        """,
        "for n in range(300_000): work(f'Div{n % 100}')",
        has_cache=True,
    ),
    "has a cache: an addition": Kind(
        """
        def work(number):
            return number + 1
        """,
        "for n in range(2_000_000): work(n % 50)",
        has_cache=True,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--load", type=int, default=0, help="processes that are busy beside it")
    parser.add_argument("--kinds", default=":", help="which of the kinds, as Python slices a list")
    options = parser.parse_args()
    first, _, last = options.kinds.partition(":")
    chosen = list(KINDS.items())[int(first or 0) : int(last or len(KINDS))]
    print(
        f"{'':28}{'plain run':>10}{'predicted (interval)':>30}{'measured (± standard error)':>30}"
        f"{'ratio':>7}  holds"
    )
    with busy(options.load):
        for name, kind in chosen:
            with tempfile.TemporaryDirectory() as folder:
                print(f"{name:28}{compared(kind, Path(folder), options.pairs)}", flush=True)


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep so many processors busy."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def compared(kind: Kind, folder: Path, pairs: int) -> str:
    """Prediction and measurement of one kind, as a line."""
    tree = folder / "tree"
    tree.mkdir()
    module = tree / "module.py"
    module.write_text(kind.module(cached=kind.has_cache))
    (tree / "test_module.py").write_text(f"from module import work\n\ndef test_work():\n    {kind.calls}\n")
    suite = Suite(COMMAND, tree, os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    (function,) = named_functions(tree, ["module.py::work"]).functions
    with SourcePatcher(tree) as patcher:
        testrun.run(suite, bytecode=folder / "warm")
        screener = BatchScreener(
            patcher, suite, folder, Silent(), parts=(ProbePart.ORACLE,), warm=folder / "warm"
        )
        (evidence,) = screener.screen([function], maxsize=MAXSIZE, run_name="observed").evidence
    spent: dict[bool, list[float]] = {True: [], False: []}
    for cached in [False, True] * (1 + pairs):  # the first ones compile
        module.write_text(kind.module(cached=cached))
        spent[cached].append(testrun.run(suite, bytecode=folder / f"cached-{cached}").cpu_seconds)
    saved = [plain - cached for plain, cached in zip(spent[False][1:], spent[True][1:], strict=True)]
    measured, predicted = statistics.fmean(saved), evidence.saved_seconds or 0.0
    error = statistics.stdev(saved) / pairs**0.5
    plain = statistics.fmean(spent[False][1:])
    low = predicted if evidence.saved_low is None else evidence.saved_low
    high = predicted if evidence.saved_high is None else evidence.saved_high
    near = abs(predicted - measured) <= NEAR * abs(measured)
    holds = near or low - 2 * error <= measured <= high + 2 * error
    return (
        f"{plain:8.2f} s{f'{predicted:.3f} s ({low:.3f} to {high:.3f})':>30}{measured:21.3f} ± {error:.3f} s"
        f"{predicted / measured:7.2f}  {'yes' if holds else 'NO'}"
    )


if __name__ == "__main__":
    main()
