"""How projects are recognised, one case a way of packaging."""

from pathlib import Path

import pytest

from hitrate.environment.detect import detect
from hitrate.environment.manifest import pep440, read
from hitrate.errors import AnalysisError

STYLES = Path(__file__).parents[2] / "projects" / "styles"
PYTHON = "/python"
PROJECT = '[project]\nname = "lib"\n[build-system]\nrequires = []\n'


def commands(folder: Path) -> list[str]:
    return list(detect(read(folder), tool_python=PYTHON).commands)


def made(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("poetry", [f"uv tool run --python={PYTHON} poetry install --no-interaction"]),
        ("pdm", [f"uv tool run --python={PYTHON} '--from=pdm[locked]' pdm install --frozen-lockfile --dev"]),
        ("extras", ["uv pip install -e '.[test]'"]),
        ("groups", ["uv pip install -e . --group tests"]),
        ("requirements", ["uv pip install -r requirements.txt -r requirements-dev.txt"]),
        ("setup-cfg", ["uv pip install -e '.[testing]'"]),
        ("setup-py", ["uv pip install -e '.[test]'"]),
        ("setup-py-made", ["uv pip install -e ."]),
        ("tox", ["uv pip install iniconfig pytest", "uv pip install -e ."]),
        ("nox", ["uv pip install pytest iniconfig", "uv pip install -e ."]),
        ("none", []),
    ],
)
def test_sample_projects(style: str, expected: list[str]) -> None:
    assert commands(STYLES / style) == expected


def test_uv_lock(tmp_path: Path) -> None:
    groups = (
        "[dependency-groups]\ndev = []\ntest = []\ndocs = []\n[project.optional-dependencies]\ntesting = []\n"
    )
    made(tmp_path, **{"uv.lock": "", "pyproject.toml": PROJECT + groups})
    assert commands(tmp_path) == ["uv sync --frozen --inexact --extra testing --group test"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "noxfile.py",
            "import nox\n@nox.session\ndef tests(session):\n    session.install('.[cloud,fast-io]')\n",
        ),
        ("tox.ini", "[testenv]\nextras =\n    cloud\n    fast-io\ncommands = pytest\n"),
    ],
)
def test_a_lock_and_the_extras_of_the_session(tmp_path: Path, name: str, text: str) -> None:
    made(tmp_path, **{"uv.lock": "", "pyproject.toml": PROJECT + MANY, name: text})
    assert commands(tmp_path) == ["uv sync --frozen --inexact --extra cloud --extra fast_io"]
    (tmp_path / "uv.lock").rename(tmp_path / "poetry.lock")
    assert commands(tmp_path)[0].endswith("install --no-interaction --extras cloud --extras fast_io")
    (tmp_path / "poetry.lock").rename(tmp_path / "pdm.lock")
    assert commands(tmp_path)[0].endswith("--dev --group cloud --group fast_io")


def test_a_session_goes_before_what_developers_use(tmp_path: Path) -> None:
    ini = "[testenv]\ndeps =\n    pytest\n    mypy\ncommands = pytest\n"
    made(tmp_path, **{"setup.py": "", "requirements-dev.txt": "pytest\nblack==20.8b1\n", "tox.ini": ini})
    assert commands(tmp_path) == ["uv pip install pytest mypy", "uv pip install -e ."]


def test_files_for_tests_go_before_a_session(tmp_path: Path) -> None:
    ini = "[testenv]\ndeps =\n    pytest\ncommands = pytest\n"
    made(tmp_path, **{"setup.py": "", "requirements-test.txt": "pytest\nmore\n", "tox.ini": ini})
    assert commands(tmp_path) == ["uv pip install -e . -r requirements-test.txt"]


def workflow(*lines: str, job: str = "tests") -> str:
    steps = "".join(f"      - run: {line}\n" for line in lines)
    return f"jobs:\n  {job}:\n    steps:\n{steps}"


