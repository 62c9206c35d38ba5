"""`hitrate init` on workflows in the shapes that real projects have."""

import difflib
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.errors import InputError
from hitrate.memory.document import EXAMPLE
from hitrate.workflow.init import FOLDER, OWN, Proposal, propose, with_step, write
from hitrate.workflow.reading.document import UnreadableError, load
from hitrate.workflow.writing.step import Keeping, workflow

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
SAMPLES = Path(__file__).parents[2] / "data" / "workflows"
NAMES = sorted(path.name for path in SAMPLES.glob("*.yml"))
UNCLEAR = sorted(path.name for path in (SAMPLES / "unclear").glob("*.yml"))
PULL_REQUEST = "github.event_name == 'pull_request'"

MAKE = "set -e\napt-get update\napt-get install -y --no-install-recommends make\n"

EXPECTED: dict[str, tuple[str, str | None, dict[str, str]]] = {
    "anchors.yml": (
        "unit",
        None,
        {
            "python-version": "3.12",
            "install": "pip install -r requirements.txt",
            "test-command": "pytest tests/unit",
            "pass-env": "PYTHONHASHSEED",
        },
    ),
    "container.yml": (
        "test",
        PULL_REQUEST,
        {"test-command": "python -m pytest -q tests", "pass-env": "APP_MODE"},
    ),
    "coverage_comment.yml": (
        "coverage",
        PULL_REQUEST,
        {"install": "pip install --editable '.[tests]'", "test-command": "pytest --cov"},
    ),
    "crlf.yml": ("test", None, {"install": "pip install .", "test-command": "python -m unittest discover"}),
    "django.yml": (
        "backend",
        None,
        {
            "working-directory": "backend",
            "install": "set -e\npip install -r requirements/base.txt\npip install -r requirements/test.txt\n",
            "test-command": "python -W error manage.py test --parallel",
            "pass-env": "DATABASE_URL",
        },
    ),
    "dynamic_matrix.yml": (
        "test",
        "strategy.job-index == 0",
        {
            "python-version": "${{ matrix.python }}",
            "install": "python -m pip install -e . -r requirements/tests.txt",
            "test-command": "set -euo pipefail\nexport APP_ENV=test\npytest -q --maxfail=1\n",
        },
    ),
    "hatch.yml": (
        "test",
        f"{PULL_REQUEST} && matrix.os == 'ubuntu-latest' && matrix.python-version == '3.12'",
        {
            "python-version": "${{ matrix.python-version }}",
            "install": "python -m pip install hatch",
            "test-command": "hatch run cov:test",
        },
    ),
    "make.yml": ("build", None, {"setup": MAKE, "test-command": "make test"}),
    "nox.yml": (
        "nox",
        PULL_REQUEST,
        {
            "install": "python -m pip install nox",
            "test-command": "nox --non-interactive --error-on-missing-interpreter -s tests -- --cov",
        },
    ),
    "pip_matrix.yml": (
        "test",
        f"{PULL_REQUEST} && matrix.os == 'ubuntu-latest' && matrix.python-version == '3.10'",
        {
            "python-version": "${{ matrix.python-version }}",
            "install": 'pip install -e ".[test]"',
            "test-command": "pytest --cov=widgets --cov-report=xml",
        },
    ),
    "poetry.yml": (
        "tests",
        None,
        {
            "python-version": "3.11",
            "setup": (
                "set -e\napt-get update\n"
                "apt-get install -y --no-install-recommends libxml2-dev libxslt1-dev\n"
            ),
            "test-command": "pytest -n auto",
        },
    ),
    "runner_group.yml": (
        "test",
        None,
        {"test-command": "python setup.py test", "pass-env": "STRICT"},
    ),
    "scripted.yml": (
        "test",
        None,
        {
            "python-version": "3.12",
            "install": "pip install -e .",
            "test-command": (
                "set -e\npip install -e .\nfor part in core extra; do\n  # one part at a time\n"
                '  pytest "tests/$part" || exit 1\ndone\n'
            ),
            "pass-env": "A, D",
        },
    ),
    "several_tests.yml": (
        "unit-tests",
        None,
        {"python-version": "3.12", "install": "pip install .[dev]", "test-command": "coverage run -m pytest"},
    ),
    "tabs.yml": (
        "test",
        None,
        {
            "setup": MAKE,
            "test-command": "set -e\ncat > Makefile <<EOF\n"
            "check:\n\t@echo checking\nEOF\nmake check && pytest -q",
        },
    ),
    "tox.yml": (
        "tox",
        f"{PULL_REQUEST} && strategy.job-index == 0",
        {
            "python-version": "${{ matrix.python }}",
            "install": "python -m pip install tox tox-gh",
            "test-command": "tox run -e ${{ matrix.env }}",
            "pass-env": "FORCE_COLOR",
        },
    ),
    "uv.yml": ("check", PULL_REQUEST, {"python-version": "3.13", "test-command": "pytest -q"}),
    "windows_first.yml": (
        "build",
        f"{PULL_REQUEST} && matrix.platform == 'ubuntu-22.04' && matrix.python == 3.8",
        {
            "python-version": "${{ matrix.python }}",
            "install": "python -m pip install -r requirements-dev.txt",
            "test-command": "python -m pytest ${{ matrix.extra }} tests",
        },
    ),
}

