"""Which command runs a project's tests, from the files of the tools that it uses."""

import json
import shlex
from pathlib import Path

import pytest

from hitrate.environment.manifest import read
from hitrate.environment.runners import PYTEST
from hitrate.environment.testcommand import DJANGO, _with, choice_for_tests, command_for_tests

FOLDERS = ("tests", "lib", "unit tests")


def command(folder: Path, **files: str) -> str:
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    (folder / "test_one.py").touch()
    for name, text in files.items():
        (folder / name).write_text(text)
    return command_for_tests(read(folder))


def test_pytest_where_nothing_is_said(tmp_path: Path) -> None:
    assert command(tmp_path) == PYTEST
    assert command(tmp_path, **{"tox.ini": "no ini", "noxfile.py": "no python"}) == PYTEST


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ("pytest", ""),
        ("pytest --cov=lib --cov-report=xml {posargs: tests}", " tests"),
        ("python -m pytest {posargs:tests test_one.py}", " tests test_one.py"),
        ("coverage run --source lib -m pytest -n 2 tests {posargs}", " tests"),
        ("pytest -c lib --cov lib {toxinidir}/tests", " tests"),
        ("pytest setup.cfg missing", ""),
        ("pytest --ignore=lib/slow \\\n    tests", " --ignore=lib/slow tests"),
        ("pytest 'unit tests'", " 'unit tests'"),
        ("flake8 lib\n    - pytest tests", " tests"),
        ("slow: pytest lib\n    pytest tests", " tests"),
        ("pytest 'tests", ""),
    ],
)
def test_the_paths_that_tox_gives_to_pytest(tmp_path: Path, line: str, arguments: str) -> None:
    assert command(tmp_path, **{"tox.ini": f"[testenv]\ncommands =\n    {line}\n"}) == PYTEST + arguments


@pytest.mark.parametrize(
    "text",
    [
        "[testenv]\nchangedir = docs\ncommands = pytest tests\n",
        "[testenv]\ncommands = pytest tests\n[pytest]\ntestpaths = lib\n",
        "[testenv:docs]\ncommands = pytest tests\n",
    ],
)
def test_paths_that_do_not_count(tmp_path: Path, text: str) -> None:
    """Of another folder, or of another session, or where pytest knows better."""
    assert command(tmp_path, **{"tox.ini": text}) == PYTEST


def test_tox_in_toml(tmp_path: Path) -> None:
    text = (
        "[env_run_base]\n"
        'commands = [["ruff"], ["pytest", {replace = "posargs", default = ["tests"], extend = true}]]\n'
    )
    assert command(tmp_path, **{"tox.toml": text}) == f"{PYTEST} tests"


def test_nox(tmp_path: Path) -> None:
    text = (
        "import nox\n"
        "@nox.session\n"
        "def tests(session):\n"
        "    session.install('pytest')\n"
        "    session.run('pytest', '-q', 'tests', *session.posargs)\n"
    )
    assert command(tmp_path, **{"noxfile.py": text}) == f"{PYTEST} tests"


def test_hatch(tmp_path: Path) -> None:
    script = (
        '[tool.hatch.envs.default.scripts]\ntest = ["pytest {args:tests}", "echo"]\nlint = "pytest lib"\n'
    )
    assert command(tmp_path, **{"pyproject.toml": script}) == f"{PYTEST} tests"
    own = '[tool.hatch.envs.hatch-test]\ndefault-args = ["tests"]\n'
    assert command(tmp_path, **{"pyproject.toml": own}) == f"{PYTEST} tests"


def test_unittest_where_pytest_would_find_nothing(tmp_path: Path) -> None:
    discover = 'python -m unittest discover -s lib -p "*tests.py"'
    script = f"[tool.hatch.envs.test.scripts]\ntest = '{discover}'\n"
    assert (
        command(tmp_path, **{"pyproject.toml": script}) == "python -m unittest discover -s lib -p '*tests.py'"
    )
    assert (
        command(tmp_path, **{"tox.ini": "[testenv]\ncommands = python -m unittest discover lib\n"}) == PYTEST
    )
    both = f"[testenv]\ncommands =\n    pytest tests\n    {discover}\n"
    assert command(tmp_path, **{"tox.ini": both}) == f"{PYTEST} tests"


