"""Ordinary commits, which nobody chose for caches: what a pull request of each is told.

    python benchmarks/ordinary.py --mirrors DIR --work DIR [--only PART …] [--again]

Of each project of `benchmarks/projects.json` that is quick and whose own tests pass, the newest commit up to the
listed one that changes a function outside the tests is a pull request of that one commit, checked out as
actions/checkout does it; the image is run with no input at all. The work folder keeps the log, the report and the
comment of each; docs/ordinary.md is written from all that it holds. Mirrors and variables are those of
`benchmarks/projects.py`.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.integration.jobs import Done, job_about  # noqa: E402
from tests.integration.repositories import git  # noqa: E402

from hitrate.report.content.answer import answer  # noqa: E402
from hitrate.report.escape import markdown  # noqa: E402
from hitrate.report.model import Report  # noqa: E402
from projects import ENGINE, LISTED, NO_SOURCE, SECONDS_AT_MOST, is_due, options_of  # noqa: E402

PAGE = ROOT / "docs" / "ordinary.md"
SLOW = {
    "frostming/marko",
    "Kludex/python-multipart",
    "carltongibson/django-filter",
    "Python-Markdown/markdown",
    "hukkin/mdformat",
    "pdm-project/dep-logic",
    "pydantic/pydantic-settings",
    "simonw/sqlite-utils",
}
"""Projects of the list that are left out, since their installation or their tests take minutes."""

_COMMITS = 300
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Row:
    """What was said about one commit.

    Attributes:
        repository: Owner and name.
        commit: The commit.
        subject: The first line of its message.
        functions: How many functions were looked at.
        tests: How many tests ran.
        exit_code: Of the step.
        comments: The comments that were posted.
        told: What the report answers, whether or not it was posted; the error of a step without a report.
    """

    repository: str
    commit: str
    subject: str
    functions: int
    tests: int | None
    exit_code: int
    comments: tuple[str, ...]
    told: str


def ordinary(mirror: Path, newest: str) -> str | None:
    """The newest commit up to this one, and no merge, that changes lines of a function outside the tests."""
    log = git(mirror, "log", f"--max-count={_COMMITS}", "--no-merges", "--format=%H", newest)
    return next((commit for commit in log.split() if any(_changes(mirror, commit))), None)


def _changes(mirror: Path, commit: str) -> Iterator[bool]:
    """For each source file of a commit, whether it changes a function that is there afterwards."""
    names = git(mirror, "diff-tree", "-r", "--no-commit-id", "--name-only", "--diff-filter=M", commit)
    for path in names.splitlines():
        if not path.endswith(".py") or NO_SOURCE.search(path):
            continue
        patch = git(mirror, "diff-tree", "-p", "-U0", "--no-commit-id", commit, "--", path)
        hunks = [found for line in patch.splitlines() if (found := _HUNK.match(line))]
        lines = {int(one[1]) + more for one in hunks for more in range(int(one[2] or 1))}
        yield bool(lines & _function_lines(git(mirror, "show", f"{commit}:{path}")))


def _function_lines(source: str) -> set[int]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return set()
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    return {line for node in functions for line in range(node.lineno, (node.end_lineno or 0) + 1)}


def answered(repository: str, commit: str, mirror: Path, kept: Path) -> Row:
    """Run the step on a pull request of one commit."""
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        hub = Path(name) / "hub" / repository
        hub.parent.mkdir(parents=True)
        subprocess.run(["git", "clone", "-q", "-s", "--no-checkout", str(mirror), str(hub)], check=True)
        base = git(hub, "rev-parse", f"{commit}^").strip()
        subject = git(hub, "show", "--no-patch", "--format=%s", commit).strip()
        with job_about(ENGINE, os.environ["HITRATE_IMAGE"], Path(name), repository, base, commit) as step:
            step.seconds_at_most = SECONDS_AT_MOST
            if pythons := os.environ.get("HITRATE_PYTHONS"):
                step.mounts.append(f"{pythons}:{pythons}:ro")
            done = step.run({})
            comments = tuple(one.replace(step.git_url, "https://github.com") for one in step.comments())
    (kept / "log.txt").write_text(done.log, "utf-8")
    (kept / "report.json").write_text(json.dumps(done.report, indent=1), "utf-8")
    (kept / "summary.md").write_text(done.summary, "utf-8")
    report = done.report or {"functions": [], "suite": {}}
    return Row(
        repository,
        commit,
        subject,
        len(report["functions"]),
        report["suite"].get("tests"),
        done.exit_code,
        comments,
        _told(done),
    )


def _told(done: Done) -> str:
    """What the report says, or why there is none."""
    if done.report is not None:
        return " ".join(map(markdown, answer(Report.model_validate(done.report))))
    errors = re.findall(r"^::error[^:]*::(.*)$", done.log, re.MULTILINE)
    return errors[0] if errors else done.log.strip().splitlines()[-1]


def page(rows: list[Row]) -> str:
    """The page of all that was said."""
    silent = sum(not one.comments for one in rows)
    lines = [
        "# Ordinary commits",
        "",
        f"What {len(rows)} ordinary commits are told: of each project of [this list](projects.md) that is quick and whose tests",
        "pass there, the newest commit that changes a function outside the tests, as a pull request of its own, in the real",
        "container with no input at all. Nobody chose these commits for a cache, so what is wanted is silence, or a",
        f"comment that its reader is glad of. **{silent} get no comment.** What stands in the last column is what the job",
        "summary says, which nobody is sent; a comment that is posted follows below the table. When they were first run, one",
        "got a comment: the test command of zope.event fails there without any change, which is no news on a pull request and",
        "stands in the summary only since.",
        "",
        "```sh",
        "python benchmarks/ordinary.py --mirrors DIR --work DIR  # DIR/OWNER+NAME/repo is a clone of each",
        "```",
        "",
        "| project | commit | functions | tests | comment | what the summary says |",
        "|---|---|---:|---:|---|---|",
    ]
    for one in rows:
        link = f"[{one.commit[:10]}](https://github.com/{one.repository}/commit/{one.commit})"
        subject = one.subject.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[")
        lines.append(
            f"| {one.repository} | {link} {subject} | {one.functions} | {one.tests or ''} "
            f"| {'**posted**' if one.comments else 'none'} | {one.told.replace('|', chr(92) + '|')} |"
        )
    for one in rows:
        for comment in one.comments:
            lines += ["", f"## {one.repository}", "", comment.partition("-->\n")[2].strip()]
    return "\n".join([*lines, ""])


def main() -> None:
    options = options_of(__doc__)
    rows = []
    for project in json.loads(LISTED.read_text("utf-8")):
        repository = project["repository"]
        if repository in SLOW or project.get("here"):
            continue
        kept = options.work / repository.replace("/", "+")
        mirror = options.mirrors / repository.replace("/", "+") / "repo"
        if is_due(repository, kept, options):
            commit = ordinary(mirror, project["commit"])
            if commit is None:
                continue
            found = answered(repository, commit, mirror, kept)
            (kept / "row.json").write_text(json.dumps(asdict(found), indent=1), "utf-8")
            print(json.dumps(asdict(found)), flush=True)
        if (kept / "row.json").exists():
            read = json.loads((kept / "row.json").read_text("utf-8"))
            rows.append(Row(**read | {"comments": tuple(read["comments"])}))
    PAGE.write_text(page(rows), "utf-8")


if __name__ == "__main__":
    main()
