"""SourcePatcher on real files: what it changes, what it refuses, and that everything is back after it."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hitrate.patching import exchange
from hitrate.patching.edits import LRU_CACHE, Edit, cached, lifted
from hitrate.patching.journal import JournalPlace
from hitrate.patching.patcher import PatchError, RestoreError, SourcePatcher, recover
from hitrate.source.definitions import read
from tests.integration.patching.trees import MODULE, OLD, ended, forked, state, write
from tests.integration.repositories import hitrate


def no_exchange(one: Path, other: Path) -> None:
    raise exchange.NoExchangeError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A git work tree with a module and a package."""
    tree = tmp_path / "tree"
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    return write(tree, {"a.py": MODULE, "pkg/b.py": MODULE, "pkg/c.py": b"def g(): return 1"})


@pytest.fixture(params=["exchange", "copy"])
def patcher(tree: Path, request: pytest.FixtureRequest) -> SourcePatcher:
    """A patcher for the tree, by either method."""
    return SourcePatcher(tree, exchanging=exchange.exchange if request.param == "exchange" else no_exchange)


def caches(path: Path) -> int:
    return path.read_bytes().count(b"@" + LRU_CACHE.encode())


def test_patched_inside_the_block_and_as_before_after_it(tree: Path, patcher: SourcePatcher) -> None:
    before = state(tree)
    with patcher:
        patcher.apply_cache_decorator("a.py", "f", 8)
        patcher.apply_cache_decorator("a.py", "A.f", None)
        patcher.apply_cache_decorator(tree / "pkg" / "c.py", "g", 0)
        lines = (tree / "a.py").read_text().splitlines()
        assert lines[lines.index("def f(x):") - 1] == f"@{LRU_CACHE}(maxsize=8)"
        assert lines[lines.index("    def f(x):") - 1] == f"    @{LRU_CACHE}(maxsize=None)"
        assert caches(tree / "pkg" / "c.py") == 1
        assert {name for name in state(tree) if not name.startswith(".git")} == {
            name for name in before if not name.startswith(".git")
        }
        patcher.restore_all()
        assert (tree / "a.py").read_bytes() == MODULE
        patcher.apply_cache_decorator("a.py", "f", 8)
    assert state(tree) == before


def test_apply_makes_the_tree_the_originals_with_exactly_these_edits(
    tree: Path, patcher: SourcePatcher
) -> None:
    before = state(tree)
    with patcher:
        patcher.apply([cached("a.py", "f", 5, 1), cached("pkg/b.py", "f", 5, 1)])
        patcher.apply([cached("a.py", "A.f", 11, 1), Edit("pkg/c.py", "g", 1, "print", "import os as _o")])
        assert (caches(tree / "a.py"), caches(tree / "pkg/b.py"), caches(tree / "pkg/c.py")) == (1, 0, 0)
        assert (tree / "pkg/c.py").read_bytes() == b"import os as _o\n@print\ndef g(): return 1"
        patcher.apply([lifted("a.py", "A.f", 11)])
        patcher.apply(())
        assert {name: it for name, it in state(tree).items() if not name.startswith(".git")} == {
            name: it for name, it in before.items() if not name.startswith(".git")
        }
        patcher.apply([cached("a.py", "f", 5, 1)])
    assert state(tree) == before


def test_a_second_decorator_for_a_function_replaces_the_first(tree: Path, patcher: SourcePatcher) -> None:
    with patcher:
        patcher.apply_cache_decorator("a.py", "f", 8)
        patcher.apply_cache_decorator("a.py", "f", 16)
        assert caches(tree / "a.py") == 1
        assert b"maxsize=16" in (tree / "a.py").read_bytes()


