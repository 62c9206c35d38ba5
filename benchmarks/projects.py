"""Projects that nobody here wrote, each analysed in the container with no input at all.

    python benchmarks/projects.py --mirrors DIR --work DIR [--only PART …] [--again]

`benchmarks/projects.json` lists the projects and a commit of each; the mirrors are git repositories named
`OWNER+NAME/repo`. Each gets a small pull request: a comment in a few functions of its own. It is checked out as
actions/checkout does it, at depth 1 and without tags, and the image is run as the runner runs it. The work folder
keeps the log and the report of each; docs/projects.md is written from all that it holds. Needs a container
engine; HITRATE_ENGINE, HITRATE_IMAGE and HITRATE_PYTHONS are those of the container tests.
"""

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.integration.jobs import Done, job_about  # noqa: E402
from tests.integration.repositories import commit, git  # noqa: E402

LISTED = ROOT / "benchmarks" / "projects.json"
PAGE = ROOT / "docs" / "projects.md"
ENGINE = os.environ.get("HITRATE_ENGINE") or shutil.which("docker") or "docker"
TOUCHED = 5
LATER = {
    2: "Chosen and run later in the same way, with what the others had taught.",
    3: "Chosen to differ in how they are built and tested, and written down before any of them was run. What they showed was\n"
    "fixed: groups of a lock that only documents need, extras that it holds, a runner that nothing installs, tests that\n"
    "fail where `CI` is set, tests that look for bytecode beside its source.",
    4: "Chosen together with those, and run after what those had shown was fixed.",
    5: "Chosen later to differ once more, and written down before any of them was run or looked at. What their files and runs\n"
    "showed was fixed: a requirements.txt of developers beside a tox.ini, tasks of Invoke and duty, a justfile's recipe with\n"
    "parameters, a configuration of pytest in another folder, plugins and pins that tox.ini alone names; and a lock or a\n"
    "requirement that cannot be installed no longer ends it, as far as the rest can be. Three were mended before they were\n"
    "run, and count as measured at the second try; what was ended from outside counts as not measured.",
    6: "Chosen together with those, and run after what those had shown was fixed.\n"
    "(Of the ten chosen, dulwich was not run in the time there was.)",
}
"""How the projects of each later turn were chosen."""
SECONDS_AT_MOST = 1500.0
NO_SOURCE = re.compile(
    r"(?:^|/)(?:tests?|testing|docs?|examples?|benchmarks?|bench|scripts?|tools?|vendor\w*|_vendor\w*|_in_process|\.\w+)/"
    r"|(?:^|/)(?:setup|noxfile|conftest|conf|tasks|runtests|test_\w+|\w+_tests?|tests?)\.py$"
)


