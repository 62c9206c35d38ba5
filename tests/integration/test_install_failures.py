"""What is said where an install fails, each kind by a command that fails so."""

from pathlib import Path

import pytest

from hitrate.environment.causes import APT, COMPILER, OLDER_PYTHON
from hitrate.environment.install import Environment, install
from hitrate.errors import AnalysisError
from hitrate.progress.progress import Progress, Silent
from hitrate.sandbox.sandbox import Host
from hitrate.settings.model import Settings

PROJECT = """
[project]
name = "lib"
[project.optional-dependencies]
test = ["pytest"]
[build-system]
requires = []
"""
FLOW = "jobs: {tests: {steps: [{run: sudo apt-get install -y zsh fish}, {run: pytest}]}}"
GCC = "echo \"error: [Errno 2] No such file or directory: 'gcc'\""
SCM = "echo 'LookupError: setuptools-scm was unable to detect version for /p.'"
STAND_IN = """#!/bin/bash
case "$1-$2" in
venv-*) {venv};;
pip-install) {install};;
sync-*) {sync};;
cache-prune) {prune};;
esac
"""


class Told(Silent):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def installed(
    folder: Path,
    settings: dict[str, object],
    files: dict[str, str] | None = None,
    progress: Progress | None = None,
    **steps: str,
) -> Environment:
    """Install a project with what stands for uv, which needs an index: it does what is told for each step."""
    host = Host(folder / "scratch", None, None, {})
    project = folder / "project"
    for place in (project, host.home, host.temporary, host.bytecode, host.cache, host.python.parent):
        place.mkdir(parents=True)
    for name, text in ({"pyproject.toml": PROJECT} if files is None else files).items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    host.python.write_text("#!/bin/bash\n")
    tool = host.python.with_name("uv")
    tool.write_text(
        STAND_IN.format(**{"venv": "true", "install": "true", "sync": "true", "prune": "true"} | steps)
    )
    for file in (host.python, tool):
        file.chmod(0o755)
    return install(project, Settings.model_validate(settings), host, progress or Silent())


def test_an_install_that_goes_well(tmp_path: Path) -> None:
    assert installed(tmp_path, {}).test_command == "python -m pytest"