@pytest.mark.parametrize(
    ("path", "name", "size", "words"),
    [
        ("a.py", "nosuch", 1, "a.py: no function nosuch is defined here"),
        ("a.py", "A", 1, "no function A"),
        ("nosuch.py", "f", 1, "nosuch.py: No such file"),
        ("pkg", "f", 1, "pkg: is not a regular file"),
        ("../outside.py", "f", 1, "is not in the tree"),
        ("/etc/hostname", "f", 1, "is not in the tree"),
        ("out.py", "f", 1, "out.py: leads out of the tree"),
        ("loop.py", "f", 1, "loop.py: "),
        ("twice.py", "f", 1, "twice.py: f is defined in lines 1, 2"),
        ("two.py", "f", 1, "two.py: line 1 is Python 2"),
        ("a.py", "f", -1, "cache size -1: must be"),
        ("a.py", "f", 1.5, "cache size 1.5: must be"),
        ("a.py", "f", True, "cache size True: must be"),
        ("a.py", "f", 1 << 64, "cache size 18446744073709551616: must be"),
    ],
)
def test_refusals_leave_everything_as_it_was(
    tree: Path, patcher: SourcePatcher, path: str, name: str, size: int, words: str
) -> None:
    write(
        tree,
        {
            "../outside.py": MODULE,
            "twice.py": b"def f(): pass\n" * 2,
            "two.py": b"print 'x'\ndef f(): pass\n",
        },
    )
    (tree / "out.py").symlink_to("../outside.py")
    (tree / "loop.py").symlink_to("loop.py")
    before = state(tree.parent)
    with patcher, pytest.raises(PatchError) as caught:
        patcher.apply_cache_decorator(path, name, size)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert state(tree.parent) == before


def test_a_refused_edit_keeps_the_variant_before_it(tree: Path, patcher: SourcePatcher) -> None:
    with patcher:
        patcher.apply_cache_decorator("a.py", "f", 8)
        content = (tree / "a.py").read_bytes()
        with pytest.raises(PatchError):
            patcher.apply([cached("pkg/b.py", "f", 5, 1), cached("a.py", "f", 6, 1)])
        assert (tree / "a.py").read_bytes() == content
        assert (tree / "pkg/b.py").read_bytes() == MODULE


NAMESAKES = b"""
from typing import overload
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
class A:
    @property
    def size(self): return 1
    @size.setter
    def size(self, value): self.value = value
def outer():
    def inner(x): return x
"""


@pytest.mark.parametrize(
    ("name", "above"),
    [("f", b"def f(x): "), ("A.size", b"def size(self): "), ("outer.<locals>.inner", b"def inner")],
)
def test_the_one_of_its_name_that_may_carry_a_cache(
    tree: Path, patcher: SourcePatcher, name: str, above: bytes
) -> None:
    write(tree, {"namesakes.py": NAMESAKES})
    with patcher:
        patcher.apply_cache_decorator("namesakes.py", name, 8)
        lines = [line.strip() for line in (tree / "namesakes.py").read_bytes().splitlines()]
        assert lines[lines.index(b"@%s(maxsize=8)" % LRU_CACHE.encode()) + 1].startswith(above)
        assert caches(tree / "namesakes.py") == 1


def test_a_cache_that_tells_types_apart_goes_on_doing_so(tree: Path, patcher: SourcePatcher) -> None:
    write(tree, {"typed.py": b"import functools\n@functools.lru_cache(8, True)\ndef f(x): return x\n"})
    with patcher:
        patcher.apply_cache_decorator("typed.py", "f", 16)
        assert b"(maxsize=16, typed=True)\ndef f" in (tree / "typed.py").read_bytes()


def test_patching_needs_the_block(tree: Path) -> None:
    with pytest.raises(PatchError, match="with block"):
        SourcePatcher(tree).apply_cache_decorator("a.py", "f", 1)


