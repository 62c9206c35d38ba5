"""Real pull requests through the action in its container, against the stand-in for GitHub's API.

python benchmarks/corpus/pull_requests.py CASES --clones DIR --work DIR [--case ID …] [--again | --render]

A case whose maintainers added or took out a cache is a pull request of that one commit, checked out as
actions/checkout does it. What the action posts is kept as docs/comments/CASE.md, the table of all as
docs/comments/README.md. With --render, nothing is run: the comments of the kept reports are written again. HITRATE_ENGINE names the container engine, HITRATE_IMAGE Hitrate's image, HITRATE_PYTHONS a
folder of interpreters (pyenv's) where uv cannot download any.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from case import Case, Direction, corpus_parser, read_cases
from row import PullRequestRow, pull_request_path, write
from table import comments_page

from hitrate.environment.causes import COMPILER
from hitrate.github.comment import Marker
from hitrate.github.event import Run
from hitrate.report import markdown
from hitrate.report.content.answer import has_news
from hitrate.report.model import Report

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))
from tests.integration.jobs import Job, everything, job_about  # noqa: E402 - the tests' own runner
from tests.integration.repositories import git  # noqa: E402

COMMENTS = ROOT / "docs" / "comments"
SECONDS_AT_MOST = 1800.0
COMPILED = {"nedbat/coveragepy", "python-poetry/poetry-core"}
"""Projects whose installation or tests compile something."""


def main() -> None:
    parser = corpus_parser(__doc__)
    parser.add_argument("--render", action="store_true", help="run nothing, write the comments again")
    options = parser.parse_args()
    COMMENTS.mkdir(exist_ok=True)
    for case in read_cases(options.cases, options.case):
        if options.render:
            render(case, options.work)
            continue
        path = pull_request_path(options.work, case.id)
        if case.commit(Direction.CHANGE) is None or (path.exists() and not options.again):
            continue
        same = None if options.again else _of_the_same_commit(case, options)
        row = answered(case, options.clones, options.work) if same is None else same
        write(path, row)
        print(f"{case.id:36} {row.model_dump_json(exclude={'case'})}", flush=True)
    page = comments_page(list(rows(read_cases(options.cases, []), options.work)))
    (COMMENTS / "README.md").write_text(page, "utf-8")


def _of_the_same_commit(case: Case, options: argparse.Namespace) -> PullRequestRow | None:
    """The answer to another case that is the same pull request, as the answer to this one; None if there is none."""
    mine = (case.repo, case.fix_commit, case.python, case.install, case.test, case.env)
    for other in read_cases(options.cases, []):
        report = report_path(options.work, other.id)
        if mine == (other.repo, other.fix_commit, other.python, other.install, other.test, other.env):
            if other.id == case.id or not report.exists():
                continue
            shutil.copyfile(report, report_path(options.work, case.id))
            shutil.copyfile(COMMENTS / f"{other.id}.md", COMMENTS / f"{case.id}.md")
            row = PullRequestRow.model_validate_json(
                pull_request_path(options.work, other.id).read_text("utf-8")
            )
            found = Report.model_validate_json(report.read_text("utf-8"))
            told = {one.id: one.verdict for one in found.functions}
            return row.model_copy(
                update={"case": case.id, "verdict": told.get(case.function, "not looked at")}
            )
    return None


def rows(cases: Sequence[Case], work: Path) -> Iterator[tuple[Case, PullRequestRow]]:
    """What a work folder holds of some cases."""
    for case in cases:
        path = pull_request_path(work, case.id)
        if path.exists():
            yield case, PullRequestRow.model_validate_json(path.read_text("utf-8"))


def report_path(work: Path, case: str) -> Path:
    """Where a report is kept, less the address of the server that stood in for GitHub."""
    return work / "reports" / f"{case}.json"


def render(case: Case, work: Path) -> None:
    """Write the comment of a kept report again."""
    kept, row = report_path(work, case.id), pull_request_path(work, case.id)
    if not kept.exists():
        return
    report = Report.model_validate_json(kept.read_text("utf-8"))
    marker = Marker("hitrate", report.change.head or "", Run(1, 1))
    (COMMENTS / f"{case.id}.md").write_text(markdown.comment(report, marker=str(marker)), "utf-8")
    before = PullRequestRow.model_validate_json(row.read_text("utf-8"))
    write(row, before.model_copy(update={"news": has_news(report)}))


def answered(case: Case, clones: Path, work: Path) -> PullRequestRow:
    """Run the action on a case's pull request, and keep its comment and, in the work folder, its report."""
    engine, image = (os.environ[name] for name in ("HITRATE_ENGINE", "HITRATE_IMAGE"))
    with tempfile.TemporaryDirectory() as folder:
        base, head = commits(case, clones, Path(folder))
        with job_about(engine, image, Path(folder), case.repo, base, head) as step:
            return run(case, step, work)