CI = ".github/workflows/ci.yml"
MANY = "[dependency-groups]\ndev = []\nmore = []\n[project.optional-dependencies]\ncloud = []\nfast_io = []\n"


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("uv sync --all-extras", "--all-extras"),
        ("uv sync --frozen --all-extras --all-groups --python 3.12", "--all-extras --all-groups"),
        ("uv sync --extra cloud --extra=fast-io", "--extra cloud --extra fast_io"),
        ("uv sync --group more && uv run pytest", "--group more"),
        ("uv sync --all-groups --extra cloud", "--all-groups --extra cloud"),
        ("uv sync", ""),
        ("uv sync --extra nosuch --group $GROUP", ""),
        ("uv sync --extra ${{ matrix.extra }}", ""),
        ("uv sync --all-extras 'open", ""),
        ("uv pip install --all-extras", ""),
        ("echo uv sync --all-extras", ""),
    ],
)
def test_uv_installs_what_the_projects_own_job_says(tmp_path: Path, line: str, options: str) -> None:
    made(tmp_path, **{"uv.lock": "", "pyproject.toml": PROJECT + MANY, CI: workflow(line)})
    assert commands(tmp_path) == [f"uv sync --frozen --inexact {options}".rstrip()]


def test_what_other_jobs_install_does_not_count(tmp_path: Path) -> None:
    text = workflow("uv sync --all-extras", job="docs") + workflow("uv sync --all-extras", job="lint")[6:]
    made(tmp_path, **{"uv.lock": "", "pyproject.toml": PROJECT + MANY, CI: text})
    assert commands(tmp_path) == ["uv sync --frozen --inexact"]


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("poetry install --all-extras", " --all-extras"),
        ("poetry install -E cloud -E fast-io", " --extras cloud --extras fast_io"),
        (
            'poetry install --extras "cloud fast_io" --with more',
            " --with more --extras cloud --extras fast_io",
        ),
        ("poetry install --with=more,nosuch", " --with more"),
        ("poetry install --no-root", ""),
        ("poetry run pytest --all-extras", ""),
    ],
)
def test_poetry_installs_what_the_projects_own_job_says(tmp_path: Path, line: str, options: str) -> None:
    groups = (
        "[tool.poetry.group.more]\noptional = true\n[tool.poetry.group.more.dependencies]\n"
        "[tool.poetry.extras]\ncloud = []\nfast_io = []\n"
    )
    made(tmp_path, **{"poetry.lock": "", "pyproject.toml": groups, CI: workflow(line)})
    assert commands(tmp_path) == [f"uv tool run --python={PYTHON} poetry install --no-interaction{options}"]


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("pdm install -G cloud,fast-io", " --group cloud --group fast_io"),
        ("pdm sync --group cloud", " --group cloud"),
        ("pdm install -G:all", " --group :all"),
        ("pdm install --dev", ""),
    ],
)
def test_pdm_installs_what_the_projects_own_job_says(tmp_path: Path, line: str, options: str) -> None:
    made(tmp_path, **{"pdm.lock": "", "pyproject.toml": PROJECT + MANY, CI: workflow(line)})
    command = f"uv tool run --python={PYTHON} '--from=pdm[locked]' pdm install --frozen-lockfile --dev"
    assert commands(tmp_path) == [f"{command}{options}"]


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("docs", True),
        ("doc", True),
        ("docs-online", True),
        ("build_docs", True),
        ("documentation", True),
        ("sphinx", True),
        ("dev", False),
        ("doctest", False),
        ("test-docs", False),
        ("docs-test", False),
        ("documented", False),
        ("docker", False),
    ],
)
class TestGroupsForDocuments:
    """What a lock's own tool would install by itself and only documents need is left away."""

    def test_of_pdm(self, tmp_path: Path, name: str, left: bool) -> None:
        old = f"[tool.pdm.dev-dependencies]\n{name} = []\ntests = []\n"
        for number, text in enumerate((PROJECT + old, f"{PROJECT}[dependency-groups]\n{name} = []\n")):
            folder = tmp_path / str(number)
            made(folder, **{"pdm.lock": "", "pyproject.toml": text})
            (command,) = commands(folder)
            assert command.endswith(f"--dev --without {name}" if left else "--dev")

    def test_of_poetry(self, tmp_path: Path, name: str, left: bool) -> None:
        groups = f"[tool.poetry.group.{name}.dependencies]\na = '*'\n[tool.poetry.group.t]\noptional = true\n"
        made(tmp_path, **{"poetry.lock": "", "pyproject.toml": groups})
        (command,) = commands(tmp_path)
        assert command.endswith(f"--no-interaction --without {name}" if left else "--no-interaction")

    def test_of_uv(self, tmp_path: Path, name: str, left: bool) -> None:
        groups = f'[dependency-groups]\n{name} = []\n[tool.uv]\ndefault-groups = ["{name}"]\n'
        made(tmp_path, **{"uv.lock": "", "pyproject.toml": PROJECT + groups})
        (command,) = commands(tmp_path)
        assert (f"--no-group {name}" in command) is left