def test_one_of_several_namesakes_by_its_line(tree: Path, patcher: SourcePatcher) -> None:
    write(tree, {"twice.py": b"def f(): pass\n" * 2})
    with patcher:
        patcher.apply_cache_decorator("twice.py", "f", 1, line=2)
        assert (tree / "twice.py").read_bytes().splitlines()[1].startswith(b"def f")
        patcher.apply_cache_decorator("twice.py", "f", 1, line=1)
        assert caches(tree / "twice.py") == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_everything_is_back_however_the_block_ends(
    tree: Path, patcher: SourcePatcher, error: type[BaseException]
) -> None:
    before = state(tree)
    with pytest.raises(error), patcher:
        patcher.apply_cache_decorator("a.py", "f", 8)
        raise error
    assert state(tree) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_wait_until_files_are_whole(tree: Path, number: signal.Signals) -> None:
    before = state(tree)
    raised: list[Path] = []

    def interrupted(one: Path, other: Path) -> None:
        if not raised:
            raised.append(other)
            signal.raise_signal(number)
        exchange.exchange(one, other)

    def stop(number: int, frame: object) -> None:
        raise InterruptedError

    handler = signal.signal(number, stop)
    try:
        with pytest.raises(InterruptedError), SourcePatcher(tree, exchanging=interrupted) as patcher:
            with pytest.raises(InterruptedError):
                patcher.apply_cache_decorator("a.py", "f", 8)
            assert caches(tree / "a.py") == 1
            raised.clear()
    finally:
        signal.signal(number, handler)
    assert raised
    assert state(tree) == before


def test_mode_owner_links_and_attributes_stay(tree: Path) -> None:
    (tree / "a.py").chmod(0o2751)
    os.link(tree / "a.py", tree / "hard.py")
    (tree / "soft.py").symlink_to("pkg/b.py")
    with suppress(OSError):
        os.setxattr(tree / "a.py", "user.hitrate", b"x")
    inode, before = (tree / "a.py").stat().st_ino, state(tree)
    with SourcePatcher(tree) as patcher:
        patcher.apply_cache_decorator("a.py", "f", 8)
        patcher.apply_cache_decorator("soft.py", "f", 8)
        assert stat.S_IMODE((tree / "a.py").stat().st_mode) == 0o2751
        assert (tree / "hard.py").read_bytes() == MODULE
        assert (tree / "soft.py").is_symlink()
        assert caches(tree / "pkg/b.py") == 1
    assert state(tree) == before
    assert (tree / "a.py").stat().st_ino == (tree / "hard.py").stat().st_ino == inode


