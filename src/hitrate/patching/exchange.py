"""Replacing a file and putting it back, so that no instant of it can lose anything."""

import ctypes
import errno
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from hitrate.patching.journal import Method, PatchedFile

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_NANO = 10**9
_UNSUPPORTED = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EXDEV}


class ChangedError(Exception):
    """A file is not what it was expected to be: somebody else writes to it."""


class NoExchangeError(Exception):
    """The file system cannot exchange these two names."""


class Exchange(Protocol):
    """Lets two names change places in one step; raises :class:`NoExchangeError` where that cannot be."""

    def __call__(self, one: Path, other: Path) -> None:
        """Do it."""


def exchange(one: Path, other: Path) -> None:
    """Let two names change places in one step (``renameat2`` of Linux).

    Raises:
        NoExchangeError: The system or the file system cannot.
        OSError: Any other failure.
    """
    rename = _renameat2()
    if rename is None:
        raise NoExchangeError
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        raise NoExchangeError
    raise OSError(number, os.strerror(number), str(other))


@cache
def _renameat2() -> "ctypes._NamedFuncPointer | None":
    with suppress(OSError, AttributeError):
        function = ctypes.CDLL(None, use_errno=True).renameat2
        function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        return function
    return None


def digest(data: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str | None:
    """SHA-256 of a regular file; None where there is none (a link is none)."""
    with _regular(path) as file:
        return None if file is None else hashlib.file_digest(file, "sha256").hexdigest()


def content_of(path: Path) -> bytes | None:
    """The bytes of a regular file; None where there is none (a link is none)."""
    with _regular(path) as file:
        return None if file is None else file.read()


@contextmanager
def _regular(path: Path) -> Iterator[BufferedReader | None]:
    """A file to read, if it is a regular one."""
    try:
        # Without O_NONBLOCK a pipe would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO):
            raise
        yield None
        return
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        yield None
        return
    with os.fdopen(descriptor, "rb") as file:
        yield file


def stage(entry: PatchedFile, data: bytes, mtime_ns: int) -> None:
    """Write new content for a file where :func:`swap_in` finds it; the file itself stays as it is.

    It gets the file's mode, owner and attributes, and the given time of modification.
    """
    _write_like(entry.path, entry.part, data)
    os.utime(entry.part, ns=(mtime_ns, mtime_ns))
    entry.part.rename(entry.next)


def swap_in(entry: PatchedFile, expected: Container[str], exchanging: Exchange = exchange) -> None:
    """Put staged content in place of a file's; the original waits in the slot from then on.

    Args:
        entry: The file.
        expected: SHA-256 of what may be replaced.
        exchanging: Exchanges two names.

    Raises:
        ChangedError: The file holds something else; it is left as it is.
        NoExchangeError: The entry's method cannot be used here; nothing was changed.
    """
    first = not entry.slot.exists()
    if entry.method is Method.COPY:
        if first:
            _copy_original(entry)
        if digest_of(entry.path) not in expected or (first and digest_of(entry.slot) not in expected):
            if first:
                entry.slot.unlink()
            raise ChangedError
        entry.next.replace(entry.path)
        return
    _exchange_checked(entry.next, entry.path, expected, exchanging)
    if first:
        entry.next.rename(entry.slot)
    else:
        entry.next.unlink()


def is_patched(entry: PatchedFile) -> bool:
    """Whether the original waits in the slot; first clears up what a crash left half done beside it."""
    _discard_staged(entry)
    return os.path.lexists(entry.slot)


def put_back(entry: PatchedFile, exchanging: Exchange = exchange) -> None:
    """Put a file's original back, whatever instant a crash interrupted. The slot is gone then.

    Raises:
        ChangedError: Somebody else changed the file. It is left as it is, and the original in the slot; where
            there is no slot any more, the change was made to the original itself, which is back.
    """
    if not is_patched(entry):
        return
    if os.path.realpath(entry.path.parent) != str(entry.path.parent):
        raise ChangedError  # a folder on the way became a link
    _finish_merge(entry, exchanging)
    waiting, current = digest_of(entry.slot), digest_of(entry.path)
    if current in entry.merged:
        entry.slot.unlink()
        return
    if entry.method is Method.COPY:
        _put_copy_back(entry, current)
    elif waiting in entry.patched:
        entry.slot.unlink()  # the exchange was made already
    elif current == entry.original != waiting:
        exchanging(entry.slot, entry.path)  # an exchange was made that took somebody's change out
        raise ChangedError
    elif current == entry.original or not os.path.lexists(entry.path):
        entry.slot.replace(entry.path)
    else:
        _take_place(entry, exchanging)
    if digest_of(entry.path) != entry.original:
        raise ChangedError


def stage_merged(entry: PatchedFile, data: bytes) -> bool:
    """Write what somebody's edits of a patched file are without the patch, beside the file.

    It gets the mode and owner that the file has now, and another second of modification, so that nothing
    compiled from the edited file is taken for it, and editors that have the file open see that it changed.

    Returns:
        Whether the owner could be kept; nothing is written if not.
    """
    model = entry.path.lstat()
    _write_like(entry.path, entry.part, data)
    written = entry.part.stat()
    if (written.st_uid, written.st_gid) != (model.st_uid, model.st_gid):
        entry.part.unlink()
        return False
    now = max(time.time_ns(), model.st_mtime_ns + _NANO)
    os.utime(entry.part, ns=(now, now))
    entry.part.rename(entry.merging)
    return True


def swap_merged_in(entry: PatchedFile, edited: str, exchanging: Exchange = exchange) -> None:
    """Put what :func:`stage_merged` wrote in the place of the edited file, and drop the original.

    Args:
        entry: The file.
        edited: SHA-256 of what may be replaced.
        exchanging: Exchanges two names.

    Raises:
        ChangedError: The file holds something else; it is left as it is.
    """
    try:
        if entry.method is Method.COPY:
            _replace_checked(entry.merging, entry.path, edited)
        else:
            _exchange_checked(entry.merging, entry.path, {edited}, exchanging)
    except NoExchangeError:  # a crash in a container may be repaired outside of it
        _replace_checked(entry.merging, entry.path, edited)
    finally:
        _finish_merge(entry, exchanging)
    entry.slot.unlink()


def refill(entry: PatchedFile, data: bytes, status: os.stat_result) -> None:
    """Lay a patched file's original into its slot again if somebody removed it, as tests that clean up may.

    Args:
        entry: The file.
        data: Its original content.
        status: What the original's mode and times were.
    """
    if os.path.lexists(entry.slot) or digest_of(entry.path) == entry.original:
        return
    entry.slot.parent.mkdir(mode=0o700, exist_ok=True)
    _write_like(entry.path, entry.copy, data)
    entry.copy.chmod(stat.S_IMODE(status.st_mode))
    os.utime(entry.copy, ns=(status.st_atime_ns, status.st_mtime_ns))
    entry.copy.rename(entry.slot)


def discard(entry: PatchedFile) -> None:
    """Remove staged content that was not put in place."""
    entry.part.unlink(missing_ok=True)
    entry.next.unlink(missing_ok=True)


def _exchange_checked(new: Path, path: Path, expected: Container[str], exchanging: Exchange) -> None:
    """Exchange two files if the second holds what is expected; nobody can write in between."""
    if digest_of(path) not in expected:
        raise ChangedError
    exchanging(new, path)
    if digest_of(new) not in expected:
        exchanging(new, path)
        raise ChangedError


def _replace_checked(new: Path, path: Path, expected: str) -> None:
    if digest_of(path) != expected:
        raise ChangedError
    new.replace(path)


def _finish_merge(entry: PatchedFile, exchanging: Exchange) -> None:
    """Clear up after a crash amid :func:`swap_merged_in`."""
    if not os.path.lexists(entry.merging):
        return
    current, beside = digest_of(entry.path), digest_of(entry.merging)
    if current in entry.merged and beside not in (entry.merged[current], current):
        try:
            exchanging(entry.merging, entry.path)  # an exchange took a later edit out
        except NoExchangeError:
            entry.merging.replace(entry.path)
    entry.merging.unlink(missing_ok=True)


def _take_place(entry: PatchedFile, exchanging: Exchange) -> None:
    """Let the original in the slot take the patched file's place."""
    try:
        _exchange_checked(entry.slot, entry.path, entry.patched, exchanging)
        entry.slot.unlink()
    except NoExchangeError:  # a crash in a container may be repaired outside of it
        entry.slot.replace(entry.path)


def _discard_staged(entry: PatchedFile) -> None:
    """Remove what a crash left beside the slot."""
    entry.part.unlink(missing_ok=True)
    entry.copy.unlink(missing_ok=True)
    found = digest_of(entry.next)
    if found is None:
        return
    if found in entry.patched or entry.method is Method.COPY:
        entry.next.unlink()
    elif found == entry.original and not entry.slot.exists():
        entry.next.rename(entry.slot)
    elif digest_of(entry.path) in entry.patched:
        entry.next.replace(entry.path)  # an exchange took somebody's change out


def _put_copy_back(entry: PatchedFile, current: str | None) -> None:
    if current != entry.original:
        if current not in entry.patched and os.path.lexists(entry.path):
            raise ChangedError
        _write_like(entry.slot, entry.part, entry.slot.read_bytes())
        shutil.copystat(entry.slot, entry.part)
        entry.part.replace(entry.path)
    entry.slot.unlink()


def _copy_original(entry: PatchedFile) -> None:
    """Copy the original to the slot, with mode, owner, attributes and times; it appears there complete."""
    _write_like(entry.path, entry.copy, entry.path.read_bytes())
    shutil.copystat(entry.path, entry.copy)
    copy, original = entry.copy.stat(), entry.path.stat()
    if (copy.st_uid, copy.st_gid) != (original.st_uid, original.st_gid):
        entry.copy.unlink()
        raise PermissionError(errno.EPERM, "it belongs to somebody else, who would lose it", str(entry.path))
    entry.copy.rename(entry.slot)


def _write_like(model: Path, target: Path, data: bytes) -> None:
    """Write a file, on the disk before this returns, with the mode, owner and attributes of another."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        like = model.stat()
        if (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
            with suppress(
                PermissionError
            ):  # then it is the group's at best; the original is not touched by this
                os.fchown(descriptor, like.st_uid, like.st_gid)
        file.write(data)
        file.flush()
        shutil.copystat(model, target)
        os.fsync(descriptor)