@pytest.mark.parametrize(
    ("settings", "steps", "said", "given"),
    [
        (
            {"setup": "echo no; exit 3"},
            {},
            "setup: `echo no; exit 3` failed with exit code 3; fix the command",
            "setup: ",
        ),
        (
            {"setup": "exec sleep 60", "timeout": "1s"},
            {},
            "setup: `exec sleep 60` took more than 1 s; raise timeout",
            "timeout: 3600",
        ),
        (
            {"python_version": "3.99"},
            {"venv": "echo no such Python; exit 2"},
            "name a version that exists, or install one by setup",
            f"python-version: {OLDER_PYTHON}",
        ),
        (
            {"install": "false"},
            {},
            "install: `false` failed with exit code 1; set install to a command that installs",
            "install: uv pip install -e '.[test]'",
        ),
        (
            {"install": "kill -9 $$"},
            {},
            "failed with exit code -9; there is too little memory: raise",
            "memory-limit: ",
        ),
        (
            {"install": "(kill -9 $BASHPID); exit $?"},
            {},
            "failed with exit code 137; there is too little memory: raise",
            "memory-limit: ",
        ),
        (
            {"install": "no-such-tool"},
            {},
            "install: `no-such-tool` failed with exit code 127; set install",
            "install: ",
        ),
        (
            {"install": "exec sleep 60", "timeout": "1s"},
            {},
            "install: `exec sleep 60` took more than 1 s; raise timeout",
            "timeout: 3600",
        ),
        (
            {"install": f"echo {'x' * 100_000}"},
            {},
            "install: what the packaging files declare does not fit into one command; set",
            "",
        ),
        (
            {"cache_dir": ".cache"},
            {"prune": "exit 1"},
            "cache-dir: `uv cache prune --ci --quiet` failed with exit code 1; leave it away",
            "",
        ),
        (
            {},
            {"install": f"{GCC}; exit 1"},
            f"exit code 1; something is compiled, and there is no compiler: set setup to `{COMPILER}`",
            f"setup: {COMPILER}",
        ),
        ({}, {"install": f"{SCM}; exit 1"}, "set fetch-depth: 0 of actions/checkout", "fetch-depth: 0"),
        (
            {},
            {"install": "echo 'error: No solution found when resolving dependencies' >&2; exit 1"},
            "no set of versions satisfies its requirements: set python-version",
            f"python-version: {OLDER_PYTHON}",
        ),
        (
            {},
            {"install": "echo 'dns error: Name or service not known'; exit 1"},
            "a host could not be reached: run it again, or name",
            "pass-env: HTTPS_PROXY",
        ),
        (
            {"test_command": "pytest"},
            {"install": "[[ $* != *'pip install pytest' ]] || exit 1"},
            "install: `uv pip install pytest` failed with exit code 1; set install",
            "install: ",
        ),
    ],
)
def test_each_kind_is_told_with_what_changes_it(
    tmp_path: Path, settings: dict[str, object], steps: dict[str, str], said: str, given: str
) -> None:
    if "test_command" in settings:  # whose pytest is not there
        steps = steps | {
            "venv": f"printf '#!/bin/bash\\nexit 1\\n' > {tmp_path}/scratch/environment/bin/python"
        }
    with pytest.raises(AnalysisError) as refused:
        installed(tmp_path, settings, **steps)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert given in refused.value.snippet
    assert bool(refused.value.snippet) is bool(given)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"pyproject.toml": "[project\n"}, "pyproject.toml: not valid TOML ("),
        ({"hatch.toml": "a = \n"}, "hatch.toml: not valid TOML ("),
        ({"setup.cfg": "no section\n"}, "setup.cfg: cannot be read ("),
        (
            {".python-version": "3.13\n" * 2000},
            ".python-version: is larger than 4096 bytes; set python-version",
        ),
    ],
)
def test_a_packaging_file_that_cannot_be_read(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        installed(tmp_path, {}, files)
    assert said in str(refused.value)


def test_the_last_lines_of_the_installer_are_kept(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError) as refused:
        installed(tmp_path, {}, install="printf 'line %d\\n' {1..60}; exit 1")
    assert refused.value.output.splitlines()[-1] == "line 60"


MODULES = '[submodule "data"]\n\tpath = vendor/data\n\turl = https://example.org/data\n'


@pytest.mark.parametrize(
    ("output", "said", "given"),
    [
        (
            "No such file: vendor/data/x",
            "its submodule vendor/data is not checked out: set",
            "submodules: true",
        ),
        ("error: can't find Rust compiler", "there is no Rust: set setup", "setup: "),
    ],
)
def test_a_submodule_that_is_not_checked_out(tmp_path: Path, output: str, said: str, given: str) -> None:
    files = {"pyproject.toml": PROJECT, ".gitmodules": MODULES}
    with pytest.raises(AnalysisError) as refused:
        installed(tmp_path, {}, files, install=f'echo "{output}"; exit 1')
    assert said in str(refused.value)
    assert given in refused.value.snippet


def test_a_submodule_is_suspected_where_the_tests_fail(tmp_path: Path) -> None:
    files = {"pyproject.toml": PROJECT, ".gitmodules": MODULES}
    (told,) = installed(tmp_path, {}, files).suspect
    assert (
        told == "Nothing is in the submodule `vendor/data`: submodules: true of actions/checkout brings it."
    )


COMPILED = f"{GCC}; exit 1"
LOCKED = PROJECT.replace('["pytest"]', '["pytest", "mock", "PyICU", "six"]')
ALL_OR_NONE = f'case "$*" in *.\\[test\\]*|*PyICU*) {COMPILED};; esac'


def test_a_lock_that_cannot_be_installed(tmp_path: Path) -> None:
    files = {"pyproject.toml": PROJECT, "uv.lock": ""}
    told = Told()
    (suspect,) = installed(tmp_path, {}, files, told, sync=COMPILED).suspect
    assert suspect.startswith(
        "`uv sync --frozen --inexact --extra test` could not be run: something is compiled"
    )
    assert f"This cannot be installed here: {suspect.partition(': ')[2]}" in told.lines
    assert "Installed as declared by: pyproject.toml, extra 'test'" in told.lines


def test_a_requirement_that_cannot_be_installed_is_left_out(tmp_path: Path) -> None:
    told = Told()
    environment = installed(tmp_path, {}, {"pyproject.toml": LOCKED}, told, install=ALL_OR_NONE)
    commands = [line for line in told.lines if line.startswith("$ uv pip")]
    assert commands[1] == "$ uv pip install -e ."
    assert commands[-1] == "$ uv pip install -e . pytest mock six"
    assert environment.suspect[0].startswith("`uv pip install -e '.[test]'` could not be run: something")
    assert environment.suspect[1].startswith("The tests' PyICU could not be installed: something is compiled")
    (left,) = (line for line in told.lines if line.startswith("Left out"))
    assert "PyICU" in left


@pytest.mark.parametrize(
    ("steps", "settings", "said"),
    [
        ({"sync": COMPILED, "install": "echo none; exit 7"}, {}, "`uv sync"),
        ({"sync": "exec sleep 60"}, {"timeout": "1s"}, "`uv sync"),
        ({"install": f"[[ $* = *'install -e .' ]] || {{ {COMPILED}; }}"}, {}, "`uv pip install -e '.[test]'"),
        ({}, {"install": "echo one; exit 3"}, "`echo one; exit 3`"),
    ],
)
def test_what_was_to_be_installed_is_told_where_nothing_can_be(
    tmp_path: Path, steps: dict[str, str], settings: dict[str, object], said: str
) -> None:
    files = {"pyproject.toml": LOCKED} | ({"uv.lock": ""} if "sync" in steps else {})
    told = Told()
    with pytest.raises(AnalysisError) as refused:
        installed(tmp_path, settings, files, told, **steps)
    assert str(refused.value).startswith(f"install: {said}")
    if settings:  # time that is up, and what the user has said: nothing else is tried
        assert sum(line.startswith("Installed as") for line in told.lines) == 1


OLD = "echo \"ModuleNotFoundError: No module named 'pkg_resources'\"; exit 1"


def test_a_build_that_needs_an_older_setuptools(tmp_path: Path) -> None:
    told = Told()
    step = f'[ "$(cat "$UV_BUILD_CONSTRAINT")" = "setuptools<82" ] || {{ {OLD}; }}'
    assert installed(tmp_path, {}, None, told, install=step).suspect == ()
    assert "A build asks for pkg_resources, which setuptools has had up to its version 81." in told.lines


@pytest.mark.parametrize("settings", [{}, {"setup": OLD}])
def test_an_older_setuptools_is_not_always_what_helps(tmp_path: Path, settings: dict[str, object]) -> None:
    told = Told()
    with pytest.raises(AnalysisError) as refused:
        installed(tmp_path, settings, None, told, install=OLD)
    assert "UV_BUILD_CONSTRAINT" not in str(refused.value)
    assert any(line.startswith("A build asks for") for line in told.lines) is not bool(settings)


def test_packages_of_the_system_are_suspected_unless_setup_brings_some(tmp_path: Path) -> None:
    files = {"pyproject.toml": PROJECT, ".github/workflows/test.yml": FLOW}
    (told,) = installed(tmp_path / "one", {}, files).suspect
    assert told == f"Its own workflow installs packages of the system: setup: {APT} zsh fish"
    assert installed(tmp_path / "two", {"setup": "true"}, files).suspect == ()


def test_a_plugin_that_the_configuration_of_pytest_asks_for_is_added(tmp_path: Path) -> None:
    text = f"{PROJECT}[tool.pytest.ini_options]\naddopts = '--no-cov-on-fail --timeout=5'\n"
    for number, has in enumerate(("false", "true")):
        told = Told()
        folder = tmp_path / str(number)
        python = folder / "scratch" / "environment" / "bin" / "python"
        made = f"printf '#!/bin/bash\\n[[ $* != *pytest_* ]] || {has}\\n' > {python}"
        installed(folder, {}, {"pyproject.toml": text}, told, venv=made)
        added = [f"$ uv pip install {name}" for name in ("pytest-cov", "pytest-timeout")]
        found = [line for line in told.lines if line.startswith("$ uv pip install pytest-")]
        assert found == (added if has == "false" else [])


def test_an_install_that_the_user_has_said_is_not_added_to(tmp_path: Path) -> None:
    text = f"{PROJECT}[tool.pytest.ini_options]\naddopts = '--cov'\n"
    told = Told()
    installed(tmp_path, {"install": "true"}, {"pyproject.toml": text}, told)
    assert not any("pytest-cov" in line for line in told.lines)


def test_requirements_are_not_tried_without_end(tmp_path: Path) -> None:
    """Where nothing can be installed, an index is down: each attempt may take long."""
    told = Told()
    lines = "".join(f"a{number}\n" for number in range(60))
    with pytest.raises(AnalysisError) as refused:
        installed(tmp_path, {}, {"requirements.txt": lines}, told, install="echo down; exit 2")
    assert str(refused.value).startswith("install: `uv pip install -r requirements.txt` failed")
    assert sum(line.startswith("$ uv pip install") for line in told.lines) == 1 + 30