OWN_ENVIRONMENT = {
    "django.yml": {"DATABASE_URL": "postgres://postgres:postgres@postgres:5432/postgres"},
    "runner_group.yml": {"STRICT": "yes"},
    "scripted.yml": {"A": "b: c", "D": "e # f"},
    "tox.yml": {"FORCE_COLOR": "1"},
}
"""Variables that only the step with the tests has, or that name a service otherwise."""


def proposal(name: str) -> Proposal:
    return with_step(name, (SAMPLES / name).read_bytes().decode())


def repository(root: Path, files: dict[str, str]) -> Path:
    """A repository with those files; a name without a folder is a workflow."""
    for name, text in files.items():
        path = root / name if "/" in name or not name.endswith((".yml", ".yaml")) else root / FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def texts(name: str) -> tuple[str, str]:
    proposed = proposal(name)
    assert proposed.before is not None
    assert proposed.after is not None
    return proposed.before, proposed.after


def test_there_are_enough_samples_and_all_are_expected() -> None:
    assert len(NAMES) >= 15
    assert set(NAMES) == set(EXPECTED)


@pytest.mark.parametrize("name", NAMES)
def test_the_step_says_what_the_job_does(name: str) -> None:
    job, condition, inputs = EXPECTED[name]
    before, after = (load(text)["jobs"] for text in texts(name))
    *steps, step = after[job]["steps"]
    assert steps == before[job]["steps"]
    assert step.pop("name") == "Hitrate"
    assert step.pop("uses") == "hitrate/hitrate@v0"
    assert step.pop("if", None) == condition
    assert step.pop("env", {}) == OWN_ENVIRONMENT.get(name, {})
    assert step == {"with": inputs}


@pytest.mark.parametrize("name", NAMES)
def test_the_token_may_do_what_is_needed_and_what_it_could_before(name: str) -> None:
    before, after = map(load, texts(name))
    job = EXPECTED[name][0]
    given = before["jobs"][job].get("permissions", before.get("permissions"))
    earlier = given if isinstance(given, dict) else {}
    now = after["jobs"][job].get("permissions", after.get("permissions"))
    assert now == {**earlier, "contents": "read", "pull-requests": "write"}


def taken_out(before: str, after: str) -> list[str]:
    """Lines of the one text that are not in the other."""
    matcher = difflib.SequenceMatcher(None, before.splitlines(True), after.splitlines(True), autojunk=False)
    return [
        line
        for kind, a, b, _, _ in matcher.get_opcodes()
        if kind in ("delete", "replace")
        for line in before.splitlines(True)[a:b]
    ]