def test_django(tmp_path: Path) -> None:
    assert command(tmp_path, **{"manage.py": "", "requirements.txt": "django\n"}) == DJANGO
    assert command(tmp_path, **{"requirements.txt": "django\npytest-django\n"}) == PYTEST


def candidates(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    choice = choice_for_tests(read(folder))
    return [choice.command, *choice.others]


def tox(*lines: str, section: str = "testenv") -> str:
    return f"[{section}]\ncommands =\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{envpython} -m unittest -v", [PYTEST, "python -m unittest -v"]),
        ("{envpython} -Wd -m unittest discover -s lib", [PYTEST, "python -m unittest discover -s lib"]),
        ("{envbindir}/pytest lib", [f"{PYTEST} lib"]),
        ("python test_one.py", ["python test_one.py"]),
        ("python -bb -W error {toxinidir}/test_one.py -q {posargs}", ["python test_one.py -q"]),
        ("coverage run --branch --source lib test_one.py", ["python test_one.py"]),
        ("python -m coverage run -p -m unittest", [PYTEST, "python -m unittest"]),
        ("python -m lib.tests", ["python -m lib.tests"]),
        ("django-admin test --settings=a", ["python -m django test --settings=a"]),
        ("uv run --group test pytest lib", [f"{PYTEST} lib"]),
        ("pytest {[paths]all}", [f"{PYTEST} lib tests"]),
        ("pytest {posargs:{env:WHERE:tests}}", [f"{PYTEST} tests"]),
        ("pytest {toxinidir}{/}tests {envtmpdir}", [f"{PYTEST} tests"]),
        ("nose2 -v", ["python -m nose2 -v"]),
        ("zope-testrunner --test-path=src []", ["python -m zope.testrunner --test-path=src"]),
        ("pytest [] tests", [f"{PYTEST} tests"]),
        ("zope-testrunner -t 'a[]'", ["python -m zope.testrunner -t 'a[]'"]),
        ("zope-testrunner --test-path=src {posargs:-vc}", ["python -m zope.testrunner --test-path=src -vc"]),
        ("coverage run -m zope.testrunner --path=src", ["python -m zope.testrunner --path=src"]),
        ("green -vv lib", ["python -m green -vv lib"]),
        ("python -m testtools.run discover", ["python -m testtools.run discover"]),
        ("python -m xmlrunner discover -s lib", ["python -m xmlrunner discover -s lib"]),
    ],
)
def test_what_tox_runs_is_what_is_run(tmp_path: Path, line: str, expected: list[str]) -> None:
    command(tmp_path)
    found = candidates(tmp_path, **{"tox.ini": tox(line) + "[paths]\nall =\n    lib\n    tests\n"})
    assert found[: len(expected)] == expected


