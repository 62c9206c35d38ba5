"""What memory of the base saves on commits in a row, and whether it changes anything that is said.

    python benchmarks/memory.py CLONE [CLONE ...] --python PYTHON [--commits N] [--command COMMAND]

CLONE is the folder of a git clone with its history; PYTHON an interpreter with what its tests need, and without
the project itself. Memory is written once, at the parent of the first of the last N commits that touch a function
outside of tests; then each of these is measured as a pull request against its parent, with memory and without.

Per commit: suite-equivalents with and without, the tests that were run, whether verdict, calls, hits and misses of
every changed function are the same, and tests left out: those that call a changed function in a plain run of all tests
(`calls.py` sees to that, CPython 3.12 and later) and were not run with memory. The last lines are a table for docs.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.integration.repositories import git, hitrate  # noqa: E402

from hitrate.source import definitions  # noqa: E402

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


@dataclass(frozen=True, slots=True)
class Row:
    """One pull request.

    Attributes:
        with_memory: Suite-equivalents.
        without: The same without memory.
        share: Of the tests that were run.
        functions: How many were measured.
        differing: Those of which something else is said.
        callers: Tests that call one of them.
        left_out: Those of them that were not run.
    """

    with_memory: float
    without: float
    share: float
    functions: int
    differing: int
    callers: int
    left_out: int


def callers(
    tree: Path, place: Path, report: dict[str, Any], command: str, environment: dict[str, str]
) -> set[str]:
    """Tests that call a changed function, by a plain run of all of them."""
    functions = []
    for each in report["functions"]:
        if each["verdict"] != "ineligible":
            source = definitions.read(tree / each["path"])
            definition = source.by_place[each["qualname"], each["line"]]
            functions.append([str(tree / each["path"]), definition.first_line])
    place.write_text(json.dumps({"functions": functions}), "utf-8")
    subprocess.run(
        ["bash", "-c", command],
        cwd=tree,
        env={**environment, "HITRATE_CALLS": str(place)},
        capture_output=True,
        check=False,
    )
    return seen_by(place, "called")


def seen_by(place: Path, kind: str) -> set[str]:
    """What the plugin wrote."""
    written = Path(f"{place}.{kind}")
    return set(json.loads(written.read_text("utf-8"))) if written.exists() else set()


def row(with_: dict[str, Any], without: dict[str, Any], calling: set[str], ran: set[str]) -> Row:
    """What is to be told of a pull request; printed."""
    memory, one, other = with_["suite"]["memory"], figures(with_), figures(without)
    differing = [name for name, told in one.items() if told != other[name]]
    cost = [each["suite"]["suite_equivalents"] or 0.0 for each in (with_, without)]
    everything = bool(memory["everything"]) if memory else True
    left_out = sorted(calling - ran) if not everything else []
    run = f"{memory['run']}/{memory['tests']}" if memory else "no memory"
    print(
        f"    {cost[0]:5.2f} {cost[1]:5.2f}  {run:>11}  {len(one)} functions, {len(differing)} differ, "
        f"{len(calling)} tests call them, {len(left_out)} left out  {(memory or {}).get('everything') or ''}",
        flush=True,
    )
    for name in differing:
        print(f"      {name}: {one[name]} with, {other[name]} without")
    for test in left_out:
        print(f"      left out: {test}")
    share = memory["run"] / memory["tests"] if memory else 1.0
    return Row(cost[0], cost[1], share, len(one), len(differing), len(calling), len(left_out))


def project(clone: Path, python: Path, number: int, command: str, scratch: Path) -> list[Row]:
    """All rows of one project."""
    tree, kept, place = scratch / "tree", scratch / "memory", scratch / "report.json"
    subprocess.run(["git", "clone", "-q", str(clone), str(tree)], check=True)
    chosen = list(commits(tree, number))
    calls = scratch / "calls.json"
    calls.write_text('{"functions": []}', "utf-8")
    path = f"{python.parent}:/usr/local/bin:/usr/bin:/bin"
    found = f"{ROOT / 'src'}:{ROOT / 'benchmarks'}:{tree}:{tree / 'src'}"
    environment = {"PATH": path, "PYTHONPATH": found, "HITRATE_CALLS": str(calls)}
    command = f"{command} -p calls"
    options = ["--test-command", command]
    git(tree, "checkout", "-q", f"{chosen[0]}~1")
    done = hitrate(tree, "run", "--base", "HEAD", "--memory", str(kept), *options, **environment)
    print(done.stderr.strip().splitlines()[-1:] or done.stdout.strip().splitlines()[-1:], flush=True)
    rows = []
    for sha in chosen:
        git(tree, "checkout", "-q", sha)
        print(f"  {sha[:10]} {git(tree, 'log', '-1', '--format=%s').strip()[:70]}", flush=True)
        calls.write_text('{"functions": []}', "utf-8")
        for seen in ("ran", "called"):
            Path(f"{calls}.{seen}").unlink(missing_ok=True)
        with_ = measured(tree, place, environment, [*options, "--memory", str(kept)])
        ran = seen_by(calls, "ran")
        if with_ is None or not any(each["verdict"] != "ineligible" for each in with_["functions"]):
            print("    nothing to measure")
            continue
        without = measured(tree, place, environment, options)
        if without is not None:
            rows.append(row(with_, without, callers(tree, calls, with_, command, environment), ran))
    return rows


def table(rows: dict[str, list[Row]]) -> Iterator[str]:
    """What was measured, for docs/memory.md."""
    yield "| project | pull requests | functions | tests run | with memory | without | something else said | callers left out |"
    yield "|---|---|---|---|---|---|---|---|"
    everything = [row for each in rows.values() for row in each]
    for name, found in (*rows.items(), ("all", everything)):
        share = statistics.median(row.share for row in found)
        with_ = [row.with_memory for row in found]
        without = [row.without for row in found]
        yield (
            f"| {name} | {len(found)} | {sum(row.functions for row in found)} | {share:.0%} "
            f"| {statistics.median(with_):.2f} ({min(with_):.2f}–{max(with_):.2f}) "
            f"| {statistics.median(without):.2f} ({min(without):.2f}–{max(without):.2f}) "
            f"| {sum(row.differing for row in found)} "
            f"| {sum(row.left_out for row in found)} of {sum(row.callers for row in found)} |"
        )


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
    rows: dict[str, list[Row]] = {}
    for clone in given.clones:
        name = clone.name if clone.name != "repo" else clone.parent.name.replace("+", "/")
        print(name)
        with tempfile.TemporaryDirectory() as scratch:
            found = project(clone.resolve(), given.python, given.commits, given.command, Path(scratch))
        if found:
            rows[name] = found
    if rows:
        print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
