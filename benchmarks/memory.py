"""What memory of the base saves on commits in a row, and whether it changes anything that is said.

    python benchmarks/memory.py CLONE [CLONE ...] --python PYTHON [--commits N] [--command COMMAND]

CLONE is the folder of a git clone with its history; PYTHON an interpreter with what its tests need, and without
the project itself. Memory is written once, at the parent of the first of the last N commits that touch a function
outside of tests; then each of these is measured as a pull request against its parent, with memory and without.

Per commit: suite-equivalents with and without, the tests that were run, and whether verdict, calls, hits and
misses of every changed function are the same. Calls are recorded in both runs, so that equal calls mean that no
test which calls a changed function was left out.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.integration.repositories import git, hitrate  # noqa: E402

LOOKED_AT = 20
"""Commits at most for each that changes a function."""


def commits(tree: Path, number: int) -> Iterator[str]:
    """The last commits that change Python files outside of tests, oldest first."""
    names = git(
        tree,
        *("log", "--first-parent", "--no-merges", f"-{number * LOOKED_AT}", "--format=%H"),
        *("--", "*.py", ":(exclude)*test*"),
    )
    yield from reversed(names.split()[:number])


def measured(
    tree: Path, place: Path, environment: dict[str, str], options: Sequence[str]
) -> dict[str, Any] | None:
    """The report of one pull request; None where there is none."""
    place.unlink(missing_ok=True)
    done = hitrate(tree, "run", "--base", "HEAD~1", "--json", str(place), *options, **environment)
    if not place.exists():
        print("   ", (done.stderr.strip().splitlines() or ["no report"])[-1][:150])
        return None
    told: dict[str, Any] = json.loads(place.read_text())
    return told


def figures(report: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    """What is said of each function."""
    keys = ("verdict", "calls", "hits", "misses")
    return {
        f"{each['path']}::{each['qualname']}": tuple(each[key] for key in keys)
        for each in report["functions"]
    }


def row(with_: dict[str, Any], without: dict[str, Any]) -> tuple[float, float, int, int]:
    """Both costs, functions, and those of which something else is said; printed."""
    memory, one, other = with_["suite"]["memory"], figures(with_), figures(without)
    differing = [name for name, told in one.items() if told != other[name]]
    cost = [each["suite"]["suite_equivalents"] or 0.0 for each in (with_, without)]
    ran = f"{memory['run']}/{memory['tests']}" if memory else "no memory"
    why = memory["everything"] if memory and memory["everything"] else ""
    print(
        f"    {cost[0]:5.2f} {cost[1]:5.2f}  {ran:>11}  {len(one)} functions, {len(differing)} differ  {why}",
        flush=True,
    )
    for name in differing:
        print(f"      {name}: {one[name]} with, {other[name]} without")
    return cost[0], cost[1], len(one), len(differing)


def project(
    clone: Path, python: Path, number: int, command: str, scratch: Path
) -> list[tuple[float, float, int, int]]:
    """All rows of one project."""
    tree, kept, place = scratch / "tree", scratch / "memory", scratch / "report.json"
    subprocess.run(["git", "clone", "-q", str(clone), str(tree)], check=True)
    chosen = list(commits(tree, number))
    path = f"{python.parent}:/usr/local/bin:/usr/bin:/bin"
    environment = {"PATH": path, "PYTHONPATH": f"{ROOT / 'src'}:{tree}:{tree / 'src'}"}
    options = ["--test-command", command]
    git(tree, "checkout", "-q", f"{chosen[0]}~1")
    done = hitrate(tree, "run", "--base", "HEAD", "--memory", str(kept), *options, **environment)
    print(done.stderr.strip().splitlines()[-1:] or done.stdout.strip().splitlines()[-1:], flush=True)
    rows = []
    for sha in chosen:
        git(tree, "checkout", "-q", sha)
        print(f"  {sha[:10]} {git(tree, 'log', '-1', '--format=%s').strip()[:70]}", flush=True)
        with_ = measured(tree, place, environment, [*options, "--memory", str(kept)])
        if with_ is None or not any(each["verdict"] != "ineligible" for each in with_["functions"]):
            print("    nothing to measure")
            continue
        without = measured(tree, place, environment, options)
        if without is not None:
            rows.append(row(with_, without))
    return rows


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clones", nargs="+", type=Path)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    parser.add_argument("--commits", type=int, default=10)
    parser.add_argument("--command", default="python -m pytest -q -p no:cacheprovider")
    given = parser.parse_args()
    rows = []
    for clone in given.clones:
        print(clone.name if clone.name != "repo" else clone.parent.name)
        with tempfile.TemporaryDirectory() as scratch:
            rows += project(clone.resolve(), given.python, given.commits, given.command, Path(scratch))
    if rows:
        print(f"{len(rows)} pull requests, {sum(each[2] for each in rows)} functions")
        for name, at in (("with", 0), ("without", 1)):
            costs = [each[at] for each in rows]
            print(
                f"suite-equivalents {name} memory: median {statistics.median(costs):.2f}, worst {max(costs):.2f}"
            )
        print(f"functions of which something else is said: {sum(each[3] for each in rows)}")


if __name__ == "__main__":
    main()