@pytest.mark.parametrize(
    ("lock", "table", "line"),
    [
        ("pdm.lock", "[dependency-groups]\ndocs = []\n", "pdm install -G docs"),
        ("pdm.lock", "[dependency-groups]\ndocs = []\n", "pdm install -G:all"),
        ("poetry.lock", "[tool.poetry.group.docs]\n", "poetry install --with docs"),
        ("poetry.lock", "[tool.poetry.group.docs]\n", "poetry install --all-groups"),
        ("uv.lock", '[tool.uv]\ndefault-groups = ["docs"]\n', "uv sync --all-groups"),
        (
            "uv.lock",
            '[dependency-groups]\ndocs = []\n[tool.uv]\ndefault-groups = ["docs"]\n',
            "uv sync --group docs",
        ),
    ],
)
def test_groups_for_documents_that_the_projects_own_job_names(
    tmp_path: Path, lock: str, table: str, line: str
) -> None:
    made(tmp_path, **{lock: "", "pyproject.toml": PROJECT + table, CI: workflow(line)})
    (command,) = commands(tmp_path)
    assert "without" not in command
    assert "--no-group" not in command


@pytest.mark.parametrize(
    ("groups", "options"),
    [
        ('"default", "cloud", "fast_io", "dev"', " --group cloud --group fast_io"),
        ('\n    "default",\n    "fast-io",\n', " --group fast_io"),
        ('"default", "dev"', ""),
        ("", ""),
    ],
)
def test_pdm_installs_the_extras_of_its_lock(tmp_path: Path, groups: str, options: str) -> None:
    lock = f"# This file is @generated by PDM.\n[metadata]\ngroups = [{groups}]\n"
    made(tmp_path, **{"pdm.lock": lock, "pyproject.toml": PROJECT + MANY})
    command = f"uv tool run --python={PYTHON} '--from=pdm[locked]' pdm install --frozen-lockfile --dev"
    assert commands(tmp_path) == [f"{command}{options}"]


@pytest.mark.parametrize("name", ["latest", "djmain", "trunk", "edge", "unstable"])
def test_what_is_not_released_is_not_taken_where_there_is_else(tmp_path: Path, name: str) -> None:
    ini = (
        f"[tox]\nenvlist = {{py312,py313}}-{name}, {{py312,py313}}-django52\n[testenv]\ndeps =\n"
        f"    {name}: https://example.org/main.tar.gz\n    django52: Django>=5.2,<6\n    pytest\n"
    )
    made(tmp_path, **{"setup.py": "", "tox.ini": ini})
    assert commands(tmp_path) == ["uv pip install 'Django>=5.2,<6' pytest", "uv pip install -e ."]


def test_uv_workspace(tmp_path: Path) -> None:
    made(tmp_path, **{"uv.lock": "", "pyproject.toml": '[tool.uv.workspace]\nmembers = ["a"]\n'})
    assert commands(tmp_path) == ["uv sync --frozen --inexact --all-packages"]


def test_poetry_optional_groups(tmp_path: Path) -> None:
    text = """
    [tool.poetry]
    name = "lib"
    [tool.poetry.extras]
    test = ["x"]
    speed = ["y"]
    [tool.poetry.group.dev.dependencies]
    pytest = "*"
    [tool.poetry.group.integration-tests]
    optional = true
    [tool.poetry.group.docs]
    optional = true
    """
    made(tmp_path, **{"poetry.lock": "", "pyproject.toml": text})
    (command,) = commands(tmp_path)
    assert command.endswith("poetry install --no-interaction --with integration-tests --extras test")


@pytest.mark.parametrize(
    ("head", "program"),
    [
        ("# This file is automatically @generated by Poetry 2.1.3 and should not be changed", "poetry"),
        (
            "# This file is automatically @generated by Poetry 1.8.4 and should not be",
            "'--from=poetry<2' poetry",
        ),
        (
            "# This file is automatically @generated by Poetry and should not be changed",
            "'--from=poetry<2' poetry",
        ),
        ("[[package]]", "poetry"),
    ],
)
def test_a_lock_is_read_by_the_poetry_that_wrote_it(tmp_path: Path, head: str, program: str) -> None:
    made(tmp_path, **{"poetry.lock": f"{head}\n", "pyproject.toml": PROJECT})
    assert commands(tmp_path) == [f"uv tool run --python={PYTHON} {program} install --no-interaction"]


