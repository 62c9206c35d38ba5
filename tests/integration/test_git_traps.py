"""Git is asked about a tree that somebody else has made, and runs nothing that the tree names."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from git.exc import GitCommandError

from hitrate.change.comparison import compare, is_changed
from hitrate.errors import HitrateError
from hitrate.workspace import leftovers
from hitrate.workspace.destination import require_own_folder
from hitrate.workspace.gitdir import NO_PROGRAMS
from hitrate.workspace.history import Origin, open_clone
from hitrate.workspace.privatetree import Origination, PrivateTree, Revision, base_of, lay_out
from tests.integration.repositories import commit, git, new_repository

ATTRIBUTES = "* filter=trap diff=trap merge=trap\n*.py working-tree-encoding=UTF-8 ident\n"
PROGRAMS = (
    *("filter.trap.clean", "filter.trap.smudge", "diff.trap.textconv", "diff.trap.command"),
    *("merge.trap.driver", "core.fsmonitor", "core.pager", "core.editor"),
)


class Traps:
    """Programs that the user's own settings know, which the tree's attributes choose."""

    def __init__(self, folder: Path) -> None:
        self.mark = folder / "sprung"
        program = folder / "trap"
        program.write_text(f'#!/bin/sh\necho "$0 $*" >> {self.mark}\ncat\n')
        program.chmod(0o755)
        self.config = folder / "gitconfig"
        self.write(self.config, program)
        self.hub = new_repository(folder / "hub", {"a.py": "A = 1\n", "b.txt": "b\n"})
        git(self.hub, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.base = git(self.hub, "rev-parse", "HEAD").strip()
        modules = (
            "[submodule \"part\"]\n\tpath = part\n\turl = ext::sh -c 'echo x >> sprung'\n\tupdate = !sh\n"
        )
        change = {"a.py": "A = 2\n", "b.txt": "c\n", ".gitattributes": ATTRIBUTES, ".gitmodules": modules}
        commit(self.hub, change)
        git(self.hub, "update-index", "--add", "--cacheinfo", f"160000,{self.base},part")
        git(self.hub, "commit", "-qm", "submodule")
        self.head = git(self.hub, "rev-parse", "HEAD").strip()
        self.program = program

    def write(self, config: Path, program: Path) -> None:
        for name in PROGRAMS:
            subprocess.run(["git", "config", "--file", str(config), name, str(program)], check=True)

    @property
    def sprung(self) -> list[str]:
        return self.mark.read_text().splitlines() if self.mark.exists() else []


@pytest.fixture
def traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Traps:
    made = Traps(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(made.config))
    return made


def checked_out(traps: Traps, workspace: Path) -> Path:
    environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "clone", "-q", str(traps.hub), str(workspace)], check=True, env=environment)
    return workspace


@pytest.mark.parametrize("origination", [Origination.HEAD, Origination.FETCH])
def test_nothing_is_run(traps: Traps, tmp_path: Path, origination: Origination) -> None:
    workspace = tmp_path / "workspace"
    if origination is Origination.HEAD:
        checked_out(traps, workspace)
    else:
        workspace.mkdir()
    made = lay_out(workspace, Revision(traps.head), Origin(traps.hub.as_uri()), tmp_path)
    assert made.origination is origination
    measured(traps, made)
    require_own_folder(workspace, "report", setting="report-dir", example="report")
    assert traps.sprung == []
    assert (made.path / ".git" / "info" / "attributes").read_text() == NO_PROGRAMS


def measured(traps: Traps, made: PrivateTree) -> None:
    """Everything that is asked of git while a project is measured, with what its tests leave."""
    base = base_of(made, Origin(traps.hub.as_uri()), event=traps.base, chosen=None)
    assert base == traps.base
    assert traps.sprung == []
    clone = open_clone(made.path)
    tidy = leftovers.tidier(clone)
    for name in ("part", "nested"):
        git_folder = new_repository(made.path / name, {"x.py": "", ".gitattributes": ATTRIBUTES})
        traps.mark.unlink(missing_ok=True)  # by the commit of this test
        traps.write(git_folder / ".git" / "config", traps.program)
    for path in made.path.glob("*.*"):
        os.utime(path, ns=(1, 1))
    (made.path / "a.py").write_text("A = 3\n")
    (made.path / "__pycache__").mkdir()
    (made.path / "__pycache__" / "x.pyc").touch()
    tidy()
    assert not (made.path / "__pycache__").exists()
    assert [file.path for file in compare(clone, base, "HEAD").files] == ["a.py"]
    assert is_changed(clone, base, "b.txt")


@pytest.mark.parametrize("command", [("diff", "HEAD"), ("status",), ("add", "--renormalize", ".")])
def test_the_traps_work(traps: Traps, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Without Hitrate's precautions, git falls into them."""
    workspace = checked_out(traps, tmp_path / "workspace")
    (workspace / "b.txt").write_text("else\n")
    subprocess.run(["git", *command], cwd=workspace, capture_output=True, check=False)
    assert traps.sprung


def test_a_working_tree_elsewhere_is_not_taken(traps: Traps, tmp_path: Path) -> None:
    workspace = checked_out(traps, tmp_path / "workspace")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "__pycache__").mkdir()
    git(workspace, "config", "core.worktree", str(tmp_path / "elsewhere"))
    made = lay_out(workspace, Revision(traps.head), Origin(traps.hub.as_uri()), tmp_path)
    assert Path(open_clone(made.path).working_dir) == made.path
    assert "worktree" not in (made.path / ".git" / "config").read_text()


@pytest.mark.parametrize(
    "name", ["index", "shallow", "packed-refs", "objects/pack", "refs/heads", "info", "config", "hooks"]
)
def test_git_writes_through_no_link(traps: Traps, tmp_path: Path, name: str) -> None:
    """An earlier step left a link in git's folder; git itself replaces what such a link points to."""
    workspace, theirs = checked_out(traps, tmp_path / "workspace"), tmp_path / "theirs"
    git(workspace, "config", "core.bare", "false")
    place = workspace / ".git" / name
    if place.exists():
        place.rename(theirs)
    else:
        theirs.write_text("")
    place.symlink_to(theirs)
    before = {path: path.lstat().st_mtime_ns for path in (theirs, *theirs.rglob("*"))}
    # Without refs or objects there is no history, which git or Hitrate tells.
    with suppress(HitrateError, GitCommandError):
        made = lay_out(workspace, Revision(traps.head), Origin(traps.hub.as_uri()), tmp_path)
        measured(traps, made)
    copied = tmp_path / "tree" / ".git" / name
    assert not copied.is_symlink()
    assert {path: path.lstat().st_mtime_ns for path in (theirs, *theirs.rglob("*"))} == before
    assert traps.sprung == []
