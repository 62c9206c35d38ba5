"""Reads and writes files below a folder whose content others have made, following no symbolic link."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
"""Opens a folder, and nothing by a link."""

SWAPPED = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.ENXIO})
"""What the system says of a name that has vanished, or is something other than it was."""

# Without O_NONBLOCK a pipe would be waited for.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def parts_of(relative: str) -> tuple[str, ...]:
    """The parts of a path that stays below its folder.

    Raises:
        ValueError: It is absolute, empty or climbs out.
    """
    path = PurePosixPath(relative)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\0" in relative:
        raise ValueError(f"{relative!r} is not below the folder")
    return path.parts


def read(root: Path, relative: str, limit: int) -> bytes | None:
    """The content of a regular file; None if there is none.

    Args:
        root: The folder; it may itself be reached through links.
        relative: The file's path below it, with forward slashes.
        limit: Bytes that it may have.

    Raises:
        ValueError: It is not below the folder, too large, no regular file, or behind a symbolic link.
    """
    *folders, name = parts_of(relative)
    try:
        with folder(root, folders) as holder:
            file = os.open(name, _FILE, dir_fd=holder)
    except FileNotFoundError:
        return None
    except OSError:
        raise ValueError(f"{relative!r} is not a regular file, or behind a symbolic link") from None
    try:
        return _content(file, limit)
    except ValueError as error:
        raise ValueError(f"{relative!r} {error}") from None


def read_up_to(root: Path, relative: str, limit: int) -> bytes:
    """The first bytes of a regular file; none where there is no such file, or it is behind a link.

    Args:
        root: The folder; it may itself be reached through links.
        relative: The file's path below it, with forward slashes.
        limit: Bytes at most.
    """
    *folders, name = parts_of(relative)
    try:
        with folder(root, folders) as holder:
            file = os.open(name, _FILE, dir_fd=holder)
    except OSError:
        return b""
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return b""
        with open(file, "rb", closefd=False) as opened:
            return opened.read(limit)
    finally:
        os.close(file)


def read_regular(path: Path, limit: int) -> bytes:
    """The content of a regular file, links followed; pipes and devices, which may never end, are refused.

    Args:
        path: The file.
        limit: Bytes that it may have.

    Raises:
        OSError: It cannot be opened.
        ValueError: It is no regular file, or too large; the message says which.
    """
    return _content(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), limit)


def _content(file: int, limit: int) -> bytes:
    """What an open file holds; it is closed."""
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise ValueError("is not a regular file")
        with open(file, "rb", closefd=False) as opened:
            content = opened.read(limit + 1)
    finally:
        os.close(file)
    if len(content) > limit:
        raise ValueError(f"is larger than {limit} bytes")
    return content


def write(root: Path, relative: str, content: bytes) -> None:
    """Write a file, making its folders; what is made belongs to whom the root belongs to.

    Args:
        root: The folder.
        relative: The file's path below it, with forward slashes.
        content: What it will hold.

    Raises:
        ValueError: It is not below the folder, or something on the way is a symbolic link or no folder.
    """
    *folders, name = parts_of(relative)
    owner = root.stat()
    refused = f"{relative!r} cannot be written, or is behind a symbolic link"
    try:
        with folder(root, folders, make=owner) as holder:
            if _other_than_file(name, holder):
                raise ValueError(refused)
            _replace(name, content, holder, owner)
    except OSError:
        raise ValueError(refused) from None


def _other_than_file(name: str, folder: int) -> bool:
    """Whether there is something by that name that is no regular file."""
    try:
        return not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def _replace(name: str, content: bytes, folder: int, owner: os.stat_result) -> None:
    """Put a new file in a name's place: what was there may have other names, whose content stays."""
    new = f".{name}.{secrets.token_hex(8)}"
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644, dir_fd=folder)
    try:
        with open(file, "wb") as opened:
            _give(file, owner)
            opened.write(content)
        os.replace(new, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(new, dir_fd=folder)
        raise


@contextmanager
def folder(root: Path, folders: Sequence[str], *, make: os.stat_result | None = None) -> Iterator[int]:
    """A descriptor of a folder, none on the way to which is a link.

    Args:
        root: Where the way begins; it may itself be reached through links.
        folders: Names on the way.
        make: Whose the folders are to be that are made on the way; None makes none.

    Raises:
        OSError: It is missing, or something on the way is a link or no folder.
    """
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in folders:
            below = _enter(here, name, make)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)


def _enter(here: int, name: str, make: os.stat_result | None) -> int:
    try:
        return os.open(name, FOLDER, dir_fd=here)
    except FileNotFoundError:
        if make is None:
            raise
    os.mkdir(name, 0o755, dir_fd=here)
    made = os.open(name, FOLDER, dir_fd=here)
    _give(made, make)
    return made


def _give(file: int, owner: os.stat_result) -> None:
    if os.geteuid() == 0:
        os.fchown(file, owner.st_uid, owner.st_gid)
