"""How large memory of a large suite is, and how long it takes to read it and to choose tests by it.

    python benchmarks/memory_size.py [--tests N] [--functions N]

Tests are made up: each reaches some functions that all of a file reach, some that few reach, and the modules around.
"""

import argparse
import time
from random import Random

from hitrate.memory.document import from_bytes, to_bytes
from hitrate.memory.imports import Imports
from hitrate.memory.model import WHOLE, Memory, Piece
from hitrate.memory.pieces import BOUND, OUTSIDE
from hitrate.memory.selection import Wanted, choose

PER_FILE = 10
"""Functions of a module."""
TESTS_PER_FILE = 25
NAMES_PER_FILE = 12


def made_up(tests: int, functions: int) -> Memory:
    """Memory of a suite of that size."""
    random = Random(19)
    modules = [f"src/package/module_{number}.py" for number in range(functions // PER_FILE)]
    suites = [f"tests/test_{number}.py" for number in range(tests // TESTS_PER_FILE)]
    outside = [Piece(path, OUTSIDE) for path in (*modules, *suites)]
    bodies = [Piece(path, f"function_{at}") for path in modules for at in range(PER_FILE)]
    pieces = (*outside, *bodies)
    sources = {
        path: {OUTSIDE: f"{random.getrandbits(64):016x}", WHOLE: f"{random.getrandbits(64):016x}"}
        for path in modules
    }
    for path, name in bodies:
        sources[path][name] = f"{random.getrandbits(64):016x}"
        sources[path][f"{BOUND}{name}"] = f"{random.getrandbits(64):016x}"
    for path in modules:
        bound = {f"{BOUND}imported_{at}": f"{random.getrandbits(64):016x}" for at in range(NAMES_PER_FILE)}
        sources[path] |= bound
    sources |= {path: {OUTSIDE: "0", WHOLE: "0"} for path in suites}
    reached = {}
    for number in range(tests):
        suite = number // TESTS_PER_FILE
        near = Random(suite)
        imported = {*near.sample(range(len(modules)), min(60, len(modules))), len(modules) + suite}
        shared = near.sample(range(len(outside), len(pieces)), min(60, functions))
        own = random.sample(range(len(outside), len(pieces)), min(random.randrange(5, 80), functions))
        reached[f"{suites[suite]}::test_number_{number}"] = tuple(sorted({*imported, *shared, *own}))
    files = {path: (len(modules) + at,) for at, path in enumerate(suites)}
    imports = {path: tuple(random.sample(modules, min(8, len(modules)))) for path in (*modules, *suites)}
    return Memory("0" * 40, 0, "c", 60.0, 60.0, sources, pieces, reached, files, (), imports)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tests", type=int, default=10_000)
    parser.add_argument("--functions", type=int, default=5_000)
    given = parser.parse_args()
    content = to_bytes(made_up(given.tests, given.functions))
    began = time.process_time()
    memory = from_bytes(content)
    read = time.process_time()
    wanted = Piece("src/package/module_0.py", "function_0")
    imports = {path: Imports(frozenset(each or ())) for path, each in memory.imports.items()}
    now = {**memory.sources, wanted.path: {**memory.sources[wanted.path], WHOLE: "1", wanted.name: "1"}}
    choice = choose(memory, now, memory.circumstances, Wanted.that_call({wanted}, imports), imports)
    chosen = time.process_time()
    print(
        f"{given.tests} tests × {given.functions} functions: {len(content) / 1e6:.1f} MB, read in "
        f"{read - began:.2f} s, {choice.remembered(memory)} tests chosen in {chosen - read:.2f} s"
    )


if __name__ == "__main__":
    main()
