"""Trees that somebody else has made: whatever they hold, nothing outside of them is touched."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.files import copying, untrusted
from hitrate.files.copying import Entry, TooDeepError

OTHER = 51515
NAMES = ("a", "b", "c", ".git", "CACHEDIR.TAG", "ä b")
# Where a link may lead: outside and inside, to files and to folders, to nothing, to itself, by detours.
TARGETS = (
    *("{out}", "{out}/file", "{out}/folder", "{out}/folder/deep", "{out}/missing", "../outside/file"),
    *("../outside", "../../outside/folder", "../../../outside/folder", "..", ".", "a", "b/a", "c", "missing"),
    *(
        "/etc",
        "/etc/passwd",
        "/proc/self",
        "/proc/self/root",
        "/proc/self/cwd",
        "/proc/self/fd/0",
        "/dev/zero",
    ),
)
Tree = dict[str, object]

leaves = st.one_of(st.binary(max_size=20), st.sampled_from(TARGETS), st.just(None), st.just(0), st.just(1))
trees: st.SearchStrategy[Tree] = st.recursive(
    st.dictionaries(st.sampled_from(NAMES), leaves, max_size=4),
    lambda inner: st.dictionaries(st.sampled_from(NAMES), st.one_of(leaves, inner), max_size=5),
    max_leaves=15,
)


def build(folder: Path, tree: Tree, outside: Path) -> None:
    """Make a tree: bytes are files, texts links, None a pipe, 0 a hard link outside, 1 an odd mode."""
    folder.mkdir(exist_ok=True)
    for name, what in tree.items():
        place = folder / name
        match what:
            case dict():
                build(place, what, outside)
            case bytes():
                place.write_bytes(what)
            case str():
                place.symlink_to(what.format(out=outside))
            case None:
                os.mkfifo(place)
            case 0:
                os.link(outside / "file", place)
            case _:
                place.write_bytes(b"#!/bin/sh\n")
                place.chmod(0o6755)


def seen(folder: Path, *, links: bool = True) -> dict[str, object]:
    """Everything about a tree; reading it changes no time but that of access, which is left out."""
    found: dict[str, object] = {}
    for place, folders, files in os.walk(folder):
        for path in (place, *(os.path.join(place, name) for name in (*folders, *files))):
            status = os.lstat(path)
            content: object = None
            if stat.S_ISREG(status.st_mode):
                content = Path(path).read_bytes()
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            found[os.path.relpath(path, folder)] = (
                *(status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns),
                *((status.st_ino, status.st_ctime_ns, status.st_nlink) if links else ()),
                content,
            )
    return found


def shape(folder: Path) -> dict[str, object]:
    """What a copy has in common with what it is of: pipes are left out, and no copy is setuid."""
    return {
        path: (stat.S_IFMT(mode) | mode & 0o777, mtime if not stat.S_ISLNK(mode) else 0, content)
        for path, (mode, _, _, mtime, content) in seen(folder, links=False).items()  # type: ignore[misc]
        if not stat.S_ISFIFO(mode)
    }


class Ground:
    """A tree, and what lies around it."""

    def __init__(self, folder: Path, tree: Tree) -> None:
        self.outside, self.inside = folder / "outside", folder / "around" / "inside"
        (self.outside / "folder" / "deep").mkdir(parents=True)
        (self.outside / "file").write_bytes(b"theirs")
        (self.outside / "folder" / "deep" / "key").write_bytes(b"hunter2")
        self.inside.parent.mkdir()
        build(self.inside, tree, self.outside)

    def before(self) -> tuple[dict[str, object], list[tuple[int, ...]]]:
        return seen(self.outside), [
            (status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns, status.st_ctime_ns)
            for status in map(os.stat, ("/etc", "/etc/passwd", "/dev/zero"))
        ]


def _copied(ground: Ground) -> None:
    target = ground.inside.parent / "copy"
    before = shape(ground.inside)
    copying.copy_tree(ground.inside, target)
    assert shape(target) == before


def _copied_with_a_word(ground: Ground) -> None:
    told = []

    def special(entry: Entry, there: int) -> bool:
        del there
        told.append(entry.path)
        return entry.name == "a"

    target = ground.inside.parent / "copy"
    copying.copy_tree(ground.inside, target, special=special)
    kept = {path for path in shape(ground.inside) if "a" not in path.split("/")}
    assert set(shape(target)) == kept
    assert len(told) == len(set(told))


def _given(ground: Ground) -> None:
    copying.hand_over(ground.inside, OTHER, OTHER)
    for path in (ground.inside, *ground.inside.rglob("*")):
        status = path.lstat()
        shared = stat.S_ISREG(status.st_mode) and status.st_nlink > 1
        assert (status.st_uid == OTHER) is not shared, path


def _given_but_for_some(ground: Ground) -> None:
    copying.hand_over(ground.inside, OTHER, OTHER, but=(".git",))
    assert ground.inside.stat().st_uid == 0
    assert {path.lstat().st_uid for path in (ground.inside / ".git",) if os.path.lexists(path)} <= {0}


def _removed(ground: Ground) -> None:
    assert copying.remove(ground.inside.parent, "inside")
    assert not os.path.lexists(ground.inside)


def _one_removed(ground: Ground) -> None:
    for path in ("a", "b/a", "b/c/a"):
        real = all(
            part.is_dir() and not part.is_symlink()
            for part in list((ground.inside / path).parents)[: path.count("/")]
        )
        copying.remove(ground.inside, path)
        assert not (real and os.path.lexists(ground.inside / path))


def _added_up(ground: Ground) -> None:
    paths = ground.inside.rglob("*")
    expected = sum(path.lstat().st_size for path in paths if path.is_symlink() or not path.is_dir())
    assert copying.size_of(ground.inside) == expected


def _shared(ground: Ground) -> None:
    target = ground.inside.parent / "shared"
    copying.share_tree(ground.inside, target, lambda path: path.endswith("c"))
    shutil.rmtree(target)  # as the last name goes, so does its count


def _opened_to_all(ground: Ground) -> None:
    copying.set_mode(ground.inside, 0o777, below_too=True)
    folders = (path for path in ground.inside.rglob("*") if path.is_dir() and not path.is_symlink())
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} <= {0o777}


def _written(ground: Ground) -> None:
    for path in ("a", "b/a", "c", "b/c/a"):
        try:
            untrusted.write(ground.inside, path, b"new")
        except ValueError:
            continue
        assert (ground.inside / path).read_bytes() == b"new"


def _read(ground: Ground) -> None:
    for path in ("a", "b/a", "c", "b/c/a"):
        head = untrusted.read_up_to(ground.inside, path, 3)
        assert head != b"hun"
        try:
            assert (untrusted.read(ground.inside, path, 100) or b"")[:3] == head
        except ValueError:
            assert head == b""


OPERATIONS: list[Callable[[Ground], None]] = [
    *(_copied, _copied_with_a_word, _removed, _one_removed, _added_up, _opened_to_all, _written, _read),
    *([_given, _given_but_for_some, _shared] if os.geteuid() == 0 else [_shared]),
]
# These give a file of outside another name or take one away, so that the count of its names changes.
COUNTING = {_removed, _one_removed, _shared, _written}


def comparable(
    before: tuple[dict[str, object], list[tuple[int, ...]]], *, counted: bool
) -> tuple[dict[str, object], list[tuple[int, ...]]]:
    around, elsewhere = before
    if counted:
        return before
    return {
        path: (*status[:5], status[7]) if path == "file" else status  # type: ignore[index]
        for path, status in around.items()
    }, elsewhere


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__[1:])
@settings(max_examples=60, deadline=None)
@given(tree=trees)
def test_nothing_outside_is_touched(operation: Callable[[Ground], None], tree: Tree) -> None:
    with TemporaryDirectory() as folder:
        ground = Ground(Path(folder), tree)
        before = ground.before()
        operation(ground)
        counted = operation not in COUNTING
        assert comparable(ground.before(), counted=counted) == comparable(before, counted=counted)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__[1:])
def test_every_link_at_every_level(operation: Callable[[Ground], None], target: str, tmp_path: Path) -> None:
    ground = Ground(tmp_path, {"a": target, "b": {"a": target, "c": {"a": target, "b": target}}, "c": target})
    before = ground.before()
    operation(ground)
    assert ground.before() == before


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path, {"b": {"a": b"x", "b": {"key": b"y"}}, "c": b"z"})


class Swap:
    """Puts a link to the outside in the place of a folder, once, as soon as the folder was looked at."""

    def __init__(self, ground: Ground, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
        self.ground, self.done = ground, False
        original = getattr(os, function)

        def swapping(path: object, *arguments: object, **named: object) -> object:
            result = original(path, *arguments, **named)
            if path == "b" and not self.done:
                self.done = True
                (ground.inside / "b").rename(ground.inside.parent / "away")
                (ground.inside / "b").symlink_to(ground.outside / "folder")
            return result

        monkeypatch.setattr(os, function, swapping)


@pytest.mark.parametrize("function", ["stat", "open"])
@pytest.mark.parametrize(
    "act",
    [
        lambda inside: copying.copy_tree(inside, inside.parent / "copy"),
        lambda inside: copying.hand_over(inside, os.geteuid(), os.getegid()),
        lambda inside: copying.remove(inside, "b"),
        lambda inside: copying.remove(inside.parent, "inside"),
        copying.size_of,
        lambda inside: copying.set_mode(inside, 0o777, below_too=True),
        lambda inside: copying.share_tree(inside, inside.parent / "shared", lambda path: True),
    ],
    ids=["copy", "give", "remove", "remove all", "size", "mode", "share"],
)
def test_a_folder_that_becomes_a_link_meanwhile(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], object], function: str
) -> None:
    before = ground.before()
    swap = Swap(ground, monkeypatch, function)
    try:
        act(ground.inside)
    finally:
        monkeypatch.undo()
    assert swap.done
    assert ground.before() == before
    copies = [path for name in ("copy", "shared") for path in (ground.inside.parent / name).rglob("deep")]
    assert copies == []


@pytest.mark.parametrize("operation", [_added_up, _removed, _copied], ids=lambda one: one.__name__[1:])
def test_folders_in_each_other_without_end(ground: Ground, operation: Callable[[Ground], None]) -> None:
    descriptor = os.open(ground.inside, os.O_RDONLY)
    for _ in range(3 * copying.DEEPEST):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    if operation is _removed:
        assert not copying.remove(ground.inside.parent, "inside")
    else:
        with pytest.raises(TooDeepError, match="more than 200 folders are nested"):
            operation(ground)


def test_a_deep_tree_of_a_real_project_is_copied(tmp_path: Path) -> None:
    (tmp_path / "from").joinpath(*(["d"] * 150)).mkdir(parents=True)
    copying.copy_tree(tmp_path / "from", tmp_path / "to")
    assert shape(tmp_path / "to") == shape(tmp_path / "from")


@pytest.mark.parametrize("kind", ["link", "file", "missing"])
def test_the_top_is_no_link_either(ground: Ground, kind: str) -> None:
    top = ground.inside / "top"
    if kind == "link":
        top.symlink_to(ground.outside)
    elif kind == "file":
        top.write_bytes(b"")
    before = ground.before()
    for act in (
        lambda: copying.copy_tree(top, ground.inside / "copy"),
        lambda: copying.hand_over(top, os.geteuid(), os.getegid()),
        lambda: copying.set_mode(top, 0o700, below_too=True),
    ):
        with pytest.raises(OSError, match=r"top"):
            act()
    assert ground.before() == before


def open_descriptors() -> Iterator[str]:
    yield from os.listdir("/proc/self/fd")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__[1:])
def test_every_descriptor_is_closed(ground: Ground, operation: Callable[[Ground], None]) -> None:
    before = list(open_descriptors())
    operation(ground)
    assert list(open_descriptors()) == before
