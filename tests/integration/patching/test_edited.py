"""Files that their user edits while they are patched: the edit stays, the patch goes, or it is told how."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hitrate.patching import exchange
from hitrate.patching.edits import LRU_CACHE, cached
from hitrate.patching.patcher import PatchError, RestoreError, SourcePatcher, recover
from hitrate.patching.restore import Restored, recovered
from tests.integration.patching.trees import MODULE, ended, forked, state, write
from tests.integration.repositories import hitrate

EDITS = [cached("a.py", "f", 5, 8), cached("a.py", "A.f", 11, 8), cached("pkg/b.py", "f", 5, 8)]
EDITED = MODULE.replace(b"import calendar", b"import calendar, sys")
COMMAND = "original back: "


def no_exchange(one: Path, other: Path) -> None:
    raise exchange.NoExchangeError


METHODS = {"exchange": exchange.exchange, "copy": no_exchange}


@pytest.fixture(params=METHODS)
def exchanging(request: pytest.FixtureRequest) -> exchange.Exchange:
    return METHODS[request.param]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "a tree"
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    return write(tree, {"a.py": MODULE, "pkg/b.py": MODULE})


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_rename(path: Path, data: bytes) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(data)
    new.chmod(stat.S_IMODE(path.stat().st_mode))
    new.rename(path)


@pytest.fixture(params=[in_place, by_rename])
def saving(request: pytest.FixtureRequest) -> Callable[[Path, bytes], None]:
    return request.param


def edit(path: Path, saving: Callable[[Path, bytes], None] = in_place) -> None:
    saving(path, path.read_bytes().replace(b"import calendar", b"import calendar, sys"))


def spoil(path: Path) -> None:
    """Edit a patched line itself."""
    path.write_bytes(path.read_bytes().replace(b"maxsize=8", b"maxsize=9"))


def crash(
    tree: Path, exchanging: exchange.Exchange = exchange.exchange, after: Callable[[], None] = lambda: None
) -> None:
    """Leave files patched, as a killed process does."""

    def work() -> None:
        with SourcePatcher(tree, exchanging=exchanging) as patcher:
            patcher.apply(EDITS)
            after()
            os.kill(os.getpid(), signal.SIGKILL)

    assert ended(forked(work)) == -signal.SIGKILL


def test_an_edit_is_kept_and_the_patch_goes(
    tree: Path, exchanging: exchange.Exchange, saving: Callable[[Path, bytes], None]
) -> None:
    (tree / "a.py").chmod(0o640)
    before = state(tree / "pkg")
    with SourcePatcher(tree, exchanging=exchanging) as patcher:
        patcher.apply(EDITS)
        edit(tree / "a.py", saving)
        (tree / "a.py").chmod(0o751)  # by the user too
        saved = (tree / "a.py").stat().st_mtime_ns
    assert (tree / "a.py").read_bytes() == EDITED
    status = (tree / "a.py").stat()
    assert stat.S_IMODE(status.st_mode) == 0o751
    assert status.st_mtime_ns // 10**9 > saved // 10**9  # nothing compiled from the patched file counts
    assert state(tree / "pkg") == before
    assert not (tree / ".git/hitrate").exists()
    assert [path.name for path in tree.iterdir() if path.name.startswith(".")] == [".git"]
    assert recover(tree) == []


@pytest.mark.slow
@pytest.mark.parametrize("during", [True, False])
def test_an_edit_before_or_after_a_crash_is_kept_by_recovery(
    tree: Path, exchanging: exchange.Exchange, saving: Callable[[Path, bytes], None], *, during: bool
) -> None:
    if during:
        crash(tree, exchanging, lambda: edit(tree / "a.py", saving))
    else:
        crash(tree, exchanging)
        edit(tree / "a.py", saving)
    done = hitrate(tree, "recover")
    assert (done.returncode, done.stdout) == (
        0,
        "restored a.py, with what was edited in it meanwhile\nrestored pkg/b.py\n",
    ), done.stderr
    assert (tree / "a.py").read_bytes() == EDITED
    assert (tree / "pkg/b.py").read_bytes() == MODULE
    assert hitrate(tree, "recover").stdout == "Nothing to put back.\n"


def test_an_edit_of_the_patch_before_the_last_one(tree: Path) -> None:
    """As an editor saves that has not read the file again."""
    with SourcePatcher(tree) as patcher:
        patcher.apply(EDITS[:1])
        held = (tree / "a.py").read_bytes()
        patcher.apply(EDITS)
        (tree / "a.py").write_bytes(held.replace(b"import calendar", b"import calendar, sys"))
    assert (tree / "a.py").read_bytes() == EDITED


@pytest.mark.parametrize(
    "act",
    [
        lambda path: None,
        os.utime,
        lambda path: path.write_bytes(path.read_bytes()),
        lambda path: path.write_bytes(MODULE),
    ],
    ids=["untouched", "touched", "saved", "checked-out"],
)
def test_what_is_no_edit_is_told_nobody(
    tree: Path, exchanging: exchange.Exchange, act: Callable[[Path], None]
) -> None:
    with SourcePatcher(tree, exchanging=exchanging) as patcher:
        patcher.apply(EDITS)
        act(tree / "a.py")
    assert (tree / "a.py").read_bytes() == MODULE
    assert not (tree / ".git/hitrate").exists()


def test_lines_of_the_patch_that_stay_are_told_until_they_are_gone(tree: Path) -> None:
    with (
        pytest.raises(RestoreError, match="with lines of the patch in it") as caught,
        SourcePatcher(tree) as patcher,
    ):
        patcher.apply(EDITS)
        spoil(tree / "a.py")
    content = (tree / "a.py").read_bytes()
    assert content.count(LRU_CACHE.encode()) == 3
    assert (tree / "pkg/b.py").read_bytes() == MODULE
    told = hitrate(tree, "recover")
    assert told.returncode == 3
    assert "a.py still has lines of a patch in it" in told.stderr
    with pytest.raises(RestoreError) as again:
        recover(tree)
    assert (tree / "a.py").read_bytes() == content
    command = str(again.value).rpartition(COMMAND)[2]
    assert command == str(caught.value).rpartition(COMMAND)[2]
    subprocess.run(command, shell=True, check=True)
    assert (tree / "a.py").read_bytes() == MODULE
    assert recover(tree) == []
    assert not (tree / ".git/hitrate").exists()


def test_lines_of_the_patch_that_the_user_takes_out_are_told_no_more(tree: Path) -> None:
    crash(tree)
    spoil(tree / "a.py")
    for _ in range(2):
        with pytest.raises(RestoreError, match=r"^a\.py"):
            recover(tree)
    lines = (tree / "a.py").read_bytes().splitlines(keepends=True)
    (tree / "a.py").write_bytes(b"".join(line for line in lines if LRU_CACHE.encode() not in line))
    assert recover(tree) == []
    assert not (tree / ".git/hitrate").exists()


def test_copies_that_are_left_keep_their_originals_apart(tree: Path) -> None:
    site = write(tree.parent / "site", {"b.py": MODULE})
    patcher = SourcePatcher(tree, mirrors={"pkg/b.py": [site / "b.py"]})
    with pytest.raises(RestoreError) as caught, patcher:
        patcher.apply(EDITS)
        spoil(site / "b.py")
        spoil(tree / "pkg/b.py")
        edit(tree / "a.py")
    for told in str(caught.value).split("; this puts its "):
        if told.startswith(COMMAND):
            subprocess.run(told.removeprefix(COMMAND).partition("; ")[0], shell=True, check=True)
    assert (site / "b.py").read_bytes() == (tree / "pkg/b.py").read_bytes() == MODULE
    assert (tree / "a.py").read_bytes() == EDITED


def become_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "mine").write_bytes(b"mine")


def become_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("pkg")


def become_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("act", [become_folder, become_link, become_pipe])
def test_the_command_works_whatever_took_the_files_place(
    tree: Path, exchanging: exchange.Exchange, act: Callable[[Path], None]
) -> None:
    with pytest.raises(RestoreError) as caught, SourcePatcher(tree, exchanging=exchanging) as patcher:
        patcher.apply(EDITS)
        act(tree / "a.py")
    subprocess.run(str(caught.value).rpartition(COMMAND)[2], shell=True, check=True)
    assert (tree / "a.py").read_bytes() == MODULE
    assert not (tree / "a.py").is_symlink()
    assert {path.name for path in (tree / "pkg").iterdir()} == {"b.py"}
    if act is become_folder:
        assert (tree / "a.py.aside/mine").read_bytes() == b"mine"


def test_a_file_saved_again_while_the_patch_is_taken_out_loses_nothing(tree: Path) -> None:
    done: list[Path] = []

    def exchanging(one: Path, other: Path) -> None:
        if one.name.endswith(".merged") and not done:
            done.append(other)
            by_rename(other, other.read_bytes() + b"# later\n")
        exchange.exchange(one, other)

    with SourcePatcher(tree, exchanging=exchanging) as patcher:
        patcher.apply(EDITS)
        edit(tree / "a.py")
    assert done
    assert (tree / "a.py").read_bytes() == EDITED + b"# later\n"


def test_a_file_that_is_saved_again_and_again_is_left_and_told(tree: Path) -> None:
    def exchanging(one: Path, other: Path) -> None:
        if one.name.endswith(".merged") and other.read_bytes() != one.read_bytes():
            with other.open("ab") as file:
                file.write(b"# later\n")
        exchange.exchange(one, other)

    with pytest.raises(RestoreError, match="with lines of the patch in it"):  # noqa: SIM117
        with SourcePatcher(tree, exchanging=exchanging) as patcher:
            patcher.apply(EDITS[:1])
            edit(tree / "a.py")
    content = (tree / "a.py").read_bytes()
    assert content.startswith(b'"""Doc."""')
    assert b"import calendar, sys" in content
    assert content.endswith(b"# later\n")
    assert not list((tree / ".git/hitrate").glob("0*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_an_edited_file_of_somebody_else_stays_theirs(tree: Path) -> None:
    def work() -> None:
        with SourcePatcher(tree) as patcher:
            patcher.apply(EDITS)
            edit(tree / "a.py")
            os.chown(tree / "a.py", 65534, 65534)

    assert ended(forked(work)) == 0
    assert (tree / "a.py").read_bytes() == EDITED
    assert (tree / "a.py").stat().st_uid == 65534


def test_an_edit_stays_when_the_journals_folder_was_cleared(tree: Path) -> None:
    with SourcePatcher(tree) as patcher:
        patcher.apply(EDITS)
        edit(tree / "a.py")
        for path in (tree / ".git/hitrate").glob("0*"):
            path.unlink()
    assert (tree / "a.py").read_bytes() == EDITED


def test_a_run_goes_on_with_the_edited_file(tree: Path) -> None:
    with SourcePatcher(tree) as patcher:
        patcher.apply(EDITS)
        edit(tree / "a.py")
        with pytest.raises(PatchError, match="somebody else changed it"):
            patcher.apply([cached("a.py", "f", 5, 16)])
        patcher.restore_all()
        assert (tree / "a.py").read_bytes() == EDITED
        patcher.apply(EDITS)
        assert LRU_CACHE.encode() in (tree / "a.py").read_bytes()
    assert (tree / "a.py").read_bytes() == EDITED


STEPS = {"open", "exchange", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.utime"}


@pytest.mark.slow
def test_killed_at_every_step_of_taking_the_patch_out(tree: Path, exchanging: exchange.Exchange) -> None:
    """The next recovery makes the same of it."""

    def audited(one: Path, other: Path) -> None:
        sys.audit("exchange", one, other)
        exchanging(one, other)

    for number in range(1, 1000):
        write(tree, {"a.py": MODULE, "pkg/b.py": MODULE})
        crash(tree, exchanging, lambda: edit(tree / "a.py"))
        left = [number]

        def step(event: str, arguments: tuple[object, ...], left: list[int] = left) -> None:
            left[0] -= event in STEPS
            if left[0] <= 0 and event in STEPS:
                os.kill(os.getpid(), signal.SIGKILL)

        def work(step: Callable[..., None] = step) -> None:
            sys.addaudithook(step)
            recovered(tree, exchanging=audited)

        ending = ended(forked(work))
        recover(tree)
        assert (tree / "a.py").read_bytes() == EDITED
        assert (tree / "pkg/b.py").read_bytes() == MODULE
        assert not (tree / ".git/hitrate").exists()
        assert [path.name for path in tree.iterdir() if path.name.startswith(".")] == [".git"]
        if ending == 0:
            return
    raise AssertionError


def test_code_compiled_from_the_patched_file_does_not_run_after_it(tree: Path) -> None:
    run = [sys.executable, "-c", "import a; print(hasattr(a.f, 'cache_info'), a.NEW)"]
    with SourcePatcher(tree) as patcher:
        patcher.apply(EDITS)
        (tree / "a.py").write_bytes((tree / "a.py").read_bytes() + b"NEW = 1\n")
        during = subprocess.run(run, cwd=tree, check=True, capture_output=True, text=True).stdout
    after = subprocess.run(run, cwd=tree, check=True, capture_output=True, text=True).stdout
    assert (during, after) == ("True 1\n", "False 1\n")


def test_recovery_says_which_files_hold_edits(tree: Path) -> None:
    crash(tree)
    edit(tree / "a.py")
    assert recovered(tree) == [
        Restored(tree / "a.py", edited=True),
        Restored(tree / "pkg/b.py", edited=False),
    ]


def test_a_journal_without_the_patches_leaves_the_file(tree: Path) -> None:
    """As an earlier Hitrate wrote it."""
    crash(tree)
    journal = tree / ".git/hitrate/journal"
    records = [line.partition(b', "pieces"') for line in journal.read_bytes().splitlines()]
    journal.write_bytes(b"".join(head + (b"}\n" if cut else b"\n") for head, cut, _ in records))
    edit(tree / "a.py")
    content = (tree / "a.py").read_bytes()
    with pytest.raises(RestoreError, match="with lines of the patch in it"):
        recover(tree)
    assert (tree / "a.py").read_bytes() == content
    assert (tree / "pkg/b.py").read_bytes() == MODULE