def test_files_are_read_once_for_all_variants(
    tree: Path, patcher: SourcePatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[Path] = []
    monkeypatch.setattr("hitrate.patching.patcher.read", lambda file: parsed.append(file) or read(file))
    with patcher:
        for size in (1, 2, 1):
            patcher.apply([cached("a.py", "f", 5, size), cached("pkg/c.py", "g", 1, size)])
    assert len(parsed) == 2


class SwappedIn:
    """Exchanges two files, and does something else just before the first exchange of a file of that name."""

    def __init__(self, name: str, act: Callable[[Path], None]) -> None:
        self.name = name
        self.act = act

    def __call__(self, one: Path, other: Path) -> None:
        if other.name == self.name:
            self.name = ""
            self.act(other)
        exchange.exchange(one, other)


def save(path: Path) -> None:
    """Save a file as editors do: a new one in its place."""
    new = path.with_suffix(".new")
    new.write_bytes(b"mine")
    new.rename(path)


def test_a_file_saved_while_it_is_being_patched_is_kept(tree: Path) -> None:
    with SourcePatcher(tree, exchanging=SwappedIn("b.py", save)) as patcher:
        with pytest.raises(PatchError, match=r"^pkg/b\.py: somebody else changed it"):
            patcher.apply([cached("a.py", "f", 5, 1), cached("pkg/b.py", "f", 5, 1)])
        assert (tree / "a.py").read_bytes() == MODULE
        patcher.apply([cached("pkg/c.py", "g", 1, 1)])
        assert caches(tree / "pkg/c.py") == 1
    assert (tree / "pkg/b.py").read_bytes() == b"mine"
    assert not (tree / ".git/hitrate").exists()


def test_a_file_changed_since_it_was_read_is_not_patched(tree: Path, patcher: SourcePatcher) -> None:
    with patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
        patcher.apply(())
        status = (tree / "a.py").stat()
        (tree / "a.py").write_bytes(MODULE.replace(b"x", b"y"))
        os.utime(tree / "a.py", ns=(status.st_atime_ns, status.st_mtime_ns))  # size and time are as they were
        with pytest.raises(PatchError, match=r"^a\.py: somebody else changed it"):
            patcher.apply([cached("a.py", "f", 5, 1)])
    assert (tree / "a.py").read_bytes() == MODULE.replace(b"x", b"y")


@pytest.mark.parametrize("act", [save, lambda path: path.write_bytes(b"mine")])
def test_a_file_changed_while_it_is_patched_is_left_and_told(
    tree: Path, patcher: SourcePatcher, act: Callable[[Path], None]
) -> None:
    before = state(tree / "pkg")
    with pytest.raises(RestoreError) as caught, patcher:
        patcher.apply([cached("a.py", "f", 5, 1), cached("pkg/b.py", "f", 5, 1)])
        act(tree / "a.py")
        with pytest.raises(PatchError, match=r"^a\.py: somebody else changed it"):
            patcher.apply([cached("a.py", "f", 5, 2), cached("pkg/b.py", "f", 5, 2)])
    assert (tree / "a.py").read_bytes() == b"mine"
    assert state(tree / "pkg") == before
    assert recover(tree) == []  # it was said once, nothing of the patch is in the file; the way is free
    subprocess.run(str(caught.value).rpartition("original back: ")[2], shell=True, check=True)
    assert (tree / "a.py").read_bytes() == MODULE


def test_a_pipe_in_a_files_place_is_not_waited_for(tree: Path, patcher: SourcePatcher) -> None:
    with pytest.raises(RestoreError, match=r"^a\.py was changed by somebody else"), patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
        (tree / "a.py").unlink()
        os.mkfifo(tree / "a.py")
        with pytest.raises(PatchError, match=r"^a\.py: somebody else changed it"):
            patcher.apply([cached("a.py", "f", 5, 2)])


@pytest.mark.parametrize("name", ["lock", "journal"])
def test_a_pipe_in_the_journals_place_is_not_waited_for(tree: Path, name: str) -> None:
    before = state(tree)
    folder = JournalPlace.of(tree).folder
    folder.mkdir()
    os.mkfifo(folder / name)
    with suppress(PatchError), SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
    assert {path: kind for path, kind in state(tree).items() if "hitrate" not in path} == before


def test_a_file_saved_while_it_is_being_put_back_is_kept(tree: Path) -> None:
    exchanging = SwappedIn("", save)
    with pytest.raises(RestoreError), SourcePatcher(tree, exchanging=exchanging) as patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
        exchanging.name = "a.py"
    assert (tree / "a.py").read_bytes() == b"mine"


def test_a_change_through_another_name_of_the_original_is_kept_and_told(tree: Path) -> None:
    os.link(tree / "a.py", tree / "hard.py")
    with pytest.raises(RestoreError, match="it is back, with that change"), SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
        (tree / "hard.py").write_bytes(b"mine")
    assert (tree / "a.py").read_bytes() == b"mine"


def test_a_deleted_file_is_put_back(tree: Path, patcher: SourcePatcher) -> None:
    before = state(tree)
    with patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
        (tree / "a.py").unlink()
    assert state(tree) == before


def test_originals_that_somebody_removed_are_made_anew(tmp_path: Path) -> None:
    """As tests do that clean up what does not belong to a tree."""
    tree = write(tmp_path / "plain", {"a.py": MODULE, "b.py": MODULE})
    (tree / "a.py").chmod(0o751)
    before = state(tree)
    with SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 5, 1), cached("b.py", "f", 5, 1)])
        shutil.rmtree(tree / ".hitrate")
    assert state(tree) == before


def test_a_tree_that_was_moved_away_while_it_was_patched_is_told(tree: Path) -> None:
    moved = tree.parent / "moved"
    with pytest.raises(RestoreError, match="could not be put back"), SourcePatcher(tree) as patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
        tree.rename(moved)
    assert recover(moved) == ["a.py"]
    assert (moved / "a.py").read_bytes() == MODULE