REWRITTEN = {
    # A level that is too low, and permissions on one line.
    "tox.yml": ["      pull-requests: read   # for the labeller\n"],
    "uv.yml": ["    permissions: { contents: read }\n"],
    "coverage_comment.yml": ["    permissions: {}\n"],
    # The last line had no end.
    "crlf.yml": ["      - run: python -m unittest discover"],
}


@pytest.mark.parametrize("name", NAMES)
def test_everything_else_stays_byte_for_byte(name: str) -> None:
    assert taken_out(*texts(name)) == REWRITTEN.get(name, [])


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    noise=st.lists(
        st.tuples(
            st.integers(0, 80), st.sampled_from(["\n", "# note\n", "      # deep\n", "          # deeper\n"])
        ),
        max_size=6,
    ),
)
def test_comments_and_empty_lines_anywhere_stay_where_they_are(
    name: str, noise: list[tuple[int, str]]
) -> None:
    lines = (SAMPLES / name).read_bytes().decode().splitlines(keepends=True)
    for place, line in noise:
        lines.insert(min(place, len(lines)), line)
    before = "".join(lines)
    try:
        proposed = with_step(name, before)
    except UnreadableError:
        return
    assert proposed.after is not None
    rewritten = [line.strip() for line in REWRITTEN.get(name, [])]
    assert all(line.strip() in rewritten for line in taken_out(before, proposed.after))
    assert with_step(name, proposed.after).after == proposed.after


