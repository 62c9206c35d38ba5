"""Plugins that are not the project's ask programs, such as git, for what they report."""

from pathlib import Path

import pytest

from hitrate.analysis.memory.remembering import Moment, remember
from hitrate.memory.model import ANYTHING, Memory
from hitrate.memory.reachlog import IncompleteError
from hitrate.progress.progress import Silent
from tests.integration.repositories import write
from tests.integration.test_memory_reach import COMMAND, listed, project

GIT = "subprocess.run(['git', '--version'])"
PYTHON = "subprocess.run([sys.executable, '-c', ''])"
TESTS = "import lib\n\n\ndef test_f():\n    assert lib.f()\n"
LIBRARY = "def f():\n    return 1\n"


def made(root: Path, plugin: str, files: dict[str, str] | None = None) -> Memory:
    """Memory of a project whose tests are run with a plugin that is installed elsewhere."""
    write(root / "site-packages", {"asking.py": f"import subprocess, sys\n\n\n{plugin}"})
    write(root / "tree", {"lib.py": LIBRARY, "test_lib.py": TESTS, **(files or {})})
    (root / "scratch").mkdir()
    told = project(
        root / "tree", f"{COMMAND} -p asking", PYTHONPATH=f"{root / 'site-packages'}:{root / 'tree'}"
    )
    return remember(told, listed(told.tree), Moment("1" * 40, 1_700_000_000), root / "scratch", Silent())


@pytest.mark.slow
@pytest.mark.parametrize("hook", ["configure(config)", "sessionfinish(session)", "unconfigure(config)"])
def test_a_plugin_may_ask_git_between_the_tests(hook: str, tmp_path: Path) -> None:
    memory = made(tmp_path, f"def pytest_{hook}:\n    {GIT}\n")
    assert list(memory.tests) == ["test_lib.py::test_f"]
    assert ANYTHING not in memory.pieces


@pytest.mark.slow
def test_what_it_asks_during_a_test_is_the_test_s(tmp_path: Path) -> None:
    memory = made(tmp_path, f"def pytest_runtest_call(item):\n    {GIT}\n")
    assert ANYTHING in memory.pieces


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plugin", "files"),
    [
        (f"def pytest_configure(config):\n    {PYTHON}\n", {}),
        (f"def pytest_configure(config):\n    {GIT.replace('git', 'sh')}\n", {}),
        ("", {"conftest.py": f"import subprocess\n\n\ndef pytest_configure(config):\n    {GIT}\n"}),
        (
            f"def ask():\n    {GIT}\n",
            {"conftest.py": "import asking\n\n\ndef pytest_configure(config):\n    asking.ask()\n"},
        ),
    ],
    ids=["Python", "a shell", "the project asks", "the project has it asked"],
)
def test_other_programs_and_other_askers_may_reach_anything(
    plugin: str, files: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(IncompleteError, match="may reach anything"):
        made(tmp_path, plugin, files)
