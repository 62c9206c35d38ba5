"""What memory of the base saves on commits in a row, and whether it changes anything that is said.

    python benchmarks/memory.py --mirrors DIR --work DIR --python PYTHON [--only PART …] [--at-most N]

`benchmarks/memory.json` lists projects whose tests take 5 to 60 seconds, how they are installed, and a day. Of each,
the last commits of the main branch up to that day are taken, in a row, that change the code of a function that may
carry a cache: ten of them. A merge is one, compared with what it was merged into. DIR holds a git repository of each, as
OWNER+NAME/repo; PYTHON is CPython 3.12 or later.

Each is measured as a pull request against its parent, with memory that was written there, as pushes to the base branch
write it, and without; and its functions are looked for in the run of all tests that is made without, by a plugin that
knows nothing of Hitrate (`calls.py`). Per commit: suite-equivalents with and without, the tests that were run, whether
verdict, calls, hits and misses of every changed function are the same, and tests left out: those that call a
changed function in that run and were not run with memory. The work folder keeps a row of each commit, so that it
goes on where it ended; the last lines are the table of docs/memory.md.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from git import Repo  # noqa: E402
from tests.integration.repositories import git, hitrate  # noqa: E402

from hitrate.change.comparison import compare  # noqa: E402
from hitrate.change.discovery import changed_functions  # noqa: E402
from hitrate.memory.pieces import digests, is_function  # noqa: E402
from hitrate.source import definitions  # noqa: E402
from projects import is_wanted  # noqa: E402

LISTED = Path(__file__).with_suffix(".json")
COMMITS = 10
FIGURES = ("verdict", "calls", "hits", "misses")


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the list.

    Attributes:
        repository: Owner and name.
        until: The day after which no commit is taken.
        install: Requirements of its tests.
        tests: Further arguments of pytest.
    """

    repository: str
    until: str
    install: tuple[str, ...]
    tests: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One pull request.

    Attributes:
        commit: Its sha.
        subject: What it is about.
        cost: Suite-equivalents with memory, and without, trials included.
        trials: What of these is of trials.
        ran: How many tests were run, of how many.
        everything: Why all were.
        functions: How many were measured.
        differing: Those of which something else is said, and what.
        callers: How many tests call one of them.
        left_out: Those of them that were not run.
        failed: Why there is no report; None where there is one.
    """

    commit: str
    subject: str
    cost: tuple[float, float] = (0.0, 0.0)
    trials: tuple[float, float] = (0.0, 0.0)
    ran: tuple[int, int] = (0, 0)
    everything: str | None = None
    functions: int = 0
    differing: tuple[str, ...] = ()
    callers: int = 0
    left_out: tuple[str, ...] = ()
    failed: str | None = None


class Bench:
    """One project in its work folder: a clone, an environment, memory, and rows."""

    def __init__(self, project: Project, mirrors: Path, work: Path, python: Path) -> None:
        """Make what is not there yet."""
        self.project = project
        self.folder = work.resolve() / project.repository.replace("/", "+")
        self.tree = self.folder / "tree"
        self.rows = self.folder / "rows"
        self.calls = self.folder / "calls.json"
        self.rows.mkdir(parents=True, exist_ok=True)
        if not self.tree.exists():
            mirror = mirrors / self.folder.name / "repo"
            subprocess.run(["git", "clone", "-q", str(mirror), str(self.tree)], check=True)
        chosen = self.folder / "commits.json"
        if not chosen.exists():
            chosen.write_text(json.dumps([*_commits(self.tree, project.until)]), "utf-8")
        self.commits: list[str] = json.loads(chosen.read_text("utf-8"))
        self._command = f"python -m pytest -q -p no:cacheprovider -p calls {project.tests}".strip()
        bin_ = self.folder / "venv" / "bin"
        self._environment = {
            "PATH": f"{bin_}:/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'benchmarks'}",
            "HITRATE_CALLS": str(self.calls),
            "COLUMNS": "",  # rich's tests expect none
        }
        if not bin_.exists():
            git(self.tree, "checkout", "-q", f"{self.commits[0]}~1")
            subprocess.run([python, "-m", "venv", bin_.parent], check=True)
            pip = [bin_ / "python", "-m", "pip", "install", "-q", "-e", self.tree]
            subprocess.run([*pip, *project.install], check=True)

    def _remember(self, parent: str) -> Path:
        """The folder of memory that is written at a commit; without any where its tests fail."""
        kept = self.folder / "memory" / parent
        if not kept.exists():
            self._watch(())
            git(self.tree, "checkout", "-q", parent)
            done = self._hitrate("HEAD", "--memory", str(kept))
            print(*(done.stderr or done.stdout).strip().splitlines()[-1:], flush=True)
        return kept

    def row(self, commit: str) -> Row:
        """Measure a commit, or what is kept of it."""
        place = self.rows / f"{commit}.json"
        if place.exists():
            return Row(**json.loads(place.read_text("utf-8")))
        kept = self._remember(git(self.tree, "rev-parse", f"{commit}~1").strip())
        git(self.tree, "checkout", "-q", commit)
        found = self._measured(commit, kept, git(self.tree, "log", "-1", "--format=%s").strip())
        place.write_text(json.dumps(asdict(found), indent=1), "utf-8")
        return found

    def _measured(self, commit: str, kept: Path, subject: str) -> Row:
        self._watch(())
        with_ = self._report("--memory", str(kept))
        ran = self._seen("ran")
        self._watch(() if isinstance(with_, str) else self._functions(with_))
        without = self._report()
        calling = self._seen("called")
        if isinstance(with_, str) or isinstance(without, str):
            return Row(commit, subject, failed=with_ if isinstance(with_, str) else str(without))
        memory = with_["suite"]["memory"] or {}
        one, other = _figures(with_), _figures(without)
        everything = None if memory.get("run") is not None and not memory["everything"] else "no memory"
        return Row(
            commit,
            subject,
            cost=(with_["suite"]["suite_equivalents"] or 0.0, without["suite"]["suite_equivalents"] or 0.0),
            trials=(_trials(with_["suite"]), _trials(without["suite"])),
            ran=(memory.get("run", 1), memory.get("tests", 1)),
            everything=memory.get("everything") or everything,
            functions=len(one),
            differing=tuple(
                f"{name}: {one[name]}, {other.get(name)}" for name in one if one[name] != other.get(name)
            ),
            callers=len(calling),
            left_out=tuple(sorted(calling - ran)) if not memory.get("everything") else (),
        )

    def _report(self, *options: str) -> dict[str, Any] | str:
        """The report of one pull request; why there is none otherwise."""
        place = self.folder / "report.json"
        place.unlink(missing_ok=True)
        done = self._hitrate("HEAD~1", "--json", str(place), *options)
        if not place.exists():
            return (done.stderr.strip().splitlines() or ["no report"])[-1][:150]
        told: dict[str, Any] = json.loads(place.read_text("utf-8"))
        return told

    def _hitrate(self, base: str, *options: str) -> "subprocess.CompletedProcess[str]":
        command = ("run", "--base", base, "--test-command", self._command, *options)
        return hitrate(self.tree, *command, **self._environment)

    def _functions(self, report: dict[str, Any]) -> list[tuple[str, str]]:
        """The functions that were measured, by their files and names."""
        return [
            (str(self.tree / each["path"]), each["qualname"])
            for each in report["functions"]
            if each["verdict"] != "ineligible"
        ]

    def _watch(self, functions: Sequence[tuple[str, str]]) -> None:
        """Have ``calls.py`` look for these, and forget what it saw."""
        self.calls.write_text(json.dumps({"functions": functions}), "utf-8")
        for kind in ("ran", "called"):
            Path(f"{self.calls}.{kind}").unlink(missing_ok=True)

    def _seen(self, kind: str) -> set[str]:
        written = Path(f"{self.calls}.{kind}")
        return set(json.loads(written.read_text("utf-8"))) if written.exists() else set()


def _commits(tree: Path, until: str) -> Iterator[str]:
    """The last commits that change a function which may carry a cache, oldest first."""
    found: list[str] = []
    log = ("log", "--first-parent", f"--until={until}", "--format=%H", "origin/HEAD", "--", "*.py")
    for commit in git(tree, *log).split():
        if _is_one(tree, commit):
            found.append(commit)
            if len(found) == COMMITS:
                break
    yield from reversed(found)


def _is_one(tree: Path, commit: str) -> bool:
    """Whether a commit changes the code of such a function, and not only what is told about it."""
    git(tree, "checkout", "-q", commit)
    change = compare(Repo(tree), f"{commit}^", None)
    for function in changed_functions(tree, change.files).functions:
        if function.ineligible is None:
            before = _code(
                git(tree, "ls-tree", "-r", "--name-only", f"{commit}^", "--", function.path)
                and git(tree, "show", f"{commit}^:{function.path}")
            )
            after = _code((tree / function.path).read_text("utf-8"))
            if before.get(function.qualname) != after.get(function.qualname):
                return True
    return False


def _code(text: str) -> dict[str, str]:
    """Digests of the functions of a file, docstrings aside."""
    try:
        found = digests(definitions.parse(text.encode()))
    except definitions.SourceError:
        return {}
    return {name: code for name, code in found.items() if is_function(name)}


def _trials(suite: dict[str, Any]) -> float:
    """Suite-equivalents of trials."""
    return (suite["cached_cpu_seconds"] or 0.0) / (suite["cpu_seconds"] or 1.0)


def _figures(report: dict[str, Any]) -> dict[str, tuple[object, ...]]:
    """What is said of each function."""
    return {
        f"{each['path']}::{each['qualname']}": tuple(each[key] for key in FIGURES)
        for each in report["functions"]
    }


def shown(row: Row) -> Iterator[str]:
    """Lines about a pull request."""
    yield f"  {row.commit[:10]} {row.subject[:70]}"
    if row.failed:
        yield f"    {row.failed}"
        return
    yield (
        f"    {row.cost[0]:5.2f} {row.cost[1]:5.2f}  (trials {row.trials[0]:.2f} {row.trials[1]:.2f})  {row.ran[0]:>5}/{row.ran[1]:<5}  "
        f"{row.functions} functions, {len(row.differing)} differ, "
        f"{row.callers} tests call them, {len(row.left_out)} left out  {row.everything or ''}"
    )
    yield from (f"      {name}" for name in row.differing)
    yield from (f"      left out: {test}" for test in row.left_out)


def table(rows: dict[str, list[Row]]) -> Iterator[str]:
    """What was measured, for docs/memory.md."""
    yield "| project | pull requests | functions | tests run | with memory | without | something else said | callers left out |"
    yield "|---|---|---|---|---|---|---|---|"
    everything = [row for each in rows.values() for row in each]
    for name, found in (*rows.items(), ("all", everything)):
        share = statistics.median(row.ran[0] / row.ran[1] for row in found)
        with_, without = ([row.cost[place] - row.trials[place] for row in found] for place in (0, 1))
        yield (
            f"| {name} | {len(found)} | {sum(row.functions for row in found)} | {share:.0%} "
            f"| {statistics.median(with_):.2f} ({min(with_):.2f}–{max(with_):.2f}) "
            f"| {statistics.median(without):.2f} ({min(without):.2f}–{max(without):.2f}) "
            f"| {sum(len(row.differing) for row in found)} "
            f"| {sum(len(row.left_out) for row in found)} of {sum(row.callers for row in found)} |"
        )


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    parser.add_argument("--only", action="append", default=[], metavar="PART")
    parser.add_argument("--at-most", type=int, default=sys.maxsize, metavar="N", help="new rows")
    given = parser.parse_args()
    rows: dict[str, list[Row]] = {}
    left = given.at_most
    for each in json.loads(LISTED.read_text("utf-8")):
        project = Project(**each)
        if not is_wanted(project.repository, given.only):
            continue
        print(project.repository, flush=True)
        bench = Bench(project, given.mirrors, given.work, given.python)
        for commit in bench.commits:
            is_new = not (bench.rows / f"{commit}.json").exists()
            if is_new and not left:
                continue
            left -= is_new
            row = bench.row(commit)
            print("\n".join(shown(row)), flush=True)
            if not row.failed:
                rows.setdefault(project.repository, []).append(row)
    if rows:
        print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