@pytest.mark.parametrize(
    ("name", "text", "before"),
    [
        ("tox.ini", "[testenv]\nsetenv = LAND = fr\ncommands = pytest\n", "LAND=fr "),
        ("tox.ini", "[testenv]\nset_env =\n    LAND=a b\n    PATH=/x\ncommands = pytest\n", "LAND='a b' "),
        (
            "tox.ini",
            "[testenv]\nsetenv = PYTHONPATH={toxinidir}/lib\ncommands = pytest\n",
            "PYTHONPATH=lib${PYTHONPATH:+:$PYTHONPATH} ",
        ),
        ("tox.ini", "[testenv]\nsetenv = pypy: LAND=fr\ncommands = pytest\n", ""),
        (
            "tox.ini",
            "[testenv]\nsetenv =\n    PYTHONHASHSEED=7\n    COVERAGE=x\ncommands = pytest\n",
            "",
        ),
        ("tox.ini", "[testenv]\nsetenv = LAND={env:NOWHERE}\ncommands = pytest\n", ""),
        ("tox.ini", "[testenv]\nsetenv = DB={env:DB:sqlite://x}\ncommands = pytest\n", ""),
        ("tox.ini", "[testenv]\nsetenv = PYTHONPATH={toxinidir}{:}lib\ncommands = pytest\n", ""),
        ("tox.ini", "[testenv]\nsetenv = PYTHONPATH={envsitepackagesdir}\ncommands = pytest\n", ""),
        ("tox.ini", "[testenv]\nsetenv = LAND=fr  # for the tests\ncommands = pytest\n", "LAND=fr "),
        ("tox.ini", "[testenv]\nsetenv = LAND=`id`\ncommands = pytest\n", "LAND='`id`' "),
        ("tox.toml", '[env_run_base]\nset_env = {LAND = "fr", N = 1}\ncommands = [["pytest"]]\n', "LAND=fr "),
        ("Makefile", "test:\n\tTZ=utc uv run pytest\n", "TZ=utc "),
        ("Makefile", "test:\n\tLAND=$$HOME pytest\n", ""),
        ("Makefile", "test:\n\tLD_PRELOAD=x.so FORCE_COLOR=1 pytest\n", ""),
        (
            "noxfile.py",
            "import nox\n@nox.session\ndef tests(s):\n    s.run('pytest', env={'LAND': 'fr', 'N': 1})\n",
            "LAND=fr ",
        ),
        (
            "hatch.toml",
            '[envs.test]\nenv-vars = {LAND = "fr"}\n[envs.test.scripts]\ntest = "pytest"\n',
            "LAND=fr ",
        ),
    ],
)
def test_variables_that_are_set_for_the_tests(tmp_path: Path, name: str, text: str, before: str) -> None:
    assert candidates(tmp_path, **{name: text})[0] == f"{before}{PYTEST}"


def test_the_chosen_python_runs_what_has_variables_before_it() -> None:
    assert _with("python3", "LAND=fr python -m pytest") == "LAND=fr python3 -m pytest"
    assert _with("python3", "python runtests.py python x") == "python3 runtests.py python x"


@pytest.mark.parametrize(
    "line",
    [
        "python -m pip install pytest unittest2",
        "pip install pytest",
        "python setup.py test",
        "python missing_test.py",
        "python -c 'import pytest'",
        "echo pytest",
        "python -m test",
        "python contest.py",
        "greenlet lib",
        "python -m zope.interface",
        "python -m testtools",
        "pytest lib | tee log",
    ],
)
def test_harmless_twins_run_no_tests(tmp_path: Path, line: str) -> None:
    (tmp_path / "contest.py").touch()
    command(tmp_path)
    assert candidates(tmp_path, **{"tox.ini": tox(line)}) == [
        *(PYTEST, f"{PYTEST} tests"),
        "python -m unittest",
    ]


@pytest.mark.parametrize(
    ("folders", "last"),
    [
        (["tests"], ["tests"]),
        (["test"], ["test"]),
        (["test", "tests"], ["tests"]),
        (["testing"], []),
        ([], []),
    ],
)
def test_the_folder_of_the_tests_comes_late(tmp_path: Path, folders: list[str], last: list[str]) -> None:
    for folder in folders:
        (tmp_path / folder).mkdir()
    found = candidates(tmp_path)
    assert found == [PYTEST, *(f"{PYTEST} {name}" for name in last), "python -m unittest"]