def test_pipfile_lock_then_the_project(tmp_path: Path) -> None:
    made(tmp_path, **{"Pipfile.lock": "{}", "setup.py": "from setuptools import setup\nsetup()\n"})
    lock, itself = commands(tmp_path)
    assert "pipenv requirements --dev --hash | uv pip install -r -" in lock
    assert itself == "uv pip install --no-deps -e ."


def test_pylock_then_the_project(tmp_path: Path) -> None:
    made(tmp_path, **{"pylock.toml": "", "pyproject.toml": PROJECT})
    assert commands(tmp_path) == ["uv pip install -r pylock.toml", "uv pip install --no-deps -e ."]


class TestWhatTestsNeed:
    def test_developers_extras_only_where_those_for_tests_bring_no_pytest(self, tmp_path: Path) -> None:
        extras = '[project.optional-dependencies]\ntest = ["{}"]\ndev = ["black"]\nall = ["x"]\n'
        made(tmp_path, **{"pyproject.toml": PROJECT + extras.format("pytest>=8")})
        assert commands(tmp_path) == ["uv pip install -e '.[test]'"]
        made(tmp_path, **{"pyproject.toml": PROJECT + extras.format("hypothesis")})
        assert commands(tmp_path) == ["uv pip install -e '.[test,dev]'"]

    def test_files_where_nothing_declared_brings_pytest(self, tmp_path: Path) -> None:
        made(
            tmp_path,
            **{
                "pyproject.toml": PROJECT + 'dependencies = ["a"]\n'.replace("dependencies", "x"),
                "requirements/base.txt": "a\n",
                "requirements/test.txt": "-r base.txt\npytest-cov\n",
                "requirements/docs.txt": "sphinx\n",
                "docs/requirements.txt": "sphinx\n",
            },
        )
        (command,) = commands(tmp_path)
        assert command == "uv pip install -e . -r requirements/base.txt -r requirements/test.txt"

    def test_a_file_of_no_name_that_brings_pytest(self, tmp_path: Path) -> None:
        text = '[project]\nname = "lib"\ndependencies = []\n[build-system]\nrequires = []\n'
        made(tmp_path, **{"pyproject.toml": text, "requirements.txt": "-e .[speed]\npytest==8\n"})
        assert commands(tmp_path) == ["uv pip install -e . -r requirements.txt"]
        made(tmp_path, **{"requirements-dev.txt": "pytest\n"})
        assert commands(tmp_path) == ["uv pip install -e . -r requirements-dev.txt"]

    def test_a_file_that_is_needed_twice_over_is_named_once(self, tmp_path: Path) -> None:
        made(tmp_path, **{"setup.py": "", "requirements.txt": "pytest\n"})
        assert commands(tmp_path) == ["uv pip install -e . -r requirements.txt"]

    def test_what_a_project_declares_is_not_asked_of_files(self, tmp_path: Path) -> None:
        text = '[project]\nname = "lib"\ndependencies = []\n[build-system]\nrequires = []\n'
        made(tmp_path, **{"pyproject.toml": text, "requirements.txt": "a\n"})
        assert commands(tmp_path) == ["uv pip install -e ."]

    def test_groups_include_groups(self, tmp_path: Path) -> None:
        groups = """
        [dependency-groups]
        Test_Base = ["pytest"]
        tests = [{include-group = "test-base"}, {include-group = "tests"}, "a"]
        dev = ["black"]
        """
        made(tmp_path, **{"pyproject.toml": PROJECT + groups})
        assert commands(tmp_path) == ["uv pip install -e . --group Test_Base --group tests"]

    def test_hatch_and_pdm_and_old_uv(self, tmp_path: Path) -> None:
        tools = """
        [tool.hatch.envs.default]
        dependencies = ["pytest"]
        features = ["speed"]
        [tool.hatch.envs.lint]
        dependencies = ["black"]
        [tool.pdm.dev-dependencies]
        test = ["pytest-xdist"]
        [tool.uv]
        dev-dependencies = ["coverage"]
        """
        made(tmp_path, **{"pyproject.toml": PROJECT + tools})
        assert commands(tmp_path) == ["uv pip install -e . pytest-xdist"]

    def test_hatchs_default_environment(self, tmp_path: Path) -> None:
        tools = '[tool.hatch.envs.default]\ndependencies = ["pytest"]\nfeatures = ["speed"]\n'
        made(tmp_path, **{"pyproject.toml": PROJECT + tools})
        assert commands(tmp_path) == ["uv pip install -e '.[speed]' pytest"]

    def test_hatch_toml(self, tmp_path: Path) -> None:
        made(
            tmp_path,
            **{
                "pyproject.toml": PROJECT + '[tool.hatch.envs.default]\ndependencies = ["pytest"]\n',
                "hatch.toml": '[envs.test]\ndependencies = ["pytest-cov"]\n',
            },
        )
        assert commands(tmp_path) == ["uv pip install -e . pytest-cov"]

    def test_what_hatch_test_brings_by_itself(self, tmp_path: Path) -> None:
        own = '[tool.hatch.envs.hatch-test]\nextra-dependencies = ["trustme"]\n'
        made(tmp_path, **{"pyproject.toml": PROJECT + own})
        (command,) = commands(tmp_path)
        assert {"pytest", "pytest-mock", "trustme"} <= set(command.split())
        made(tmp_path, **{"pyproject.toml": PROJECT + own + 'dependencies = ["pytest"]\n'})
        assert commands(tmp_path) == ["uv pip install -e . pytest trustme"]


