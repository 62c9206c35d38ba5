"""What the trace of one observed run says that a cache saves, and what real caches save.

python benchmarks/saving.py [--pairs N]

Functions of several kinds, each in a test suite of its own that spends much of its time in it. Plain and cached runs in
turn, CPU time; the prediction is that of one observed run, the oracle included.
"""

import argparse
import os
import statistics
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path

from hitrate import testrun
from hitrate.discovery import named_functions
from hitrate.patch import SourcePatcher, cached
from hitrate.progress import Silent
from hitrate.screen import ORACLE, BatchScreener
from hitrate.seed import seed
from hitrate.testrun import Suite

MAXSIZE = 512
COMMAND = "python -m pytest -q -p no:cacheprovider"


@dataclass(frozen=True)
class Kind:
    """A function and how it is called."""

    source: str
    calls: str


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
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    print(f"{'':28}{'plain run':>10}{'predicted':>11}{'measured (± standard error)':>30}{'ratio':>7}")
    for name, kind in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            print(f"{name:28}{compared(kind, Path(folder), options.pairs)}", flush=True)


def compared(kind: Kind, folder: Path, pairs: int) -> str:
    """Prediction and measurement of one kind, as a line."""
    tree = folder / "tree"
    tree.mkdir()
    (tree / "module.py").write_text(textwrap.dedent(kind.source))
    (tree / "test_module.py").write_text(f"from module import work\n\ndef test_work():\n    {kind.calls}\n")
    suite = Suite(COMMAND, tree, os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    (function,) = named_functions(tree, ["module.py::work"]).functions
    plain, saved = [], []
    with SourcePatcher(tree) as patcher:
        testrun.run(suite, bytecode=folder / "warm")
        seed(folder / "cached", folder / "warm", {function.path})
        screener = BatchScreener(patcher, suite, folder, Silent(), companions=ORACLE, warm=folder / "warm")
        (evidence,) = screener.screen([function], maxsize=MAXSIZE, run_name="observed").evidence
        for _ in range(pairs):
            plain.append(testrun.run(suite, bytecode=folder / "warm").cpu_seconds)
            patcher.apply([cached(function.path, function.qualname, function.line, MAXSIZE)])
            saved.append(plain[-1] - testrun.run(suite, bytecode=folder / "cached").cpu_seconds)
            patcher.apply(())
    measured, predicted = statistics.fmean(saved), evidence.saved_seconds or 0.0
    error = statistics.stdev(saved) / pairs**0.5
    return f"{statistics.fmean(plain):8.2f} s{predicted:9.3f} s{measured:21.3f} ± {error:.3f} s{predicted / measured:7.2f}"


if __name__ == "__main__":
    main()