class TestToxFactors:
    def test_generative_sections(self, tmp_path: Path) -> None:
        command(tmp_path)
        text = "[tox]\nenvlist = py{310,311,312}\n" + tox("pytest lib", section="testenv:py{310,311,312}")
        assert candidates(tmp_path, **{"tox.ini": text})[0] == f"{PYTEST} lib"

    def test_lines_that_hold_for_the_environment(self, tmp_path: Path) -> None:
        command(tmp_path)
        text = "[tox]\nenv_list = lint, py3{8-13}-{old,new}\n"
        text += tox("old: pytest lib", "new,lint: pytest tests", "!new: pytest 'unit tests'", "lint: ruff")
        found = candidates(tmp_path, **{"tox.ini": text})
        assert found[0] == f"{PYTEST} tests"

    def test_an_environment_takes_what_it_does_not_say_from_all(self, tmp_path: Path) -> None:
        command(tmp_path)
        text = tox("pytest tests") + "[testenv:py313]\ndeps = pytest\n[tox]\nenvlist = py313\n"
        assert candidates(tmp_path, **{"tox.ini": text})[0] == f"{PYTEST} tests"

    def test_other_environments_do_not_count(self, tmp_path: Path) -> None:
        command(tmp_path)
        text = tox("pytest lib", section="testenv:py312-lint") + tox("pytest lib", section="testenv:docs")
        assert candidates(tmp_path, **{"tox.ini": text})[0] == PYTEST


@pytest.mark.parametrize(
    "body",
    [
        "args = ['-q']\n    args += ['tests']\n    session.run('pytest', *args)",
        "session.run('pytest', *(session.posargs or ['tests']))",
        "session.run('pytest', *(session.posargs if session.posargs else TESTS))",
        "session.run(*['python', '-m', 'pytest'], f'{FOLDER}')",
        "run(session, 'tests')",
        "run(session, *TESTS)",
        "with session.chdir('.'):\n        session.run('coverage', 'run', '-m', 'pytest', FOLDER)",
    ],
)
def test_nox_is_read_as_it_would_run(tmp_path: Path, body: str) -> None:
    command(tmp_path)
    head = (
        "import nox\nFOLDER = 'tests'\nTESTS = [FOLDER]\n"
        "def run(session, *paths):\n    session.run('pytest', *paths)\n"
        "@nox.session(python=['3.12'])\n@nox.parametrize('x', ['1', '2'])\n"
    )
    found = candidates(tmp_path, **{"noxfile.py": f"{head}def tests(session, x):\n    {body}\n"})
    assert found[0] == f"{PYTEST} tests"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Makefile", "PYTHON ?= python3\n.PHONY: test\ntest: build\n\t@$(PYTHON) -m pytest tests\n"),
        ("Makefile", "tests:\n\t$(UNSET) -m pytest tests\nlint:\n\tpytest lib\n"),
        ("justfile", "lint:\n    pytest lib\ntest *args: lint2\n    @uv run pytest tests {{args}}\n"),
        ("pyproject.toml", "[tool.poe.tasks]\ntest = {cmd = 'pytest tests'}\nlint = 'pytest lib'\n"),
        ("pyproject.toml", "[tool.pdm.scripts]\ntest = 'pytest tests'\n"),
        (
            ".github/workflows/ci.yml",
            (
                "jobs:\n  docs:\n    steps: [{run: pytest lib}]\n  test:\n    steps:\n    - run: |"
                "\n        pip install pytest\n        poetry run pytest tests\n"
            ),
        ),
        (
            ".github/workflows/a.yaml",
            (
                "jobs:\n  test:\n    steps:\n    - run: cd lib && pytest lib\n"
                "    - {run: pytest lib, working-directory: lib}\n    - run: pytest ${{ matrix.x }}\n"
                "    - run: python -m pytest tests\n"
            ),
        ),
    ],
)
def test_targets_tasks_and_workflows(tmp_path: Path, name: str, text: str) -> None:
    command(tmp_path)
    assert candidates(tmp_path, **{name: text})[0] == f"{PYTEST} tests"


@pytest.mark.parametrize(
    "text",
    ["", "a: [", "jobs: 1\n", "jobs: {a: 1, b: {steps: 3}, c: {steps: [1, {run: 2}]}}", "- 1", "a: &a [*a]"],
)
def test_workflows_that_say_nothing(tmp_path: Path, text: str) -> None:
    assert candidates(tmp_path, **{".github/workflows/ci.yml": text})[0] == PYTEST