class TestTox:
    @pytest.mark.parametrize(
        ("deps", "words"),
        [
            ("deps = pytest\n", "pytest"),
            ("deps =\n    pytest\n    # a comment\n    pytest-cov>=4\n", "pytest 'pytest-cov>=4'"),
            (
                "deps =\n    -r requirements/x.txt\n    -r{toxinidir}/y.txt\n",
                "-r requirements/x.txt -r y.txt",
            ),
            ("deps =\n    py38: old\n    cov,lint: coverage\n    pytest\n", "pytest"),
            ("deps =\n    {env:PACKAGE:pytest}\n    pytest\n", "pytest"),
            (
                "deps =\n    pytest>=8 # see #12\n    x@git+https://a/c#b\n",
                "'pytest>=8' 'x@git+https://a/c#b'",
            ),
            ("deps =\n    {[testenv:other]deps}\n[testenv:other]\ndeps = pytest\n", "pytest"),
        ],
    )
    def test_deps(self, tmp_path: Path, deps: str, words: str) -> None:
        made(tmp_path, **{"tox.ini": f"[testenv]\n{deps}", "setup.py": ""})
        assert commands(tmp_path) == [f"uv pip install {words}", "uv pip install -e ."]

    def test_extras_and_groups(self, tmp_path: Path) -> None:
        made(
            tmp_path,
            **{"tox.ini": "[testenv:py3]\nextras = test, speed\ndependency_groups = a\n", "setup.py": ""},
        )
        assert commands(tmp_path) == ["uv pip install -e '.[test,speed]' --group a"]

    def test_in_pyproject(self, tmp_path: Path) -> None:
        made(tmp_path, **{"pyproject.toml": PROJECT + '[tool.tox.env_run_base]\ndeps = ["pytest"]\n'})
        assert commands(tmp_path) == ["uv pip install pytest", "uv pip install -e ."]
        legacy = '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ndeps = pytest-mock\n"""\n'
        made(tmp_path, **{"pyproject.toml": PROJECT + legacy})
        assert commands(tmp_path) == ["uv pip install pytest-mock", "uv pip install -e ."]

    def test_circles_end(self, tmp_path: Path) -> None:
        made(tmp_path, **{"tox.ini": "[testenv]\ndeps =\n    {[testenv]deps}\n    pytest\n", "setup.py": ""})
        assert commands(tmp_path)[0].endswith(" pytest")

    def test_extras_that_the_session_names_are_taken_in_any_case(self, tmp_path: Path) -> None:
        declared = """
        [project.optional-dependencies]
        completion = ["argcomplete"]
        speed = ["x"]
        [dependency-groups]
        test = ["pytest"]
        """
        session = "[testenv]\nextras = completion\ndependency_groups = test\ndeps = covdefaults\n"
        made(tmp_path, **{"pyproject.toml": PROJECT + declared, "tox.ini": session})
        assert commands(tmp_path) == [
            "uv pip install covdefaults",
            "uv pip install -e '.[completion]' --group test",
        ]


def test_nox_reads_and_runs_nothing(tmp_path: Path) -> None:
    code = """
import nox
raise SystemExit("run")
@nox.session(venv_backend="uv")
def tests(session: nox.Session) -> None:
    session.install("-r", "r.txt", ".[test]", "--quiet", variable)
    session.install("pytest", "-e", ".")
    session.run("pytest")
"""
    made(tmp_path, **{"noxfile.py": code, "setup.py": ""})
    assert commands(tmp_path) == ["uv pip install -r r.txt pytest", "uv pip install -e '.[test]'"]


