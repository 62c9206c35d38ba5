"""Memory in the action: which one is used, and what a reader is told where none is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from git import Repo

from hitrate.action.keeping.remembering import placed, read, trunk
from hitrate.analysis.session import Project
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.github.event import Run, Target
from hitrate.memory import document
from hitrate.settings.model import Settings
from hitrate.testrun.run import Suite
from tests.integration.repositories import commit, git, new_repository
from tests.unit.memory.test_document import memory

SETTINGS = Settings(memory=".cache/memory")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[Repo]:
    with Repo(new_repository(tmp_path / "tree", {"a.py": "1\n"})) as repository:
        yield repository


def target(base: str | None = None) -> Target:
    return Target("octo/widgets", base, None, None, 7, "octo/widgets", Run(1, 1))


def project(history: Repo, base: str | None = None) -> Project:
    tree = Path(history.working_dir)
    change = Change(base=base, head=git(tree, "rev-parse", "HEAD").strip())
    return Project(tree, Suite("pytest", tree, {}), None, change, Selection(()))


def test_where_memory_is_written_nothing_has_changed(tmp_path: Path) -> None:
    made = trunk(tmp_path, Suite("pytest", tmp_path, {}), "a" * 40)
    assert (made.change.base, made.change.head, made.change.files) == ("a" * 40, "a" * 40, ())
    assert (made.selection.functions, made.kept) == ((), None)


def test_memory_is_read_from_the_workspace(tmp_path: Path) -> None:
    assert read(tmp_path, Settings()) == (None, ())
    found, (note,) = read(tmp_path, SETTINGS)
    assert found is None
    assert note == (
        "All tests were run: memory in `.cache/memory` is not there yet; "
        "a push to the default branch writes it."
    )
    folder = tmp_path / ".cache" / "memory"
    folder.mkdir(parents=True)
    (folder / document.NAME).write_bytes(document.to_bytes(memory()))
    assert read(tmp_path, SETTINGS) == (memory(), ())
    (folder / document.NAME).write_bytes(document.to_bytes(memory())[:-1])
    assert read(tmp_path, SETTINGS) == (None, ("All tests were run: memory in `.cache/memory` is damaged.",))


def test_a_link_in_the_workspace_is_not_followed(tmp_path: Path) -> None:
    """The checkout is the change's own."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / document.NAME).write_bytes(document.to_bytes(memory()))
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / ".cache").symlink_to(tmp_path)
    found, (note,) = read(tmp_path / "workspace", Settings(memory=".cache/outside"))
    assert found is None
    assert note.startswith("All tests were run: ")


def test_memory_of_the_base_branch_is_used_with_the_files_that_are_tested(history: Repo) -> None:
    tree = Path(history.working_dir)
    base = git(tree, "rev-parse", "HEAD").strip()
    commit(tree, {"b.py": ""})
    found, notes = placed(
        project(history, base), memory(commit=base), history, history, target("main"), SETTINGS
    )
    assert notes == ()
    assert found.kept is not None
    assert found.kept.memory.commit == base
    assert set(found.kept.listed) == {".gitignore", "a.py", "b.py"}


def test_memory_of_what_the_base_branch_is_by_now_is_used_where_the_event_names_it(history: Repo) -> None:
    tree = Path(history.working_dir)
    base = git(tree, "rev-parse", "HEAD").strip()
    git(tree, "branch", "change")
    newer = memory(commit=commit(tree, {"b.py": ""}))
    git(tree, "checkout", "-q", "change")
    given = project(history, base)
    assert placed(given, newer, history, history, target("main"), SETTINGS)[0].kept is not None
    for named in (None, "change", "gone"):
        found, (note,) = placed(given, newer, history, history, target(named), SETTINGS)
        assert found is given
        assert note.endswith(" is of a commit that is in the history of neither base nor head.")
    git(tree, "merge", "-q", "main")
    assert placed(project(history), newer, history, history, target(), SETTINGS)[0].kept is not None


@pytest.mark.parametrize("strange", ["1" * 40, "HEAD", "--all", ""])
def test_memory_of_a_commit_that_is_no_sha_of_this_history_is_not_used(history: Repo, strange: str) -> None:
    given = project(history)
    found, (note,) = placed(given, memory(commit=strange), history, history, target("main"), SETTINGS)
    assert found is given
    assert note.startswith("All tests were run: memory in `.cache/memory` is of a commit ")


def test_a_project_without_memory_stays_as_it_is(history: Repo) -> None:
    given = project(history)
    assert placed(given, None, history, history, target("main"), SETTINGS) == (given, ())