@pytest.mark.parametrize("name", NAMES)
def test_no_other_job_changes(name: str) -> None:
    before, after = map(load, texts(name))
    chosen = EXPECTED[name][0]
    for job in before["jobs"]:
        if job != chosen:
            assert after["jobs"][job] == before["jobs"][job]
    assert {key: value for key, value in after.items() if key != "jobs"} == {
        key: value for key, value in before.items() if key != "jobs"
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_second_run_changes_nothing(name: str, tmp_path: Path) -> None:
    repository(tmp_path, {name: (SAMPLES / name).read_bytes().decode()})
    write(tmp_path, propose(tmp_path, f"{FOLDER}/{name}"))
    again = propose(tmp_path, f"{FOLDER}/{name}")
    assert not again.changes
    assert again.diff() == ""
    assert "has the step already" in again.notes[0]


@pytest.mark.parametrize("name", NAMES)
def test_lines_end_as_they_did(name: str) -> None:
    before, after = ((text.count("\r\n"), text.count("\n"), text.endswith("\n")) for text in texts(name))
    assert (before[0] == before[1]) == (after[0] == after[1])
    assert before[2] == after[2]


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_not_understood_is_left_alone_with_the_snippet(name: str, tmp_path: Path) -> None:
    repository(tmp_path, {name: (SAMPLES / "unclear" / name).read_bytes().decode()})
    proposed = propose(tmp_path, f"{FOLDER}/{name}")
    assert not proposed.changes
    assert proposed.diff() == ""
    assert proposed.notes[0].startswith(f"{FOLDER}/{name} was left as it is: ")
    assert proposed.snippet == "- name: Hitrate\n  uses: hitrate/hitrate@v0"


def test_without_a_name_the_workflow_that_most_surely_runs_the_tests_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name in ("make.yml", "pip_matrix.yml", "tox.yml"):
        (folder / name).write_bytes((SAMPLES / name).read_bytes())
    (folder / "broken.yml").write_bytes((SAMPLES / "unclear" / "tab_indent.yml").read_bytes())
    found = propose(tmp_path, None)
    assert found.path == ".github/workflows/pip_matrix.yml"
    write(tmp_path, found)
    again = propose(tmp_path, None)
    assert (again.path, again.changes) == (found.path, False)


@pytest.mark.parametrize("named", [None, ".github/workflows/speed.yml"])
def test_without_a_workflow_one_is_written(tmp_path: Path, named: str | None) -> None:
    proposed = propose(tmp_path, named)
    assert proposed.path == (named or OWN)
    assert proposed.diff().startswith("--- /dev/null\n")
    write(tmp_path, proposed)
    assert not propose(tmp_path, named).changes
    made: dict[str, Any] = load((tmp_path / proposed.path).read_text())
    assert made["on"] == {"pull_request": None, "push": {"branches": ["main"]}}
    assert made["permissions"] == {}
    assert made["jobs"]["hitrate"]["permissions"] == {"contents": "read", "pull-requests": "write"}


def test_what_is_written_is_the_example_of_memory() -> None:
    example = (EXAMPLES / "memory.yml").read_text("utf-8")
    assert load(workflow({}, keeping=Keeping()).replace("- name: Hitrate\n        uses", "- uses")) == load(
        example
    )


BRANCHES = {
    "main": {},
    "trunk": {"remotes/origin/HEAD": "ref: refs/remotes/origin/trunk\n"},
    "dev/1.x": {"remotes/origin/HEAD": "ref: refs/remotes/origin/dev/1.x\n", "heads/master": ""},
    "a]: #b": {"remotes/origin/HEAD": "ref: refs/remotes/origin/a]:_#b\n"},
    "master": {"heads/master": "1" * 40, "heads/topic": ""},
    "main ": {"heads/master": "", "heads/main": "", "remotes/origin/HEAD": "no reference"},
}


@pytest.mark.parametrize("branch", BRANCHES)
def test_memory_is_kept_of_the_default_branch(tmp_path: Path, branch: str) -> None:
    for name, text in BRANCHES[branch].items():
        place = tmp_path / ".git" / "refs" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    found = propose(tmp_path, None)
    assert load(found.after or "")["on"]["push"] == {"branches": [branch.strip().replace(": #", ":_#")]}
    assert any(branch.partition(":")[0].strip() in note for note in found.notes)


@pytest.mark.parametrize(
    ("cached", "named"),
    [
        ("", None),
        (f"      - uses: actions/cache@{'b' * 40} # v4.2\n", f"{'b' * 40} # v4.2"),
        (f"      - uses: actions/cache/restore@{'c' * 40}\n", "c" * 40),
        (f"      - uses: other/cache@{'c' * 40}\n", None),
    ],
)
def test_where_actions_are_pinned_that_of_the_cache_is_or_memory_is_not_kept(
    tmp_path: Path, cached: str, named: str | None
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "lint.yml").write_text(
        "on: pull_request\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n"
        f"      - uses: actions/checkout@{'a' * 40} # v7\n{cached}      - run: ruff check\n"
    )
    text = propose(tmp_path, None, lambda: "d" * 40).after or ""
    steps = load(text)["jobs"]["hitrate"]["steps"]
    if named is None:
        assert not {"actions/cache", "memory"} & set(re.findall(r"[\w/]+", text))
    else:
        assert f"uses: actions/cache/restore@{named}\n" in text
        assert f"uses: actions/cache/save@{named}\n" in text
        assert steps[2]["with"] == {"memory": EXAMPLE}


def test_services_are_reached_by_name() -> None:
    assert any("by name (postgres)" in note for note in proposal("django.yml").notes)


def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / FOLDER / "folder.yml").mkdir(parents=True)
    (tmp_path / FOLDER / "a.yml").write_bytes(b"name: \xff")
    for name in ("a.yml", "folder.yml"):
        with pytest.raises(InputError, match="init: cannot read"):
            propose(tmp_path, f"{FOLDER}/{name}")


def test_no_workflow_is_made_where_github_does_not_look(tmp_path: Path) -> None:
    for name in ("ci.yml", "workflows/ci.yml", ".github/workflows/more/ci.yml"):
        with pytest.raises(InputError, match=r"GitHub reads workflows in \.github/workflows only"):
            propose(tmp_path, name)