def test_a_group_that_shuffles_is_not_for_tests(tmp_path: Path) -> None:
    groups = """
    [dependency-groups]
    tests = ["pytest"]
    tests-random = ["pytest-randomly"]
    test_shuffled = ["pytest-random-order"]
    randomised-docs = []
    """
    made(tmp_path, **{"pyproject.toml": PROJECT + groups})
    assert commands(tmp_path) == ["uv pip install -e . --group tests"]


@pytest.mark.parametrize(
    "code",
    [
        "V = compute()\nsetup(extras_require={'test': ['pytest', f'other=={V}'], 'docs': ['sphinx']})",
        "extras = {}\nextras['test'] = ['pytest']\nsetup(extras_require=extras)",
        "extras = dict(docs=read())\nextras.update({'test': ('pytest',)})\nsetup(extras_require=extras)",
        "T = ['pytest']\nsetup(extras_require={'test': T + read(), f'{T}': 1})",
        "setup(**dict(extras_require={**BASE, 'test': ['pytest']}))",
        "args = {'name': 'x'}\nargs['extras_require'] = {'test': ['pytest']}\nsetup(**args)",
        "def main():\n    tests = 'pytest x'.split()\n    setup(extras_require={'test': tests})\nmain()",
    ],
)
def test_extras_of_setup_py_as_far_as_its_text_says(tmp_path: Path, code: str) -> None:
    text = '[project]\nname = "lib"\ndynamic = ["optional-dependencies"]\n[build-system]\nrequires = []\n'
    made(tmp_path, **{"setup.py": f"from setuptools import setup\n{code}\n", "pyproject.toml": text})
    assert commands(tmp_path) == ["uv pip install -e '.[test]'"]


@pytest.mark.parametrize(
    "code",
    [
        "setup(extras_require=read())",
        "setup(extras_require={K: ['pytest']})",
        "a = a\nsetup(extras_require=a)",
    ],
)
def test_extras_that_only_a_run_would_tell(tmp_path: Path, code: str) -> None:
    made(tmp_path, **{"setup.py": f"from setuptools import setup\n{code}\n"})
    assert commands(tmp_path) == ["uv pip install -e ."]


def test_nox_is_followed_into_helpers_parameters_and_uv_sync(tmp_path: Path) -> None:
    code = """
import nox
TOOLS = ["iniconfig"]
def prepare(session, *more):
    session.install("pytest", *more)
@nox.session
@nox.parametrize("django", ["4.2", "5.2"])
def tests(session, django):
    prepare(session, *TOOLS)
    session.install(f"django~={django}")
    session.run_install("uv", "sync", "--group=extra", "--extra", "speed")
"""
    made(tmp_path, **{"noxfile.py": code, "setup.py": ""})
    before, itself = commands(tmp_path)
    assert before == "uv pip install pytest iniconfig 'django~=5.2'"
    assert itself == "uv pip install -e '.[speed]' --group extra"


def test_tox_with_factors_in_deps(tmp_path: Path) -> None:
    text = (
        "[tox]\nenvlist = py{312,313}-django{42,52,main}, lint\n[testenv]\ndeps =\n    pytest\n"
        "    django42: Django~=4.2\n    django52: Django~=5.2\n    djangomain: x\n    !lint: trustme\n"
        "extras =\n    lint: lint\n    py{312,313}: speed\n"
    )
    made(tmp_path, **{"tox.ini": text, "setup.py": ""})
    before, itself = commands(tmp_path)
    assert before == "uv pip install pytest 'Django~=5.2' trustme"
    assert itself == "uv pip install -e '.[speed]'"


class TestFoldersThatAreNoPackage:
    def test_dependencies_alone(self, tmp_path: Path) -> None:
        text = '[project]\nname = "app"\n[project.optional-dependencies]\ntest = ["pytest"]\n'
        made(tmp_path, **{"pyproject.toml": text, "main.py": "", "routes/a.py": ""})
        assert commands(tmp_path) == ["uv pip install -r pyproject.toml --extra test"]

    @pytest.mark.parametrize("folder", ["src", "my_app", "My-App"])
    def test_a_folder_of_its_name(self, tmp_path: Path, folder: str) -> None:
        made(tmp_path, **{"pyproject.toml": '[project]\nname = "my.app"\n', f"{folder}/a.py": ""})
        assert commands(tmp_path) == ["uv pip install -e ."]