def test_a_file_that_became_a_link_is_left(tree: Path, patcher: SourcePatcher) -> None:
    with pytest.raises(RestoreError), patcher:
        patcher.apply([cached("a.py", "f", 5, 1)])
        (tree / "a.py").unlink()
        (tree / "a.py").symlink_to("pkg/b.py")
    assert (tree / "a.py").is_symlink()
    assert (tree / "pkg/b.py").read_bytes() == MODULE


def test_a_folder_that_became_a_link_is_not_followed(tree: Path, patcher: SourcePatcher) -> None:
    outside = write(tree.parent / "outside", {"b.py": MODULE})
    before = state(outside)
    with pytest.raises(RestoreError), patcher:
        patcher.apply([cached("pkg/b.py", "f", 5, 1)])
        (outside / "b.py").write_bytes((tree / "pkg/b.py").read_bytes())
        os.utime(outside / "b.py", ns=(OLD, OLD))
        before = state(outside)
        (tree / "pkg").rename(tree / "moved")
        (tree / "pkg").symlink_to(outside)
    assert state(outside) == before


def test_a_second_hitrate_is_refused_until_the_first_has_ended(tree: Path) -> None:
    script = (
        "import sys; from hitrate.patching.patcher import SourcePatcher\n"
        f"with SourcePatcher({str(tree)!r}) as patcher:\n"
        "    patcher.apply_cache_decorator('a.py', 'f', 8); print('ready', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == b"ready\n"
        content = (tree / "a.py").read_bytes()
        for where in (tree, tree / "pkg"):
            with pytest.raises(PatchError, match=f"another Hitrate .process {first.pid}. is at work"):
                recover(where)
        assert (tree / "a.py").read_bytes() == content
        first.stdin.close()
    assert (tree / "a.py").read_bytes() == MODULE
    with SourcePatcher(tree) as patcher:
        assert patcher.recovered == ()


# Where the journal is


def test_the_journal_is_in_the_git_directory_also_of_a_linked_work_tree(tree: Path) -> None:
    git = ["git", "-C", str(tree), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    linked = tree.parent / "linked"
    subprocess.run([*git, "worktree", "add", "-q", str(linked)], check=True)
    before = state(tree)
    with SourcePatcher(linked / "pkg") as patcher:
        patcher.apply_cache_decorator("b.py", "f", 8)
        assert (tree / ".git/worktrees/linked/hitrate/journal").exists()
        status = subprocess.run(["git", "-C", str(linked), "status", "-s"], check=True, capture_output=True)
        assert status.stdout == b" M pkg/b.py\n"
    index = ".git/worktrees/linked/index"  # git status wrote it
    assert {name: it for name, it in state(tree).items() if name != index} == {
        name: it for name, it in before.items() if name != index
    }


def test_the_journal_of_a_tree_without_git_is_in_the_tree(tmp_path: Path) -> None:
    tree = write(tmp_path / "plain", {"a.py": MODULE})
    before = state(tree)
    with SourcePatcher(tree) as patcher:
        patcher.apply_cache_decorator("a.py", "f", 8)
        assert (tree / ".hitrate/journal").exists()
    assert state(tree) == before


def test_a_git_file_that_leads_nowhere_is_no_git_directory(tmp_path: Path) -> None:
    write(tmp_path, {".git": b"gitdir: nowhere\n", "a.py": MODULE})
    assert JournalPlace.of(tmp_path).folder == tmp_path / ".hitrate"


def test_a_torn_last_record_announced_what_did_not_begin(tree: Path) -> None:
    before = state(tree)
    crash(tree, "a.py")
    with (tree / ".git/hitrate/journal").open("ab") as journal:
        journal.write(b'{"file": "pkg/b.py", "slo')
    assert recover(tree) == ["a.py"]
    assert state(tree) == before


def test_a_damaged_journal_is_told_and_nothing_is_touched(tree: Path) -> None:
    crash(tree, "a.py")
    content = (tree / "a.py").read_bytes()
    (tree / ".git/hitrate/journal").write_bytes(b"{}\n")
    with pytest.raises(PatchError, match="damaged"):
        recover(tree)
    assert (tree / "a.py").read_bytes() == content


def crash(tree: Path, *paths: str) -> None:
    """Leave files patched, as a killed process does."""

    def work() -> None:
        with SourcePatcher(tree) as patcher:
            for path in paths:
                patcher.apply_cache_decorator(path, "f", 8)
            os.kill(os.getpid(), signal.SIGKILL)

    assert ended(forked(work)) == -signal.SIGKILL


def test_the_next_start_and_recover_put_back_what_a_crash_left(tree: Path) -> None:
    before = state(tree)
    crash(tree, "a.py", "pkg/b.py")
    assert caches(tree / "a.py") == 1
    assert recover(tree) == ["a.py", "pkg/b.py"]
    assert state(tree) == before
    crash(tree, "a.py")
    with SourcePatcher(tree) as patcher:
        assert patcher.recovered == ("a.py",)
        assert (tree / "a.py").read_bytes() == MODULE
    assert state(tree) == before
    assert recover(tree) == []


def test_recovery_from_the_other_method(tree: Path) -> None:
    before = state(tree)
    crash(tree, "a.py")
    with SourcePatcher(tree, exchanging=no_exchange) as patcher:
        assert patcher.recovered == ("a.py",)
    assert state(tree) == before


def test_a_file_edited_after_a_crash_is_left_and_told(tree: Path) -> None:
    crash(tree, "a.py", "pkg/b.py")
    (tree / "a.py").write_bytes(b"mine")
    with pytest.raises(RestoreError, match=r"^a\.py was changed by somebody else"):
        recover(tree)
    assert (tree / "a.py").read_bytes() == b"mine"
    assert (tree / "pkg/b.py").read_bytes() == MODULE
    assert recover(tree) == []


def test_a_tree_moved_after_a_crash_is_put_back(tree: Path) -> None:
    crash(tree, "a.py")
    moved = tree.rename(tree.parent / "moved")
    assert recover(moved) == ["a.py"]
    assert (moved / "a.py").read_bytes() == MODULE


def test_copies_elsewhere_get_the_same_edits(tree: Path, patcher: SourcePatcher) -> None:
    site = write(tree.parent / "site", {"b.py": MODULE, "other.py": b"x = 1"})
    before = state(tree.parent)
    copying = SourcePatcher(tree, mirrors={"pkg/b.py": [site / "b.py"], "a.py": [site / "other.py"]})
    with copying:
        copying.apply_cache_decorator("pkg/b.py", "f", 8)
        copying.apply_cache_decorator("pkg/b.py", "A.f", 8)
        assert caches(site / "b.py") == caches(tree / "pkg/b.py") == 2
        with pytest.raises(PatchError, match=r"other\.py: differs from a\.py"):
            copying.apply_cache_decorator("a.py", "f", 8)
    assert state(tree.parent) == before


def test_the_command_puts_back_and_says_what(tree: Path) -> None:
    before = state(tree)
    crash(tree, "a.py", "pkg/b.py")
    done = hitrate(tree / "pkg", "recover")
    assert (done.returncode, done.stdout) == (0, "restored a.py\nrestored pkg/b.py\n"), done.stderr
    assert state(tree) == before
    assert hitrate(tree, "recover").stdout == "Nothing to put back.\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize(("exchanging", "refused"), [(exchange.exchange, False), (no_exchange, True)])
def test_a_file_of_somebody_else_stays_theirs(exchanging: exchange.Exchange, refused: bool) -> None:
    with TemporaryDirectory() as folder:
        tree = write(Path(folder), {"a.py": MODULE, ".git/HEAD": b""})
        for place in (tree, tree / ".git"):
            place.chmod(0o777)
        before = state(tree)

        def work() -> None:
            os.setegid(65534)
            os.seteuid(65534)
            with SourcePatcher(tree, exchanging=exchanging) as patcher:
                if refused:
                    with pytest.raises(PatchError, match=r"a\.py: .* it belongs to somebody else"):
                        patcher.apply_cache_decorator("a.py", "f", 8)
                else:
                    patcher.apply_cache_decorator("a.py", "f", 8)
                assert caches(tree / "a.py") == (not refused)

        assert ended(forked(work)) == 0
        assert state(tree) == before