@dataclass(frozen=True, slots=True)
class Project:
    """A project at a commit.

    Attributes:
        repository: Its owner and name.
        commit: The commit.
        of: The day of the commit.
        here: Why its own tests do not pass in the image on the machine of the table; empty where they do.
        turn: Above 1 where it was chosen and run later than the first ones.
        first: Why it was not measured at the first try, where it was at the second.
    """

    repository: str
    commit: str
    of: str
    here: str = ""
    turn: int = 1
    first: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What a run of the container on one project showed.

    Attributes:
        project: The project.
        install: What it was installed by, as the log says it.
        command: What ran the tests in the end.
        tests: How many tests ran.
        called: How many of the changed functions were called, of how many.
        seconds: Of the whole step.
        measured: Whether there is a verdict on the changed functions.
        reason: Why there is none.
        failing: Tests that fail without any change, and without which the others were measured.
    """

    project: Project
    install: str
    command: str
    tests: int | None
    called: str
    seconds: int
    measured: bool
    reason: str
    failing: int = 0


def change(tree: Path) -> dict[str, str]:
    """Files with a comment in some functions, evenly spread over those of the project that take arguments."""
    sources = _sources(tree)
    found = [place for path in sources for place in _functions(tree, path)]
    found = found or [place for path in sources for place in _functions(tree, path, within=True)]
    step = max(1, len(found) // TOUCHED)
    changed: dict[str, list[str]] = {}
    for path, line, indent in sorted(found[::step][:TOUCHED], reverse=True):
        lines = changed.setdefault(path, (tree / path).read_text("utf-8").split("\n"))
        lines.insert(line - 1, " " * indent + "# as it was")
    return {path: "\n".join(lines) for path, lines in changed.items()}


def _sources(tree: Path) -> list[str]:
    listed = git(tree, "ls-files", "*.py").splitlines()
    return [path for path in listed if not NO_SOURCE.search(path)]


def _functions(tree: Path, path: str, *, within: bool = False) -> Iterator[tuple[str, int, int]]:
    """The file, and line and indent of the first statement, of functions that take and return something.

    Those of the module, or else those within its classes.
    """
    try:
        module = ast.parse((tree / path).read_text("utf-8"))
    except (SyntaxError, ValueError, OSError):
        return
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    for node in [each for one in classes for each in one.body] if within else module.body:
        if isinstance(node, ast.FunctionDef) and node.args.args and not node.decorator_list:
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            gives = any(isinstance(one, ast.Return) and one.value for one in ast.walk(node))
            if body and gives and body[0].lineno > node.lineno:
                yield path, body[0].lineno, body[0].col_offset


def analysed(project: Project, mirrors: Path, kept: Path) -> Row:
    """Run the step on a pull request about the project."""
    kept.mkdir(parents=True, exist_ok=True)
    mirror = mirrors / project.repository.replace("/", "+") / "repo"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        hub = Path(name) / "hub" / project.repository
        hub.parent.mkdir(parents=True)
        subprocess.run(["git", "clone", "-q", "-s", "--no-checkout", str(mirror), str(hub)], check=True)
        git(hub, "checkout", "-q", "-b", "change", project.commit)
        head = commit(hub, change(hub), "change")
        with job_about(
            ENGINE, os.environ["HITRATE_IMAGE"], Path(name), project.repository, project.commit, head
        ) as step:
            step.seconds_at_most = SECONDS_AT_MOST
            if pythons := os.environ.get("HITRATE_PYTHONS"):
                step.mounts.append(f"{pythons}:{pythons}:ro")
            began = time.monotonic()
            done = step.run({})
            seconds = round(time.monotonic() - began)
    (kept / "log.txt").write_text(done.log, "utf-8")
    (kept / "report.json").write_text(json.dumps(done.report, indent=1), "utf-8")
    return row(project, done, seconds)


def row(project: Project, done: Done, seconds: int) -> Row:
    """What a finished step says."""
    report = done.report or {}
    suite = report.get("suite") or {}
    functions = report.get("functions") or []
    judged = [one for one in functions if one["verdict"] != "ineligible"]
    called = sum(bool(one["calls"]) for one in judged)
    tests = suite.get("tests")
    problems = re.findall(r"^::(?:error|warning)[^:]*::(.*)$|^Error: (.*)$", done.log, re.MULTILINE)
    told = next((one or other for one, other in problems), done.log.strip().splitlines()[-1])
    measured = bool(judged and tests and any(one["calls"] is not None for one in judged))
    return Row(
        project,
        _last(done.log, r"Installed as declared by: (.*)|(No packaging)", "nothing was installed"),
        str(suite.get("command") or _last(done.log, r"Tests: (.*) \((?:detected|test-command)\)", "")),
        tests,
        f"{called} of {len(judged)}",
        seconds,
        measured,
        "" if measured else _failing(suite) or told,
        len(suite.get("failing_tests") or ()) if measured else 0,
    )


def _failing(suite: dict[str, object]) -> str:
    tests = suite.get("failing_tests")
    if suite.get("passed") is not False or not isinstance(tests, list):
        return ""
    return f"its tests fail without any change: {', '.join(tests[:2]) or 'no test is named'}"


def _last(log: str, pattern: str, otherwise: str) -> str:
    found = [next(filter(None, match.groups()), "") for match in re.finditer(pattern, log)]
    return found[-1] if found else otherwise


def page(rows: list[Row]) -> str:
    """The page of all that was measured."""
    first = [one for one in rows if one.project.turn == 1]
    passing, all_passing = _passing(first), _passing(rows)
    lines = [
        "# Projects of others, with no input",
        "",
        f"{len(rows)} projects that nobody here wrote, each chosen before it was seen how it fares, in the real container with no",
        "input at all: checked out at depth 1 and without tags, as `actions/checkout` leaves them, each with a pull request",
        "that puts a comment into up to five of its functions. Image: CPython 3.13, no compiler; network: a package index.",
        f"The own tests of {len(all_passing)} pass there; of these {_measured(all_passing)} are measured.{_besides(rows)}",
        "",
        "```sh",
        "python benchmarks/projects.py --mirrors DIR --work DIR  # DIR/OWNER+NAME/repo is a clone of each",
        "```",
        "",
        f"## The first {len(first)}",
        "",
        f"The own tests of {len(passing)} pass there; of these **{_measured(passing)} are measured**.{_besides(first)}",
        "When they were first run, eight of these were not: what they showed was fixed (runners that pytest cannot stand",
        "in for, summaries in other forms, extras that only a workflow names, variables that tox sets, files of developers",
        "with tools that no longer build, a project in a folder of the repository), and those were run again.",
        "",
        *_table(first),
    ]
    for turn, how in LATER.items():
        if later := [one for one in rows if one.project.turn == turn]:
            lines += ["", f"## {len(later)} more", "", how, _rate(later), "", *_table(later)]
    return "\n".join([*lines, ""])


def _rate(rows: list[Row]) -> str:
    passing = _passing(rows)
    at_first = _measured([one for one in passing if not one.project.first])
    return (
        f"The own tests of {len(passing)} pass there; "
        f"{at_first} of these were measured at the first try, {_measured(passing)} in the end."
        f"{_besides(rows)}"
    )


def _passing(rows: list[Row]) -> list[Row]:
    return [one for one in rows if not one.failing and (one.measured or not one.project.here)]


def _besides(rows: list[Row]) -> str:
    """How many projects are measured though some of their tests fail."""
    number = sum(one.measured and bool(one.failing) for one in rows)
    return f" Of {number} more a few tests fail; these are measured without them." if number else ""


def _measured(rows: list[Row]) -> int:
    return sum(one.measured for one in rows)


def _table(rows: list[Row]) -> Iterator[str]:
    yield "| project | commit | installed by | tests run by | tests | functions called | seconds | |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in rows:
        said = f"not measured: {_cell(one.project.here or one.reason)}"
        if one.measured:
            first = one.project.first
            said = f"measured, at the second try: {_cell(first)}" if first else "measured"
            said += f"; {_without(one)}" if one.failing else ""
        yield (
            f"| {one.project.repository} | {one.project.commit[:10]}, {one.project.of} | {_cell(one.install)} "
            f"| {_code(one.command)} | {one.tests or ''} | {one.called} | {one.seconds} | {said} |"
        )


def _without(one: Row) -> str:
    tests = "1 test that fails" if one.failing == 1 else f"{one.failing} tests that fail"
    return f"without {tests} anyway" + (f": {_cell(one.project.here)}" if one.project.here else "")


def _code(text: str) -> str:
    return f"`{_cell(text)}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def options_of(description: str | None) -> argparse.Namespace:
    """Where the mirrors are, where to work, and which projects are wanted."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mirrors", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[], metavar="PART")
    parser.add_argument("--again", action="store_true")
    return parser.parse_args()


def is_wanted(repository: str, only: Sequence[str]) -> bool:
    """Whether a project is among those asked for, which are all where none is."""
    return not only or any(part in repository for part in only)


def is_due(repository: str, kept: Path, options: argparse.Namespace) -> bool:
    """Whether a project is wanted and there is no row of it, or another one is asked for."""
    return is_wanted(repository, options.only) and (options.again or not (kept / "row.json").exists())


def main() -> None:
    options = options_of(__doc__)
    projects = [Project(**one) for one in json.loads(LISTED.read_text("utf-8"))]
    rows = []
    for project in projects:
        kept = options.work / project.repository.replace("/", "+")
        if is_due(project.repository, kept, options):
            found = analysed(project, options.mirrors, kept)
            (kept / "row.json").write_text(json.dumps(asdict(found), indent=1), "utf-8")
            print(json.dumps(asdict(found) | {"project": project.repository}), flush=True)
        if (kept / "row.json").exists():
            read = json.loads((kept / "row.json").read_text("utf-8"))
            rows.append(Row(**read | {"project": project}))
    PAGE.write_text(page(rows), "utf-8")


if __name__ == "__main__":
    main()
