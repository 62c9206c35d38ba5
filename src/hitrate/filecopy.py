"""Copies files as they lie: bytes, mode and time; links stay links; nothing outside is followed."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

_PERMISSIONS = 0o777

Special = Callable[[Path, Path], bool]


def copy_file(source: Path, target: Path) -> None:
    """Copy one file or link; what is neither (sockets, pipes, devices) is left out."""
    status = source.lstat()
    if stat.S_ISLNK(status.st_mode):
        target.symlink_to(source.readlink())
    elif stat.S_ISREG(status.st_mode):
        shutil.copyfile(source, target)
        target.chmod(status.st_mode & _PERMISSIONS)
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def copy_folder(source: Path, target: Path, *, special: Special | None = None) -> None:
    """Copy a folder and what is below it.

    Args:
        source: An existing folder.
        target: Where it goes; made if missing.
        special: Told each entry and where it would go; True says that it has seen to it.
    """
    target.mkdir(exist_ok=True)
    with os.scandir(source) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        path, copied = Path(entry.path), target / entry.name
        if special is not None and special(path, copied):
            continue
        if entry.is_dir(follow_symlinks=False):
            copy_folder(path, copied, special=special)
        else:
            copy_file(path, copied)
    status = source.stat()
    target.chmod(status.st_mode & _PERMISSIONS)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def hand_over(folder: Path, uid: int, gid: int) -> None:
    """Make everything below a folder, and the folder itself, belong to a user; links are not followed."""
    os.chown(folder, uid, gid)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(os.path.join(parent, name), uid, gid, follow_symlinks=False)