@pytest.mark.parametrize("text", ["[project\n", "a = \n", "\x00"])
def test_malformed_pyproject(tmp_path: Path, text: str) -> None:
    with pytest.raises(AnalysisError, match=r"pyproject.toml: not valid TOML .*set install"):
        read(made(tmp_path, **{"pyproject.toml": text}))


@pytest.mark.parametrize(
    "text",
    [
        "project = 1\n",
        "tool = []\n",
        "[project]\noptional-dependencies = 3\ndynamic = 5\nrequires-python = 3\n",
        "dependency-groups = {a = 1, b = [2, {include-group = 3}]}\n",
        "[tool]\nhatch = 1\npdm = 2\npoetry = 3\nuv = 4\ntox = 5\n",
        "[tool.hatch]\nenvs = {a = 1, default = {dependencies = 3}}\n",
        "[tool.hatch]\nenvs = 1\n",
        "[tool.pdm]\ndev-dependencies = {a = 1}\n",
        "[tool.poetry]\ngroup = {test = 1}\nextras = 4\ndependencies = {python = 4}\n",
        "[tool.tox]\nenv = {py = 3}\nenv_run_base = 4\nlegacy_tox_ini = 4\n",
    ],
)
def test_values_of_wrong_types_are_passed_over(tmp_path: Path, text: str) -> None:
    project = read(made(tmp_path, **{"pyproject.toml": text, "tests/requirements.txt": "pytest\n"}))
    detect(project, tool_python=PYTHON)


@pytest.mark.parametrize(
    ("constraint", "specifier"),
    [
        ("^3.9", ">=3.9,<4"),
        ("^3", ">=3,<4"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("~3.9", ">=3.9,<3.10"),
        ("~3", ">=3,<4"),
        ("~3.9.2", ">=3.9.2,<3.10"),
        ("~=3.9", "~=3.9"),
        (">=3.8,<3.13", ">=3.8,<3.13"),
        (">= 3.8 , < 3.13", ">=3.8,<3.13"),
        ("3.9.*", "==3.9.*"),
        ("^3.9, !=3.9.1", ">=3.9,<4,!=3.9.1"),
        ("^2.7 || ^3.9", None),
    ],
)
def test_poetrys_versions(constraint: str, specifier: str | None) -> None:
    assert pep440(constraint) == specifier


@pytest.mark.parametrize(
    ("name", "text", "request_"),
    [
        ("pyproject.toml", '[project]\nrequires-python = ">=3.9"\n', (">=3.9", "pyproject.toml")),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.9"\n', (">=3.9,<4", "pyproject.toml")),
        ("setup.cfg", "[options]\npython_requires = >=3.9\n", (">=3.9", "setup.cfg")),
        ("setup.py", "import setuptools\nsetuptools.setup(python_requires='>=3.9')\n", (">=3.9", "setup.py")),
        ("Pipfile", '[requires]\npython_version = "3.11"\n', ("==3.11.*", "Pipfile")),
        ("setup.py", "setup(python_requires=compute())\n", None),
        ("setup.py", "not python\n", None),
    ],
)
def test_python_versions(tmp_path: Path, name: str, text: str, request_: tuple[str, str] | None) -> None:
    assert read(made(tmp_path, **{name: text})).requires_python == request_


def test_extras_of_setup_py_in_a_variable(tmp_path: Path) -> None:
    code = "from setuptools import setup\nextras = {'test': ['pytest']}\nsetup(extras_require=extras)\n"
    assert commands(made(tmp_path, **{"setup.py": code})) == ["uv pip install -e '.[test]'"]


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "setup.cfg", "setup.py", "requirements.txt", "tox.ini", "Pipfile"]
)
def test_what_is_no_file_says_nothing(tmp_path: Path, name: str) -> None:
    """A change may make a packaging file a link to a device, which would be read for ever."""
    (tmp_path / name).symlink_to("/dev/zero")
    (tmp_path / "requirements-test.txt").symlink_to("/dev/zero")
    assert commands(tmp_path) == []


def chain(folder: Path) -> list[list[str]]:
    """The commands of a plan, of what is done where it fails, and so on; with what is then wanted."""
    plans, plan = [], detect(read(folder), tool_python=PYTHON)
    while plan:
        plans.append([*plan.commands, *plan.wanted])
        plan = plan.otherwise
    return plans


