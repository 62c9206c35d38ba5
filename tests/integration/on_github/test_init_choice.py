"""Which job `hitrate init` takes, and when it takes none: each fault with relatives and twins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hitrate.errors import InputError
from hitrate.workflow.init import FOLDER, OWN, Proposal, propose, write
from hitrate.workflow.reading.document import load

CHECKOUT = "- uses: actions/checkout@v4"
TOX = """
[tox]
env_list = py3{10,11}, docs, lint, mypy, speed
[testenv]
deps = pytest
commands =
    !mypy: pytest {posargs}
    mypy: mypy src
[testenv:docs]
commands = sphinx-build docs out
[testenv:lint]
commands = ruff check .
[testenv:speed]
commands = python scripts/measure.py
[testenv:thorough]
commands = pytest --slow
"""
NOX = """
import nox

@nox.session(python=["3.11", "3.12"])
def tests(session):
    _run(session, "pytest")

@nox.session
def docs(session):
    session.run("pytest", "docs")

@nox.session
def everything(session):
    session.run("python", "-m", "pytest")

def _run(session, *words):
    session.run(*words)
"""


def job(
    *steps: str, name: str = "test", above: str = "", runs_on: str = "ubuntu-latest", checkout: bool = True
) -> str:
    """A job; a step without a dash is a script of one or more lines."""
    lines = [
        f"  {name}:",
        f"    runs-on: {runs_on}",
        *(f"    {line}" for line in above.splitlines()),
        "    steps:",
    ]
    for one in (*([CHECKOUT] if checkout else []), *steps):
        if one.startswith("- "):
            lines += [f"      {line}" for line in one.splitlines()]
        else:
            lines += ["      - run: |", *(f"          {line}" for line in one.splitlines())]
    return "\n".join([*lines, ""])


def workflow(*jobs: str, on: str = "pull_request") -> str:
    return f"on: {on}\njobs:\n" + "".join(jobs)


def proposed(root: Path, files: Mapping[str, str], resolve: str | None = None) -> Proposal:
    """What is proposed for a repository; a name without a folder that ends as YAML is a workflow."""
    for name, text in files.items():
        path = root / FOLDER / name if name.endswith((".yml", ".yaml")) and "/" not in name else root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return propose(root, None, lambda: resolve)


def step_of(proposal: Proposal) -> dict[str, Any]:
    assert proposal.chosen is not None, proposal.notes
    step: dict[str, Any] = load(proposal.after or "")["jobs"][proposal.chosen.job]["steps"][-1]
    assert step["name"] == "Hitrate"
    return step


def taken(proposal: Proposal) -> str | None:
    return proposal.chosen.job if proposal.chosen else None


# What tox and nox run.


@pytest.mark.parametrize(
    ("command", "is_tests"),
    [
        ("tox", True),
        ("tox -e py311", True),
        ("tox run -e py311,docs", True),
        ("python -m tox -epy", True),
        ("uvx --with tox-uv tox -e py310", True),
        ("tox -e thorough", True),
        ("TOXENV=py311 tox", True),
        ("tox -e docs", False),
        ("tox -e lint", False),
        ("tox -e py311-mypy", False),
        ("tox run -f typing", False),
        ("tox -e check,build", False),
        ("tox -e speed", False),
        ("tox --notest", False),
        ("tox list", False),
        ("tox config -e py311", False),
    ],
)
def test_environments_of_tox_by_what_they_run(tmp_path: Path, command: str, is_tests: bool) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(command, name="all")), "tox.ini": TOX})
    assert (taken(found) == "all") is is_tests
    if is_tests:
        assert "with" not in step_of(found)


@pytest.mark.parametrize(
    ("command", "is_tests"),
    [
        ("nox", True),
        ("nox -s tests", True),
        ("nox -s tests-3.12 -- --verbose", True),
        ("pipx run nox --session everything", True),
        ("uvx nox -s 'tests(django=5)'", True),
        ("nox -s docs", False),
        ("nox -s lint tests", True),
        ("nox --list", False),
    ],
)
def test_sessions_of_nox_by_what_they_run(tmp_path: Path, command: str, is_tests: bool) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(command, name="all")), "noxfile.py": NOX})
    assert (taken(found) == "all") is is_tests
    if is_tests:
        assert "with" not in step_of(found)


@pytest.mark.parametrize(
    ("variables", "job_taken"),
    [("TOXENV: docs", None), ("TOX_ENV: lint", None), ("TOXENV: py311", "all"), ("FORCE_COLOR: 1", "all")],
)
def test_the_environment_that_a_variable_names(tmp_path: Path, variables: str, job_taken: str | None) -> None:
    step = f"- run: tox\n  env: {{{variables}}}"
    assert taken(proposed(tmp_path, {"ci.yml": workflow(job(step, name="all")), "tox.ini": TOX})) == job_taken


def test_the_environment_that_a_row_of_the_matrix_names(tmp_path: Path) -> None:
    above = "strategy: {matrix: {include: [{env: docs}, {env: lint}, {env: py311}]}}"
    text = workflow(job("tox -e ${{ matrix.env }}", above=above))
    found = proposed(tmp_path, {"ci.yml": text, "tox.ini": TOX})
    assert step_of(found) == {"name": "Hitrate", "if": "matrix.env == 'py311'", "uses": "hitrate/hitrate@v0"}


def test_without_its_configuration_tox_is_called_as_the_job_does(tmp_path: Path) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job("tox -e py311"))})
    assert step_of(found)["with"] == {"install": "python -m pip install tox", "test-command": "tox -e py311"}


@pytest.mark.parametrize("runner", ["django test -v2", "widgets.test --quick"])
def test_what_tox_runs_is_said_where_detection_would_not_find_it(tmp_path: Path, runner: str) -> None:
    tox = (
        "[testenv]\nsetenv =\n  SETTINGS = tests.settings\n  lint: A = b\n  B = {env:B:c}\n"
        f"commands =\n  coverage erase\n  python -m {runner} {{posargs:tests}}\n  coverage report\n"
    )
    found = step_of(proposed(tmp_path, {"ci.yml": workflow(job("pip install tox", "tox")), "tox.ini": tox}))
    assert found["with"] == {"test-command": f"python -m {runner} tests", "pass-env": "SETTINGS"}
    assert found["env"] == {"SETTINGS": "tests.settings"}


# Names of jobs and files.


@pytest.mark.parametrize("other", ["lint", "docs", "typing", "mypy", "benchmark", "release", "pre-commit"])
def test_a_job_called_otherwise_is_never_taken(tmp_path: Path, other: str) -> None:
    assert taken(proposed(tmp_path, {"ci.yml": workflow(job("pytest", name=other))})) is None


@pytest.mark.parametrize("harmless", ["build", "check", "main", "python", "linux", "all", "unit"])
def test_a_job_with_a_plain_name_is_taken(tmp_path: Path, harmless: str) -> None:
    assert taken(proposed(tmp_path, {"ci.yml": workflow(job("pytest", name=harmless))})) == harmless


@pytest.mark.parametrize(
    "part",
    ["integration", "downstream", "alpine-tests", "test-plugins", "minimum", "nightly", "no_deps", "memory"],
)
def test_the_tests_before_a_part_of_them(tmp_path: Path, part: str) -> None:
    text = workflow(job("pytest", name=part), job("tox", name="test"))
    assert taken(proposed(tmp_path, {"ci.yml": text, "tox.ini": TOX})) == "test"


def test_a_file_called_after_tests_before_another(tmp_path: Path) -> None:
    files = {
        name: workflow(job("pytest", name="run")) for name in ("a.yml", "nightly.yml", "tests.yaml", "z.yml")
    }
    found = proposed(tmp_path, files)
    assert found.path == f"{FOLDER}/tests.yaml"


def test_a_part_of_the_tests_alone_is_not_taken_unasked(tmp_path: Path) -> None:
    files = {"ci.yml": workflow(job("pytest tests/integration", name="integration"))}
    found = proposed(tmp_path, files)
    assert (found.path, taken(found)) == (OWN, None)
    assert any("job integration: " in note and "a part of the tests" in note for note in found.notes)
    assert taken(propose(tmp_path, f"{FOLDER}/ci.yml")) == "integration"


def test_only_workflows_that_github_reads(tmp_path: Path) -> None:
    text = workflow(job("pytest"))
    folder = tmp_path / FOLDER
    for name in ("old/ci.yml", "ci.yml.bak", "ci.yaml~", "ci.yxml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "folder.yml").mkdir()
    assert propose(tmp_path, None).path == OWN
    for name in ("ci.yml", f"{FOLDER}/old/ci.yml", f"{FOLDER}/ci.yml.bak"):
        with pytest.raises(InputError, match=r"GitHub reads workflows in \.github/workflows only"):
            propose(tmp_path, name)


# Systems, containers and Pythons.


@pytest.mark.parametrize(
    ("matrix", "condition"),
    [
        ("{os: [windows-latest, ubuntu-latest], py: ['3.11']}", "matrix.os == 'ubuntu-latest'"),
        ("{os: [ubuntu-24.04-arm, ubuntu-latest], py: ['3.11']}", "matrix.os == 'ubuntu-latest'"),
        ("{os: [ubuntu-latest], py: [pypy3.10, '3.12']}", "matrix.py == '3.12'"),
        ("{os: [ubuntu-latest], py: ['3.7', '3.12']}", "matrix.py == '3.12'"),
        ("{os: [ubuntu-latest], py: ['3.8', '3.12']}", "matrix.py == '3.12'"),
        ("{os: [ubuntu-latest], py: ['3.14t', '3.15-dev', '3.13']}", "matrix.py == '3.13'"),
        ("{os: [ubuntu-latest], py: ['3.15', '3.12']}", "matrix.py == '3.12'"),
        ("{os: [ubuntu-latest], py: ['3.12'], deps: [minimal, latest]}", "matrix.deps == 'latest'"),
        ("{os: [ubuntu-latest], py: ['3.12'], experimental: [true, false]}", "strategy.job-index == 1"),
        ("{os: [ubuntu-latest], py: ['3.12', '3.13']}", "strategy.job-index == 0"),
    ],
)
def test_the_plainest_row_of_the_matrix(tmp_path: Path, matrix: str, condition: str) -> None:
    setup = "- uses: actions/setup-python@v5\n  with: {python-version: '${{ matrix.py }}'}"
    text = workflow(job(setup, "pytest", above=f"strategy: {{matrix: {matrix}}}", runs_on="${{ matrix.os }}"))
    found = step_of(proposed(tmp_path, {"ci.yml": text}))
    expected = condition if "experimental" not in matrix else "matrix.experimental == false"
    assert found["if"] == expected
    assert found["with"]["python-version"] == "${{ matrix.py }}"


@pytest.mark.parametrize(
    "runs_on", ["${{ matrix.os || 'ubuntu-latest' }}", "${{ matrix.os && 'macos-14' || 'ubuntu-latest' }}"]
)
def test_a_system_that_an_expression_gives(tmp_path: Path, runs_on: str) -> None:
    above = "strategy: {matrix: {include: [{os: windows-latest, py: '3.12'}, {py: '3.13'}]}}"
    found = step_of(proposed(tmp_path, {"ci.yml": workflow(job("pytest", above=above, runs_on=runs_on))}))
    assert found["if"] == "matrix.py == '3.13'"


def test_a_plain_job_before_a_container(tmp_path: Path) -> None:
    inside = job("pytest", name="test", above="container: python:3.12-alpine")
    assert taken(proposed(tmp_path, {"ci.yml": workflow(inside, job("pytest", name="native"))})) == "native"


def test_a_container_that_only_some_rows_have(tmp_path: Path) -> None:
    above = "container: ${{ matrix.image }}\nstrategy: {matrix: {image: ['python:3.7', '']}}"
    found = step_of(proposed(tmp_path, {"ci.yml": workflow(job("pytest", above=above))}))
    assert found["if"] == "strategy.job-index == 1" or found["if"] == "matrix.image == ''"


@pytest.mark.parametrize("version", ["pypy3.10", "3.7", "3.14t", "graalpy-24"])
def test_a_python_that_cannot_be_measured_is_not_taken(tmp_path: Path, version: str) -> None:
    setup = f"- uses: actions/setup-python@v5\n  with: {{python-version: '{version}'}}"
    found = proposed(tmp_path, {"ci.yml": workflow(job(setup, "pytest"))})
    assert taken(found) is None
    assert any(f"runs on Python {version} only" in note for note in found.notes)


@pytest.mark.parametrize(
    ("given", "passed"),
    [("3.12", "3.12"), ("3.12.4", "3.12.4"), ("3.x", None), (">=3.9", None), ("${{ matrix.p }}", None)],
)
def test_only_a_version_that_the_action_takes_is_passed_on(
    tmp_path: Path, given: str, passed: str | None
) -> None:
    setup = f"- uses: actions/setup-python@v5\n  with: {{python-version: '{given}'}}"
    text = workflow(job(setup, "pytest", above="strategy: {matrix: {p: [3.x]}}"))
    assert step_of(proposed(tmp_path, {"ci.yml": text}))["with"].get("python-version") == passed


@pytest.mark.parametrize(
    "command",
    [
        "uv run --python 3.12 pytest -q",
        "uv run -p 3.12 --group test -- pytest -q",
        "uv run --isolated --python=3.12 python -m pytest -q",
        "uv run --python '3.12' --with coverage coverage run -m pytest",
    ],
)
def test_the_python_that_uv_is_told(tmp_path: Path, command: str) -> None:
    given = step_of(proposed(tmp_path, {"ci.yml": workflow(job(command))}))["with"]
    assert given["python-version"] == "3.12"
    assert "uv" not in given["test-command"]
    assert given["test-command"].endswith(("pytest -q", "-m pytest"))


@pytest.mark.parametrize(("runs_on", "written"), [("windows-latest", False), ("macos-14", True)])
def test_windows_only_is_told(tmp_path: Path, runs_on: str, written: bool) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job("pytest", runs_on=runs_on))})
    assert (found.after is not None) is written
    assert any("Windows only" in note for note in found.notes) is not written
    assert not (tmp_path / OWN).exists()


# What must not be taken along.


@pytest.mark.parametrize(
    "steps",
    [
        ["rm -rf src", "pytest"],
        ["rm -r widgets\npytest"],
        ["mv src elsewhere && pytest"],
        ["git apply fix.patch", "pytest"],
        ["patch -p1 < fix.patch\npytest"],
        ["sed -i s/a/b/ setup.cfg", "pytest"],
        ["git checkout HEAD~1 -- src", "pytest"],
        ["tar xf dist/widgets.tar.gz --strip-components=1", "pytest"],
        ["pip install dist/*.whl", "pytest"],
        ["- uses: actions/download-artifact@v4\n  with: {path: dist}", "pytest"],
        ["- uses: actions/checkout@v4\n  with: {repository: other/project}", "pytest"],
        ["- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.pull_request.base.sha }}'}", "pytest"],
        ["tox run --installpkg dist/*.whl"],
        ["echo >>$GITHUB_OUTPUT tests=$(\n  pytest --collect-only -q\n)\npytest"],
        ['pytest -k "a\n  or b"'],
        ["if ! pytest; then\n  echo failed >> $GITHUB_STEP_SUMMARY\nfi"],
    ],
)
def test_a_job_that_tests_something_else_than_the_change_is_not_taken(
    tmp_path: Path, steps: list[str]
) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(*steps))})
    assert (taken(found), found.path) == (None, OWN)
    assert any("job test: " in note and "; but " in note for note in found.notes)


@pytest.mark.parametrize(
    "steps",
    [
        ["pip --version || rm -rf .venv", "pytest"],
        ["rm -rf build dist .tox __pycache__ widgets.egg-info", "pytest"],
        ["sudo rm -f /usr/bin/chrome", "pytest"],
        ["rm -rf ~/.cache", "pytest"],
        ["git fetch --tags", "pytest"],
        ["sed -n 1p setup.cfg", "pytest"],
        ["pytest", "rm -rf src"],
        ["pytest", "python -m build && twine check dist/*"],
        ["- uses: actions/download-artifact@v4\n  with: {path: data}", "pytest"],
        ["- uses: actions/checkout@v4\n  with: {repository: '${{ github.repository }}'}", "pytest"],
        ["- if: matrix.os == 'Windows'\n  run: rm -rf src", "pytest"],
        ["- if: runner.os == 'Windows'\n  run: git apply x", "pytest"],
        ["pytest -k 'a or b'"],
        ["source .venv/bin/activate\npytest"],
        ["for part in a b; do\n  pytest $part\ndone"],
    ],
)
def test_what_only_looks_like_it_is_harmless(tmp_path: Path, steps: list[str]) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(*steps))})
    assert taken(found) == "test", found.notes
    assert "activate" not in step_of(found)["with"]["test-command"]


@pytest.mark.parametrize(
    "condition",
    [
        "github.event.pull_request.head.repo.full_name != github.repository",
        "${{ github.event_name == 'push' || github.event.pull_request.head.repo.fork }}",
        "!contains('OWNER,MEMBER', github.event.pull_request.author_association)",
        "contains(github.event.pull_request.labels.*.name, 'run tests')",
        "github.head_ref != 'devel'",
    ],
)
def test_a_job_that_skips_some_pull_requests_is_not_taken(tmp_path: Path, condition: str) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job("pytest", above=f'if: "{condition}"'))})
    assert taken(found) is None
    assert any("skips some pull requests: `if: " in note for note in found.notes)


@pytest.mark.parametrize(
    "condition",
    [
        "github.event_name != 'schedule' || github.repository_owner == 'us'",
        "github.event.action != 'closed'",
        "needs.changes.outputs.source == 'true'",
        "always()",
        "true",
    ],
)
def test_a_job_that_runs_for_every_pull_request_is_taken(tmp_path: Path, condition: str) -> None:
    assert (
        taken(proposed(tmp_path, {"ci.yml": workflow(job("pytest", above=f'if: "{condition}"'))})) == "test"
    )


@pytest.mark.parametrize(
    ("on", "is_taken"),
    [
        ("pull_request", True),
        ("[push, pull_request]", True),
        ("push", True),
        ("{pull_request: {types: [opened, synchronize]}}", True),
        ("{pull_request: {paths: ['src/**', '.github/**']}}", True),
        ("{pull_request: {paths: [.github/workflows/ci.yml, action.yml]}}", False),
        ("{pull_request: {paths: ['docs/**']}}", False),
        ("{pull_request: {types: [labeled]}}", False),
        ("{push: {tags: ['v*']}}", False),
        ("{schedule: [{cron: '0 0 * * *'}]}", False),
        ("workflow_dispatch", False),
        ("pull_request_target", False),
    ],
)
def test_only_a_workflow_that_looks_at_changes_is_taken(tmp_path: Path, on: str, is_taken: bool) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job("pytest"), on=on)})
    assert (taken(found) == "test") is is_taken


def test_steps_that_do_not_run_in_the_row_are_left_out(tmp_path: Path) -> None:
    steps = (
        "- if: matrix.lowest\n  run: pip install --pre widgets",
        "- if: '!matrix.lowest'\n  run: pip install -e .[test]",
        "- if: startsWith(matrix.py, 'pypy')\n  run: sudo apt-get install -y libxml2-dev",
        "pytest",
    )
    above = "strategy: {matrix: {lowest: [true, false], py: ['3.12']}}"
    given = step_of(proposed(tmp_path, {"ci.yml": workflow(job(*steps, above=above))}))["with"]
    assert given == {"install": "pip install -e .[test]", "test-command": "pytest"}


# Detection, make, scripts.


@pytest.mark.parametrize(
    "command", ["make test", "just test", "./scripts/test", "bash scripts/run-tests.sh", "hatch test"]
)
def test_what_detection_finds_as_well_is_left_to_it(tmp_path: Path, command: str) -> None:
    pyproject = "[project]\nname = 'a'\nversion = '1'\n[tool.hatch]\n[dependency-groups]\ntest = ['pytest']\n"
    found = proposed(
        tmp_path, {"ci.yml": workflow(job("pip install hatch", command)), "pyproject.toml": pyproject}
    )
    assert "with" not in step_of(found)
    assert any("is detected" in note for note in found.notes)


def test_a_script_is_taken_where_pytest_is_configured_but_not_declared(tmp_path: Path) -> None:
    steps = ("pip install ./part", "./tools/test.sh")
    files = {"test.yml": workflow(job(*steps)), "pyproject.toml": "[tool.pytest.ini_options]\n"}
    given = step_of(proposed(tmp_path, files))["with"]
    assert given == {"install": "pip install ./part", "test-command": "./tools/test.sh"}


def test_a_target_of_make_is_read_where_detection_knows_nothing(tmp_path: Path) -> None:
    makefile = (
        "PY = python\n.PHONY: cover\ncover: deps\n\t$(PY) -m coverage run -m unittest\n\tcoverage report\n"
        "deps:\n\tpip install -r t.txt\n"
    )
    found = proposed(tmp_path, {"test.yml": workflow(job("make cover")), "Makefile": makefile})
    assert step_of(found)["with"] == {
        "install": "pip install -r t.txt",
        "test-command": "python -m coverage run -m unittest",
    }


# Services, variables, what is absent.

SERVICES = (
    "services: {db: {image: 'postgres:16', ports: ['5433:5432']}, cache: {image: redis, ports: [6379]}}"
)


@pytest.mark.parametrize(
    ("value", "there"),
    [
        ("postgres://u:p@localhost:5433/d", "postgres://u:p@db:5432/d"),
        ("redis://127.0.0.1:6379", "redis://cache:6379"),
        ("redis://localhost:6380", None),
        ("localhost", None),
        ("${{ job.services.db.ports['5432'] }}", "5432"),
        ("plain", None),
    ],
)
def test_a_service_is_named_as_the_container_sees_it(tmp_path: Path, value: str, there: str | None) -> None:
    text = workflow(job("pytest", above=f'{SERVICES}\nenv: {{ADDRESS: "{value}"}}'))
    step = step_of(proposed(tmp_path, {"ci.yml": text}))
    assert step["with"]["pass-env"] == "ADDRESS"
    assert step.get("env") == ({"ADDRESS": there} if there else None)


def test_a_job_that_needs_no_server_before_one_that_does(tmp_path: Path) -> None:
    served = job("pytest", name="mysql", above="services: {db: {image: mysql}}")
    assert taken(proposed(tmp_path, {"test.yml": workflow(served, job("pytest", name="sqlite"))})) == "sqlite"
    only = proposed(tmp_path, {"test.yml": workflow(served)})
    assert taken(only) == "mysql"
    assert any("needs services: db" in note for note in only.notes)


@pytest.mark.parametrize("folder", ["${{ github.workspace }}/data", "${{ runner.temp }}"])
def test_a_folder_of_the_runner_is_not_passed_on_and_that_is_said(tmp_path: Path, folder: str) -> None:
    text = workflow(job("pytest", above=f"env: {{DATA: '{folder}', B: data}}"))
    found = proposed(tmp_path, {"ci.yml": text})
    assert step_of(found)["with"]["pass-env"] == "B"
    assert "Not passed on, since a container has other folders: DATA." in found.notes


def test_the_host_of_the_only_service_is_its_name(tmp_path: Path) -> None:
    above = "services: {db: {image: postgres, ports: ['5432:5432']}}\nenv: {PGHOST: localhost}"
    assert step_of(proposed(tmp_path, {"ci.yml": workflow(job("pytest", above=above))}))["env"] == {
        "PGHOST": "db"
    }


def test_no_secret_and_no_variable_of_a_tool_is_passed_on(tmp_path: Path) -> None:
    env = (
        "{A: '${{ secrets.A }}', B: '${{ github.token }}', C: '${{ toJson(github) }}', TOXENV: py, "
        "UV_FROZEN: 1, COVERAGE_FILE: x, CODECOV_TOKEN: y, PIP_INDEX_URL: z, UVICORN_PORT: 80, D: d}"
    )
    text = workflow(job("pytest", above=f"env: {env}"))
    assert (
        step_of(proposed(tmp_path, {"ci.yml": text}))["with"]["pass-env"] == "PIP_INDEX_URL, UVICORN_PORT, D"
    )


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("- uses: supercharge/redis-github-action@v1\n  name: Redis", "Step “Redis” starts a server"),
        ("docker compose up -d", "Step “docker compose up -d” starts a server"),
        ("sudo systemctl start mysql", "starts a server"),
        ("- uses: actions/setup-node@v4", "Step “actions/setup-node@v4” installs something on the runner"),
        ("git config --global user.name a", "changes the runner, not the checkout"),
        ("echo A=1 >> $GITHUB_ENV", "changes the runner, not the checkout"),
        ("echo 1.2.3.4 a | sudo tee -a /etc/hosts", "changes the runner, not the checkout"),
    ],
)
def test_what_the_container_has_not_is_said(tmp_path: Path, step: str, said: str) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(step, "pytest"))})
    assert any(said in note for note in found.notes)


@pytest.mark.parametrize(
    "step", ["git config --global --get user.name", "echo redis", "- uses: actions/setup-python@v5"]
)
def test_nothing_is_said_of_what_is_there(tmp_path: Path, step: str) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(step, "pytest"))})
    assert not any("Step “" in note for note in found.notes)


def test_system_packages_are_installed_without_anybody_to_ask(tmp_path: Path) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job("sudo apt install gettext", "pytest"))})
    assert step_of(found)["with"]["setup"] == "set -e\napt-get update\napt install -y gettext\n"


# A workflow of its own.


def test_a_workflow_of_its_own_takes_packages_along_and_says_what_is_missing(tmp_path: Path) -> None:
    above = "services: {db: {image: postgres}}\nenv: {DATABASE: x, FORCE_COLOR: 1}"
    steps = ("sudo apt-get update && sudo apt-get install -y libpq-dev", "rm -rf src", "pytest")
    found = proposed(tmp_path, {"ci.yml": workflow(job(*steps, above=above))})
    (step,) = [
        one for one in load(found.after or "")["jobs"]["hitrate"]["steps"] if one.get("name") == "Hitrate"
    ]
    setup = "set -e\napt-get update\napt-get install -y libpq-dev\n"
    assert step["with"] == {"setup": setup, "memory": ".cache/hitrate-memory"}
    assert found.notes[0].startswith("Not sure which job runs the tests")
    assert "Job test has services (db) and this workflow has none; add them if needed." in found.notes
    assert any(note.startswith("Job test sets DATABASE and this workflow does not") for note in found.notes)
    write(tmp_path, found)
    assert not propose(tmp_path, None).changes


def test_equals_are_taken_in_their_order(tmp_path: Path) -> None:
    text = workflow(job("pytest -q", name="linux"), job("pytest -x", name="others"))
    assert taken(proposed(tmp_path, {"ci.yml": text})) == "linux"


def test_a_job_that_cannot_be_changed_gives_way_to_the_next(tmp_path: Path) -> None:
    flow = workflow("  test: {runs-on: ubuntu-latest, steps: [{uses: actions/checkout@v4}, {run: pytest}]}\n")
    found = proposed(tmp_path, {"a.yml": flow, "b.yml": workflow(job("pytest", name="run"))})
    assert (found.path, taken(found)) == (f"{FOLDER}/b.yml", "run")


# Actions pinned by commit.

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PINNED = f"- uses: actions/checkout@{COMMIT} # v4.2.0"


@pytest.mark.parametrize(
    ("resolved", "uses"),
    [
        (COMMIT, f"hitrate/hitrate@{COMMIT} # v0"),
        (None, "hitrate/hitrate@v0"),
        ("main", "hitrate/hitrate@v0"),
    ],
)
def test_the_action_is_pinned_where_the_others_are(tmp_path: Path, resolved: str | None, uses: str) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(PINNED, "pytest", checkout=False))}, resolved)
    assert f"uses: {uses}\n" in (found.after or "")
    assert any("pin this one too" in note for note in found.notes) is (resolved != COMMIT)


def test_a_workflow_of_its_own_pins_as_the_others_do(tmp_path: Path) -> None:
    found = proposed(tmp_path, {"ci.yml": workflow(job(PINNED, "tox -e docs", checkout=False))}, COMMIT)
    assert f"uses: actions/checkout@{COMMIT} # v4.2.0\n" in (found.after or "")
    assert f"uses: hitrate/hitrate@{COMMIT} # v0\n" in (found.after or "")


def test_nobody_is_asked_where_nothing_is_pinned(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "ci.yml").write_text(workflow(job("pytest")))

    def never() -> str | None:
        raise AssertionError

    assert propose(tmp_path, None, never).changes
