"""Trees to patch, and what must be the same about them before and after."""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from hitrate.patching.patcher import PatchError

OLD = 1_234_567_890_123_456_789
MODULE = b'''"""Doc."""
import calendar


def f(x):
    return x


class A:
    @staticmethod
    def f(x):
        return x
'''


def write(tree: Path, files: Mapping[str, bytes]) -> Path:
    """Write files, each with a time of modification with odd nanoseconds."""
    for number, (name, data) in enumerate(files.items()):
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, ns=(OLD, OLD + 1_000_000_007 * number))
    return tree


def state(tree: Path) -> dict[str, tuple[object, ...]]:
    """Everything below a folder: kind, mode, owner; content and time of files; targets of links."""
    found: dict[str, tuple[object, ...]] = {}
    for folder, folders, files in os.walk(tree):
        for name in (*folders, *files):
            path = Path(folder, name)
            status = path.lstat()
            content: object = None
            if stat.S_ISREG(status.st_mode):
                content = (status.st_mtime_ns, path.read_bytes())
            elif stat.S_ISLNK(status.st_mode):
                content = path.readlink()
            found[str(path.relative_to(tree))] = (status.st_mode, status.st_uid, status.st_gid, content)
    return found


def forked(work: Callable[[], None]) -> int:
    """Do it in a child process that is left as soon as it is done; the child's id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except PatchError:
        code = 2
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """How a child ended: its exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