DECLARED = f"{PROJECT}[project.optional-dependencies]\ntest = ['pytest', 'PyICU>=2 # c', 'lib[all]']\n"
AS_DECLARED = [["uv pip install -e '.[test]'"], ["uv pip install -e .", "pytest", "PyICU>=2"]]


@pytest.mark.parametrize("lock", ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"])
def test_what_is_declared_stands_in_for_a_lock(tmp_path: Path, lock: str) -> None:
    made(tmp_path, **{lock: "", "pyproject.toml": DECLARED})
    _, *otherwise = chain(tmp_path)
    assert otherwise == AS_DECLARED


def test_each_requirement_by_itself_stands_in_for_all(tmp_path: Path) -> None:
    assert chain(made(tmp_path, **{"pyproject.toml": DECLARED})) == AS_DECLARED


def test_groups_of_poetry_stand_in_for_its_lock(tmp_path: Path) -> None:
    text = (
        '[tool.poetry]\nname = "lib"\n[tool.poetry.dependencies]\npython = "^3.9"\n'
        '[tool.poetry.group.dev.dependencies]\npytest = "^8"\nblack = "*"\n'
        '[build-system]\nrequires = ["poetry-core"]\n'
    )
    made(tmp_path, **{"poetry.lock": "", "pyproject.toml": text})
    assert chain(tmp_path)[1:] == [
        ["uv pip install -e . 'pytest>=8,<9' black"],
        ["uv pip install -e .", "pytest>=8,<9", "black"],
    ]


def test_files_of_requirements_in_pieces(tmp_path: Path) -> None:
    lines = "-c limits.txt\na==1 \\\n    --hash=sha256:00\n# no\n-e .\nb ; python_version > '3'\n"
    made(tmp_path, **{"requirements.txt": lines, "requirements-dev.txt": "pytest\n"})
    assert chain(tmp_path) == [
        ["uv pip install -r requirements.txt -r requirements-dev.txt"],
        ["a==1", "b ; python_version > '3'", "pytest"],
    ]


@pytest.mark.parametrize(
    "files", [{}, {"pyproject.toml": PROJECT}, {"requirements.txt": "".join(f"a{n}\n" for n in range(61))}]
)
def test_nothing_stands_in_where_there_is_nothing_to_leave_out(tmp_path: Path, files: dict[str, str]) -> None:
    assert len(chain(made(tmp_path, **files))) == 1


TOX = "[testenv]\ndeps =\n    pytest\ncommands = pytest\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"requirements.txt": "psutil==5\npytest\n", "tox.ini": TOX},
            ["uv pip install pytest", "uv pip install -e ."],
        ),
        (
            {"requirements.txt": "a\n", "tox.ini": TOX},
            ["uv pip install pytest", "uv pip install -e . -r requirements.txt"],
        ),
        (
            {"requirements.txt": "a\npytest\n", "tox.ini": TOX.replace("    pytest", "    mock")},
            ["uv pip install -e . -r requirements.txt"],
        ),
        (
            {
                "requirements.txt": "a\npytest\n",
                "tox.ini": TOX.replace("    pytest", "    -rrequirements.txt"),
            },
            ["uv pip install -r requirements.txt", "uv pip install -e ."],
        ),
        ({"requirements.txt": "a\npytest\n"}, ["uv pip install -e . -r requirements.txt"]),
    ],
)
def test_requirements_of_developers_beside_toxs(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    """Requirements that bring pytest are for whoever works on the project, where tox says what tests need."""
    assert commands(made(tmp_path, **files, **{"setup.py": ""})) == expected


TESTING = f"{PROJECT}[project.optional-dependencies]\ntests = ['pytest']\nspeed = []\n"


@pytest.mark.parametrize(
    ("session", "before"),
    [
        ("extras = tests\ndeps =\n    old: a<4\n    new: a>=4\n    b\n", ["uv pip install 'a>=4' b"]),
        ("extras = tests\n", []),
        ("extras = speed\ndeps = a<4\n", []),
        ("deps = a<4\n", []),
    ],
)
def test_what_a_session_installs_with_what_is_declared(
    tmp_path: Path, session: str, before: list[str]
) -> None:
    """A session that has the tests' extra says all that they run with, and another one of something else."""
    tox = f"[tox]\nenvlist = py313-{{old,new,newdev}}, py313-lowest\n[testenv]\n{session}"
    made(tmp_path, **{"pyproject.toml": TESTING, "tox.ini": tox})
    *first, _ = commands(tmp_path)
    assert first == before
