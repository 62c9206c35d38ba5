"""Copies, gives away, adds up and removes trees that somebody else has made, following no symbolic link.

Where the project's code may have been, every name may be a link, or become one between two looks at it. So
nothing here goes by a path: a folder is opened inside the one above it, which is open already, and only if it
is a folder itself. A name that vanishes or turns into something else meanwhile is left out.
"""

import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hitrate.errors import AnalysisError
from hitrate.files import untrusted

DEEPEST = 200
"""Folders in each other; each one on the way is open, and a process has few descriptors."""

_PERMISSIONS = 0o777
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_CHUNK_BYTES = 1 << 20


class TooDeepError(AnalysisError):
    """Folders lie in each other deeper than any project needs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder that is open.

    Attributes:
        folder: Descriptor of the folder.
        name: The name in it.
        path: From where the walk began, with forward slashes.
        status: What lies there; of a link, the link itself.
    """

    folder: int
    name: str
    path: str
    status: os.stat_result

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder and no link to one."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file and no link to one."""
        return stat.S_ISREG(self.status.st_mode)

    def open(self) -> int | None:
        """A new descriptor of the folder or file; None where it is neither any more."""
        try:
            return os.open(self.name, untrusted.FOLDER if self.is_folder else _FILE, dir_fd=self.folder)
        except OSError as error:
            if error.errno in untrusted.SWAPPED:
                return None
            raise


Special = Callable[[Entry, int], bool]
"""Told each entry and the open folder that it would be copied into; True says that it has seen to it."""


def entries(folder: int, path: str = "") -> list[Entry]:
    """What lies in an open folder, by name.

    Args:
        folder: Its descriptor.
        path: The folder's own path from where the walk began.
    """
    found = []
    for name in sorted(os.listdir(folder)):
        with suppress(FileNotFoundError):
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            found.append(Entry(folder, name, f"{path}/{name}" if path else name, status))
    return found


def below(folder: int, path: str = "", *, but: Collection[str] = ()) -> Iterator[Entry]:
    """Everything below an open folder, what is in a folder before the folder.

    Args:
        folder: Its descriptor.
        path: The folder's own path from where the walk began.
        but: Names in the folder itself that are left out.

    Raises:
        TooDeepError: There is no end to it.
    """
    require_shallow(path)
    for entry in entries(folder, path):
        if entry.name in but:
            continue
        if entry.is_folder and (inner := entry.open()) is not None:
            try:
                yield from below(inner, entry.path)
            finally:
                os.close(inner)
        yield entry


def require_shallow(path: str) -> None:
    """Refuse a path of a folder that is too deep.

    Raises:
        TooDeepError: It is.
    """
    if path.count("/") >= DEEPEST:
        raise TooDeepError(
            f"{path[:40]}…: more than {DEEPEST} folders are nested; leave them out of the repository"
        )


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """A descriptor of a folder that is none behind a link; the folders above it are trusted.

    Raises:
        OSError: It is missing, or no folder.
    """
    descriptor = os.open(folder, untrusted.FOLDER)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def made(name: str | Path, inside: int | None = None) -> Iterator[int]:
    """A descriptor of a folder, made if it is missing.

    Args:
        name: Its name, or its path where the folders above it are trusted.
        inside: Descriptor of the folder that holds it.

    Raises:
        OSError: It cannot be made, or something else is there.
    """
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=inside)
    descriptor = os.open(name, untrusted.FOLDER, dir_fd=inside)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def copy_tree(source: Path, target: Path, *, special: Special | None = None) -> None:
    """Copy a folder and what is below it as it lies: bytes, mode and time; links stay links.

    Args:
        source: A folder. Sockets, pipes and devices in it are left out.
        target: Where it goes; made if missing.
        special: Sees to some entries itself.

    Raises:
        TooDeepError: There is no end to it.
        OSError: Something in it cannot be read, or something is where a file is to be written.
    """
    with opened(source) as here, made(target) as there:
        copy_below(here, there, special=special)


def copy_below(here: int, there: int, path: str = "", *, special: Special | None = None) -> None:
    """Copy what is below one open folder into another, and the folder's mode and time."""
    require_shallow(path)
    for entry in entries(here, path):
        if special is not None and special(entry, there):
            continue
        if not entry.is_folder:
            copy_entry(entry, there)
        elif (inner := entry.open()) is not None:
            try:
                with made(entry.name, there) as copied:
                    copy_below(inner, copied, entry.path, special=special)
            finally:
                os.close(inner)
    _make_alike(there, os.fstat(here))


def copy_entry(entry: Entry, there: int) -> None:
    """Copy one file or link into an open folder; what is neither is left out."""
    if stat.S_ISLNK(entry.status.st_mode):
        with suppress(FileNotFoundError):
            os.symlink(os.readlink(entry.name, dir_fd=entry.folder), entry.name, dir_fd=there)
    elif entry.is_file and (file := entry.open()) is not None:
        try:
            if stat.S_ISREG(os.fstat(file).st_mode):
                _copy_content(file, entry.name, there)
        finally:
            os.close(file)


def _copy_content(file: int, name: str, there: int) -> None:
    copy = os.open(name, _NEW_FILE, 0o600, dir_fd=there)
    with open(file, "rb", closefd=False) as source, open(copy, "wb") as target:
        shutil.copyfileobj(source, target, _CHUNK_BYTES)
        target.flush()
        _make_alike(copy, os.fstat(file))


