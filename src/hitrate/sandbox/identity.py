"""Keeps the project's code away from Hitrate: another user, an allow-list environment, limits, an end.

The tests of a pull request are untrusted code that runs next to a token. What holds them (DESIGN 5):

* another user, with no groups, no capabilities and no way to gain privileges, so that ``/proc`` of Hitrate,
  the docker socket and all that lies in a closed folder are out of reach (`Identity`, `close`, `reachable`);
* an environment made from an allow-list (`environment`);
* limits per process (``setrlimit``) and for all processes together (`hitrate.sandbox.quota`);
* no survivor: when a run ends, every process of that user is killed (`Launcher`).
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hitrate.errors import AnalysisError
from hitrate.files.copying import give_folder

TESTS_USER = "tests"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OUT_OF_MEMORY_FIRST = 1000
ENDER_UID = 65_533
"""A number that no user has: nobody but root can signal a process whose own number it is."""
_PR_SET_DUMPABLE = 4
END_ATTEMPTS = 200
END_PAUSE_SECONDS = 0.01


_TRY_PATHS = """
import os, sys
for path in sys.argv[1:]:
    if os.access(path, os.R_OK) or os.access(path, os.W_OK):
        print(path, end="\\0")
"""


# Who may signal and who may be signalled is decided by different numbers of a process: by its effective one
# this reaches all processes of the user; by its real and saved one none of them can stop or kill it first.
KILL_ALL = """
import os, sys
user, own = map(int, sys.argv[1:])
os.setgroups([])
os.setresgid(own, own, own)
os.setresuid(own, user, own)
try:
    os.kill(-1, 9)
except ProcessLookupError:
    pass
"""


@dataclass(frozen=True, slots=True)
class Identity:
    """The user whom the project's code runs as."""

    name: str
    uid: int
    gid: int


def project_identity(name: str = TESTS_USER) -> Identity | None:
    """The user for the project's code; None where Hitrate is not root and cannot change user.

    Raises:
        AnalysisError: Hitrate is root, and there is no such user: the image is not Hitrate's.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise AnalysisError(
            f"user {name!r} for the project's code does not exist: use Hitrate's own image, or run it "
            "as another user than root"
        ) from None
    return Identity(name, entry.pw_uid, entry.pw_gid)


def give(folder: Path, identity: Identity | None) -> Path:
    """Make a folder that belongs to the project's code, and hand it back."""
    if identity is None:
        folder.mkdir(parents=True, exist_ok=True)
    else:
        give_folder(folder, identity.uid, identity.gid)
    return folder


@contextlib.contextmanager
def files_as(identity: Identity) -> Iterator[None]:
    """Handle files with that user's rights while the block lasts, and start processes with one's own.

    Where the project's code has been, every path may lead elsewhere; so Hitrate goes there with no more
    rights than that code has. The kernel checks files against the thread's own file system user, which
    takes the rights of root over files away, and which a new program does not inherit.

    Raises:
        AnalysisError: The system does not change the user.
    """
    libc = ctypes.CDLL(None)
    libc.setfsgid(identity.gid)
    libc.setfsuid(identity.uid)
    try:
        if libc.setfsuid(-1) != identity.uid:  # -1 changes nothing and tells
            raise AnalysisError(
                "the system does not let Hitrate drop its privileges over files; run it as root"
            )
        yield
    finally:
        libc.setfsuid(os.geteuid())
        libc.setfsgid(os.getegid())


def hide_memory() -> None:
    """Make ``/proc`` of this process root's alone, even for the same user (``PR_SET_DUMPABLE``)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def close(paths: Sequence[Path], *, own_folders: Sequence[Path] = (Path("/github"),)) -> None:
    """Close the folders that hold what the runner lent to Hitrate: checkout, event, file commands, home.

    The runner mounts them below ``/github``, which itself belongs to the container, so that nothing on the
    host changes. Sockets that are open to everybody lose their folder, which is the container's too. Paths
    elsewhere are left to `reachable`.
    """
    for folder in own_folders:
        if folder.is_dir() and any(path.is_relative_to(folder) for path in paths):
            folder.chmod(0o700)
    for path in paths:
        if path.is_socket() and path.stat().st_mode & stat.S_IRWXO:
            path.resolve().parent.chmod(0o700)


def reachable(paths: Iterable[Path], identity: Identity) -> tuple[Path, ...]:
    """Those of the paths that the project's code could read or write, found by trying as that user."""
    done = subprocess.run(
        [*as_identity(identity), sys.executable, "-I", "-S", "-c", _TRY_PATHS, *map(str, paths)],
        check=True,
        capture_output=True,
        env={},
        cwd="/",
    )
    return tuple(Path(os.fsdecode(name)) for name in done.stdout.split(b"\0") if name)


def as_identity(identity: Identity) -> list[str]:
    """The start of a command line that runs the rest as that user, with nothing else kept.

    Raises:
        AnalysisError: The system lacks what changes the user.
    """
    return [
        system_program("setpriv"),
        f"--reuid={identity.uid}",
        f"--regid={identity.gid}",
        "--clear-groups",
        "--no-new-privs",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--",
    ]


def system_program(name: str) -> str:
    """Where a program of the system lies; by its name alone, one of the project's could be run as root."""
    found = shutil.which(name, path=SYSTEM_PATH)
    if found is None:
        raise AnalysisError(
            f"{name} is not installed, so the project's code cannot be kept apart; use Hitrate's image"
        )
    return found