@pytest.mark.parametrize(
    "line",
    [
        "sh -c 'pytest tests'",
        "bash -ec 'pip install x && python -m pytest tests'",
        '/bin/sh -c "pytest {posargs} tests"',
        "env A=1 bash -c 'pytest tests'",
    ],
)
def test_what_a_shell_is_handed(tmp_path: Path, line: str) -> None:
    found = command(tmp_path, **{"tox.ini": f"[testenv]\ncommands = {line}\n"})
    assert found.removeprefix("A=1 ") == f"{PYTEST} tests"


@pytest.mark.parametrize(
    "line", ["sh run.sh", "bash -c", "sh -c 'cd lib && pytest tests'", "sh -c 'echo tests'"]
)
def test_shells_that_run_no_tests_here(tmp_path: Path, line: str) -> None:
    assert command(tmp_path, **{"tox.ini": f"[testenv]\ncommands = {line}\n"}) == PYTEST


@pytest.mark.parametrize("value", ["what?", "a b", "*.py", "x=y", "it's", "two\nlines", "plain"])
def test_values_of_variables_come_through_the_shell(tmp_path: Path, value: str) -> None:
    run = f"session.run('pytest', 'tests', env={{'MODE': {value!r}}})"
    nox = f"@nox.session\ndef tests(session):\n    {run}\n"
    hatch = f"[envs.test.scripts]\ntest = 'pytest tests'\n[envs.test.env-vars]\nMODE = {json.dumps(value)}\n"
    for number, (name, text) in enumerate({"noxfile.py": nox, "hatch.toml": hatch}.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = command(folder, **{name: text})
        assert found == f"MODE={shlex.quote(value)} {PYTEST} tests"
        assert shlex.split(found)[0] == f"MODE={value}"


IN_FOLDER = "defaults: {run: {working-directory: python}}"


def monorepo(tree: Path, workflow: str) -> str:
    (tree / ".github" / "workflows").mkdir(parents=True)
    (tree / ".github" / "workflows" / "ci.yml").write_text(workflow)
    folder = tree / "python"
    (folder / "tests").mkdir(parents=True)
    (folder / "setup.py").touch()
    return command_for_tests(read(folder))


@pytest.mark.parametrize(
    "workflow",
    [
        "jobs:\n  test:\n    steps:\n    - {run: pytest tests, working-directory: ./python/}\n",
        "jobs:\n  test:\n    steps:\n    - run: cd python && pytest tests\n",
        "jobs:\n  test:\n    steps:\n    - run: |\n        cd python\n        pytest tests\n",
        f"jobs:\n  test:\n    {IN_FOLDER}\n    steps:\n    - run: pytest tests\n",
        f"{IN_FOLDER}\njobs:\n  test:\n    steps:\n    - run: pytest tests\n",
        "jobs:\n  test:\n    steps:\n    - run: pytest lib\n    - run: cd ./python; pytest tests\n",
    ],
)
def test_workflows_about_a_folder_of_the_repository(tmp_path: Path, workflow: str) -> None:
    assert monorepo(tmp_path, workflow) == f"{PYTEST} tests"


@pytest.mark.parametrize(
    "workflow",
    [
        "jobs:\n  test:\n    steps:\n    - run: pytest tests\n",
        "jobs:\n  test:\n    steps:\n    - {run: pytest tests, working-directory: rust}\n",
        "jobs:\n  test:\n    steps:\n    - run: cd python && cd sub && pytest tests\n",
        "defaults: [1]\njobs:\n  test:\n    defaults: {run: 3}\n    steps:\n    - run: pytest tests\n",
    ],
)
def test_workflows_about_another_folder(tmp_path: Path, workflow: str) -> None:
    assert monorepo(tmp_path, workflow) == PYTEST


def test_the_suite_that_setup_py_names(tmp_path: Path) -> None:
    found = candidates(
        tmp_path, **{"setup.py": "from setuptools import setup\nsetup(test_suite='lib.checks')\n"}
    )
    assert found == [PYTEST, "python -m unittest lib.checks", "python -m unittest"]
    other = candidates(
        tmp_path, **{"setup.py": "from setuptools import setup\nsetup(test_suite='nose.collector')\n"}
    )
    assert other == [PYTEST, "python -m unittest"]
