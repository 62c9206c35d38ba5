"""When ``hitrate run --memory`` writes memory, when it reads it, and what it says where it does neither."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from git import Repo

from hitrate.analysis.session import Project
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.commands.remembering import is_clean_base, said, with_memory, write
from hitrate.errors import InputError
from hitrate.memory import document
from hitrate.progress.progress import Silent
from hitrate.settings.model import Settings
from hitrate.source.function import Function
from hitrate.testrun.run import Suite
from tests.integration.repositories import commit, git, new_repository
from tests.unit.memory.test_document import memory

PRICE = Function("a.py", "price", 1)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repo]:
    with Repo(new_repository(tmp_path / "tree", {"a.py": "1\n"})) as repository:
        yield repository


def tree_of(repository: Repo) -> Path:
    return Path(repository.working_dir)


def project(repository: Repo, *functions: Function, base: str | None = None) -> Project:
    tree = tree_of(repository)
    suite = Suite(f"touch {tree}/ran", tree, {"PATH": "/usr/bin:/bin"})
    change = Change(base=base, head=git(tree, "rev-parse", "HEAD").strip())
    return Project(tree, suite, None, change, Selection(functions or (PRICE,)))


def keep(folder: Path, sha: str) -> Settings:
    """Memory of a commit in a folder, and the settings that name it."""
    folder.mkdir(parents=True)
    (folder / document.NAME).write_bytes(document.to_bytes(memory(commit=sha)))
    return Settings(memory=str(folder))


def is_base(repository: Repo, folder: Path, *named: str, base: str = "a", uncommitted: bool = False) -> bool:
    return is_clean_base(repository, Change(base, "a", uncommitted=uncommitted), str(folder), named)


def test_memory_is_written_only_where_nothing_differs_from_the_base(repository: Repo, tmp_path: Path) -> None:
    assert is_base(repository, tmp_path)
    assert not is_base(repository, tmp_path, base="b")
    assert not is_base(repository, tmp_path, "a.py::price")
    assert not is_clean_base(repository, Change(None, None), str(tmp_path), ())


def test_the_folder_of_memory_itself_is_no_change(repository: Repo, tmp_path: Path) -> None:
    folder = tree_of(repository) / "kept [1]"
    keep(folder, "1" * 40)
    assert is_base(repository, folder, uncommitted=True)
    assert not is_base(repository, tmp_path / "elsewhere", uncommitted=True)
    (tree_of(repository) / "kept 1").touch()
    assert not is_base(repository, folder, uncommitted=True)


def test_memory_of_the_history_is_used(repository: Repo, tmp_path: Path) -> None:
    tree = tree_of(repository)
    base = git(tree, "rev-parse", "HEAD").strip()
    settings = keep(tmp_path / "kept", base)
    commit(tree, {"b.py": ""})
    given = project(repository, base=base)
    found, notes = with_memory(repository, given, settings)
    assert notes == ()
    assert found.kept is not None
    assert found.kept.memory.commit == base
    assert set(found.kept.listed) == {".gitignore", "a.py", "b.py"}


def test_memory_of_a_newer_base_than_the_change_began_on_is_used(repository: Repo, tmp_path: Path) -> None:
    tree = tree_of(repository)
    base = git(tree, "rev-parse", "HEAD").strip()
    git(tree, "branch", "change")
    settings = keep(tmp_path / "kept", commit(tree, {"b.py": ""}))
    git(tree, "checkout", "-q", "change")
    commit(tree, {"a.py": "2\n"})
    given = project(repository, base=base)
    assert with_memory(repository, given, settings)[0] is given
    found, notes = with_memory(repository, given, settings.model_copy(update={"base": "main"}))
    assert (found.kept is None, notes) == (False, ())


def test_memory_of_a_strange_commit_is_not_used_and_a_reader_is_told(
    repository: Repo, tmp_path: Path
) -> None:
    (tmp_path / "a`b").mkdir()
    for name, shown in (("kept", "kept"), ("a`b/kept", "aˋb/kept")):
        given, settings = project(repository), keep(tmp_path / name, "1" * 40)
        found, (note,) = with_memory(repository, given, settings)
        assert found is given
        assert note == (
            f"All tests were run: memory in `{tmp_path}/{shown}` is of a commit that is in the history of "
            "neither base nor head."
        )


def test_memory_that_is_missing_or_damaged_is_told(repository: Repo, tmp_path: Path) -> None:
    given, settings = project(repository), Settings(memory=str(tmp_path / "kept"))
    found, (note,) = with_memory(repository, given, settings)
    assert found is given
    assert note.endswith("/kept` does not exist yet; a run on the base writes it.")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / document.NAME).write_bytes(b"x")
    assert with_memory(repository, given, settings)[1][0].endswith("/kept` is not a memory file of Hitrate.")


@pytest.mark.parametrize("linked", [False, True])
def test_memory_that_the_change_may_have_written_is_not_read(
    repository: Repo, tmp_path: Path, linked: bool
) -> None:
    tree = tree_of(repository)
    settings = keep(tree / "kept", git(tree, "rev-parse", "HEAD").strip())
    commit(tree)
    if linked:
        (tmp_path / "link").symlink_to(tree / "kept")
        settings = Settings(memory=str(tmp_path / "link"))
    given = project(repository)
    found, (note,) = with_memory(repository, given, settings)
    assert found is given
    assert "` is tracked by git, so that the change itself may have written it." in note
    git(tree, "rm", "-q", "--cached", f"kept/{document.NAME}")
    assert with_memory(repository, given, settings)[1] == ()


def test_nothing_is_said_of_memory_that_nobody_needs(repository: Repo, tmp_path: Path) -> None:
    given = project(repository)
    assert with_memory(repository, given, Settings()) == (given, ())
    idle = Project(given.tree, given.suite, None, given.change, Selection(()))
    assert with_memory(repository, idle, Settings(memory=str(tmp_path / "kept"))) == (idle, ())


def test_a_folder_that_cannot_be_made_is_told_before_any_test_is_run(
    repository: Repo, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        InputError, match=r"^memory: '.*/file/kept': Not a directory; name a folder to write to$"
    ):
        write(repository, project(repository), str(tmp_path / "file" / "kept"), tmp_path, Silent())
    assert not (tree_of(repository) / "ran").exists()


def test_what_was_written_is_said_in_one_line() -> None:
    one = memory(commit="0123456789abcdef" + "0" * 24)
    assert said(one, "kept") == "kept now holds what 1 test reach at 0123456789ab."