def commits(case: Case, clones: Path, folder: Path) -> tuple[str, str]:
    """Base and head, in a clone below the folder."""
    hub = folder / "hub" / case.repo
    hub.parent.mkdir(parents=True)
    source = clones / case.repo.replace("/", "+") / "repo"
    git(folder, "clone", "-q", "--shared", "--no-checkout", str(source), str(hub))
    head = git(hub, "rev-parse", f"{case.fix_commit}^{{commit}}").strip()
    return git(hub, "rev-parse", f"{head}^").strip(), head


def run(case: Case, step: Job, work: Path) -> PullRequestRow:
    """The action's answer."""
    setup, step.mounts = interpreter(case.python)
    step.seconds_at_most = SECONDS_AT_MOST
    variables = {name: value for name, value in case.env.items() if value is not None}
    inputs = {
        "python-version": case.python,
        "setup": f"{setup}; {COMPILER}" if case.repo in COMPILED else setup,
        "install": " && ".join(step.replace("pip install", "uv pip install -q") for step in case.install),
        "test-command": case.test,
        "pass-env": ", ".join(variables),
        "comment": "always",
    }
    before = everything(step.workspace)
    started = time.monotonic()
    done = step.run(inputs, {"GITHUB_SERVER_URL": step.git_url, **variables})
    seconds = time.monotonic() - started
    unchanged = everything(step.workspace) == before
    comments = [comment.replace(step.git_url, "https://github.com") for comment in step.comments()]
    if done.report is None or len(comments) != 1:
        error = f"exit code {done.exit_code}, {len(comments)} comments: {done.log[-600:]}"
        return PullRequestRow(case=case.id, error=" ".join(error.split()))
    text = json.dumps(done.report).replace(step.git_url, "https://github.com")
    report_path(work, case.id).parent.mkdir(exist_ok=True)
    report_path(work, case.id).write_text(text, "utf-8")
    (COMMENTS / f"{case.id}.md").write_text(comments[0].rstrip() + "\n", "utf-8")
    told = {f"{item['path']}::{item['qualname']}": item["verdict"] for item in done.report["functions"]}
    return PullRequestRow(
        case=case.id,
        exit_code=done.exit_code,
        gate=done.outputs["verdict"],
        verdict=told.get(case.function, "not looked at"),
        functions=len(told),
        news=has_news(Report.model_validate_json(text)),
        suite_equivalents=done.report["suite"]["suite_equivalents"],
        wall_seconds=seconds,
        workspace_unchanged=unchanged,
    )


def interpreter(version: str) -> tuple[str, list[str]]:
    """A ``setup`` that brings a Python from HITRATE_PYTHONS, and what is mounted for it; nothing without that."""
    folder = os.environ.get("HITRATE_PYTHONS")
    found = sorted(Path(folder).glob(f"{version}.*")) if folder else []
    if not found:
        return "", []
    prefix = found[-1]
    opened = " ".join(f"chmod a+x {parent};" for parent in prefix.parents)
    return f"{opened} ln -s {prefix}/bin/python{version} /usr/local/bin/python{version}", [
        f"{prefix}:{prefix}:ro"
    ]


if __name__ == "__main__":
    main()
