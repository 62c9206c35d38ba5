"""Mutation testing of verdict/, hazards/, trials/ and replay/: the share of mutants that the unit tests kill.

    .venv/bin/python .ci/mutation.py [--sample N] [--seed S] [FOLDER ...]

Needs the extra ``mutation``. mutmut makes the mutants and runs those tests that reach each of them; here a
sample is drawn, since all 5,000 take an hour. Prints those that survived, and the share killed by folder;
ends with 1 where it is below GOAL. A mutant that no test reaches counts as alive.
"""

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
MUTANTS = ROOT / "mutants" / "src" / "hitrate"
FOLDERS = ("verdict", "hazards", "trials", "replay")
GOAL = 0.85
SMALLEST = "hitrate.verdict.purpose.*"
SURVIVED, UNREACHED = 0, 33
"""Exit codes as mutmut notes them; any other one means that the tests did not pass."""


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", default=FOLDERS, metavar="FOLDER")
    parser.add_argument("--sample", type=int, default=120, help="mutants of each folder; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    mutmut(SMALLEST)  # makes all mutants, and learns which tests reach them
    chosen = {folder: sample(folder, given.sample, given.seed) for folder in given.folders}
    mutmut(*(name for names in chosen.values() for name in names))
    shares = [told(folder, names) for folder, names in chosen.items()]
    return int(min(shares) < GOAL)


def mutmut(*names: str) -> None:
    """Let the tests run against these mutants; what came of it is noted beside them."""
    subprocess.run([Path(sys.executable).with_name("mutmut"), "run", *names], cwd=ROOT, check=True)


def noted(folder: str) -> Iterator[tuple[str, int | None]]:
    """The mutants of a folder, each with the exit code of the tests that ran against it."""
    for file in sorted((MUTANTS / folder).rglob("*.meta")):
        yield from json.loads(file.read_text())["exit_code_by_key"].items()


def sample(folder: str, number: int, seed: int) -> Sequence[str]:
    """So many mutants of a folder, or all."""
    names = sorted(name for name, _ in noted(folder))
    generator = random.Random(seed)  # noqa: S311 - a sample that can be drawn again
    return generator.sample(names, min(number, len(names))) if number else names


def told(folder: str, names: Sequence[str]) -> float:
    """The share of these mutants that was killed, printed with those that were not."""
    codes = dict(noted(folder))
    alive = [name for name in sorted(names) if codes[name] in (SURVIVED, UNREACHED, None)]
    for name in alive:
        print(f"alive: {name}{' (no test reaches it)' if codes[name] == UNREACHED else ''}")
    share = 1 - len(alive) / len(names)
    print(f"{folder}: {share:.1%} of {len(names)} mutants killed")
    return share


if __name__ == "__main__":
    sys.exit(main())