def write_new(name: str, text: str, there: int) -> None:
    """Write a file that is not there yet in an open folder.

    Raises:
        FileExistsError: Something is there.
    """
    file = os.open(name, _NEW_FILE, 0o644, dir_fd=there)
    with open(file, "w", encoding="utf-8") as target:
        target.write(text)


def _make_alike(descriptor: int, model: os.stat_result) -> None:
    os.fchmod(descriptor, model.st_mode & _PERMISSIONS)
    os.utime(descriptor, ns=(model.st_atime_ns, model.st_mtime_ns))


def share_tree(
    source: Path,
    target: Path,
    wanted: Callable[[str], bool],
    lent: Callable[[str], bool] | None = None,
) -> None:
    """Make a folder like another one, whose files are hard links to the files of that.

    Args:
        source: A folder, by a path that stays.
        target: The new one; its folders get mode and owner of those of the source.
        wanted: Which files, by their path below the source.
        lent: Which folders are not made anew: a symbolic link leads to that of the source; None: all are.

    Raises:
        TooDeepError: There is no end to it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened(source) as here, made(target) as there:
        _share_below(here, there, "", wanted, lambda path: f"{source}/{path}" if lent and lent(path) else "")


def _share_below(
    here: int, there: int, path: str, wanted: Callable[[str], bool], lent: Callable[[str], str]
) -> None:
    require_shallow(path)
    for entry in entries(here, path):
        if not entry.is_folder:
            if wanted(entry.path):
                _share(entry, there)
            elif lent(entry.path) and not entry.is_file:  # the source has borrowed it
                copy_entry(entry, there)
        elif place := lent(entry.path):
            os.symlink(place, entry.name, dir_fd=there)
        elif (inner := entry.open()) is not None:
            try:
                with made(entry.name, there) as shared:
                    _share_below(inner, shared, entry.path, wanted, lent)
            finally:
                os.close(inner)
    model = os.fstat(here)
    os.fchmod(there, stat.S_IMODE(model.st_mode))
    if os.geteuid() == 0:
        os.fchown(there, model.st_uid, model.st_gid)


def _share(entry: Entry, there: int) -> None:
    try:
        os.link(entry.name, entry.name, src_dir_fd=entry.folder, dst_dir_fd=there, follow_symlinks=False)
    except FileNotFoundError:
        return
    except OSError:  # another file system, or one without hard links
        copy_entry(entry, there)


def hand_over(folder: Path, uid: int, gid: int, *, but: Collection[str] = ()) -> None:
    """Make everything below a folder, and the folder itself, belong to a user.

    Args:
        folder: The folder; the folders above it are trusted.
        uid: The user.
        gid: Their group.
        but: Names in the folder that are left out; with any, the folder itself stays as it is.

    Raises:
        TooDeepError: There is no end to it.
    """
    with opened(folder) as descriptor:
        hand_over_open(descriptor, uid, gid, but=but)


def hand_over_open(folder: int, uid: int, gid: int, *, but: Collection[str] = ()) -> None:
    """Do what `hand_over` does with an open folder. Links are given themselves.

    A file that has other names too stays as it is: it may be somebody else's.
    """
    for entry in below(folder, but=but):
        if entry.is_folder or entry.status.st_nlink == 1:
            with suppress(FileNotFoundError):
                os.chown(entry.name, uid, gid, dir_fd=entry.folder, follow_symlinks=False)
    if not but:
        os.fchown(folder, uid, gid)


def give_folder(folder: Path, uid: int, gid: int) -> None:
    """Make a folder, which may be there already, belong to a user; what is in it stays as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir()
    with opened(folder) as descriptor:
        os.fchown(descriptor, uid, gid)


def set_mode(folder: Path, mode: int, *, below_too: bool = False) -> None:
    """Set the mode of a folder, and of all folders below it if wanted; files stay as they are."""
    with opened(folder) as descriptor:
        for entry in below(descriptor) if below_too else ():
            if entry.is_folder and (inner := entry.open()) is not None:
                try:
                    os.fchmod(inner, mode)
                finally:
                    os.close(inner)
        os.fchmod(descriptor, mode)


def size_of(folder: Path) -> int:
    """Bytes of all files and links below a folder; 0 if there is none.

    Raises:
        TooDeepError: There is no end to it.
    """
    if not os.path.lexists(folder):
        return 0
    with opened(folder) as descriptor:
        return sum(entry.status.st_size for entry in below(descriptor) if not entry.is_folder)


def remove(root: Path, relative: str) -> bool:
    """Remove a file, a link or a whole folder; what cannot be removed is left.

    Args:
        root: The folder that it lies below; it may itself be reached through links.
        relative: Its path below, with forward slashes; behind a link nothing is removed.

    Returns:
        Whether nothing is there any more.
    """
    *folders, name = untrusted.parts_of(relative)
    try:
        with untrusted.folder(root, folders) as holder:
            for entry in [one for one in entries(holder) if one.name == name]:
                _remove(entry)
            return name not in os.listdir(holder)
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _remove(entry: Entry) -> None:
    if not entry.is_folder:
        with suppress(OSError):
            os.unlink(entry.name, dir_fd=entry.folder)
        return
    with suppress(OSError, TooDeepError):
        if (inner := entry.open()) is not None:
            try:
                for one in below(inner):
                    with suppress(OSError):
                        (os.rmdir if one.is_folder else os.unlink)(one.name, dir_fd=one.folder)
            finally:
                os.close(inner)
        os.rmdir(entry.name, dir_fd=entry.folder)
