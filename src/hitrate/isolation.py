"""Keeps the project's code away from Hitrate: another user, an allow-list environment, limits, an end.

The tests of a pull request are untrusted code that runs next to a token. What holds them (DESIGN 5):

* another user, with no groups, no capabilities and no way to gain privileges, so that ``/proc`` of Hitrate,
  the docker socket and all that lies in a closed folder are out of reach (`Identity`, `close`, `reachable`);
* an environment made from an allow-list (`environment`);
* limits per process (``setrlimit``) and for all processes together (`hitrate.quota`);
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
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from hitrate.errors import AnalysisError
from hitrate.filecopy import give_folder
from hitrate.quota import Quota, Watch
from hitrate.testrun import Command, Suite

TESTS_USER = "tests"
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OUT_OF_MEMORY_FIRST = 1000
ENDER_UID = 65_533
"""A number that no user has: nobody but root can signal a process whose own number it is."""
_PR_SET_DUMPABLE = 4
END_ATTEMPTS = 200
END_PAUSE_SECONDS = 0.01

# What a project's code may know of the machine it runs on: nothing here opens a door.
PASSED_ON = frozenset(
    {"CI", "GITHUB_ACTIONS", "GITHUB_REPOSITORY", "GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_SHA"}
    | {"GITHUB_BASE_REF", "GITHUB_HEAD_REF", "GITHUB_EVENT_NAME", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER"}
    | {"GITHUB_SERVER_URL", "GITHUB_API_URL", "RUNNER_OS", "RUNNER_ARCH"}
    | {"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONHASHSEED"}
    | {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}
)
# What no list of names can let through: the runner's own, and Hitrate's inputs.
WITHHELD_PREFIXES = ("INPUT_", "ACTIONS_", "GITHUB_", "RUNNER_", "STATE_")

_TRY_PATHS = """
import os, sys
for path in sys.argv[1:]:
    if os.access(path, os.R_OK) or os.access(path, os.W_OK):
        print(path, end="\\0")
"""


# Who may signal and who may be signalled is decided by different numbers of a process: by its effective one
# this reaches all processes of the user; by its real and saved one none of them can stop or kill it first.
_KILL_ALL = """
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
            f"user {name!r} for the project's code does not exist: use Hitrate's own image, or do not be root"
        ) from None
    return Identity(name, entry.pw_uid, entry.pw_gid)


def environment(
    environ: Mapping[str, str],
    *,
    home: Path,
    temporary: Path,
    executables: Path | None = None,
    names: Iterable[str] = (),
) -> dict[str, str]:
    """The whole environment of the project's code.

    Args:
        environ: Hitrate's own environment.
        home: Home folder.
        temporary: Folder for temporary files.
        executables: ``bin`` folder of the project's virtual environment.
        names: Further names that the user lets through; those that could hold a key of the runner stay out.
    """
    wanted = {name for name in names if not name.upper().startswith(WITHHELD_PREFIXES)} | PASSED_ON
    kept = {name: value for name, value in environ.items() if name in wanted}
    own = {"HOME": str(home), "TMPDIR": str(temporary), "PATH": SYSTEM_PATH}
    if executables is not None:
        own |= {"PATH": f"{executables}{os.pathsep}{SYSTEM_PATH}", "VIRTUAL_ENV": str(executables.parent)}
    return {"LANG": "C.UTF-8"} | kept | own


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
                "the system does not let Hitrate give up its rights over files; run it as root"
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
        _system_program("setpriv"),
        f"--reuid={identity.uid}",
        f"--regid={identity.gid}",
        "--clear-groups",
        "--no-new-privs",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--",
    ]


def within(quota: Quota) -> list[str]:
    """The start of a command line that runs the rest under the limits of one process.

    Raises:
        AnalysisError: The system lacks what sets them.
    """
    return [
        _system_program("choom"),
        f"--adjust={OUT_OF_MEMORY_FIRST}",
        "--",
        _system_program("prlimit"),
        "--core=0",
        f"--data={quota.memory_bytes}",
        f"--fsize={quota.disk_bytes}",
        f"--nproc={quota.processes}",
        "--",
    ]


def _system_program(name: str) -> str:
    """Where a program of the system lies; by its name alone, one of the project's could be run as root."""
    found = shutil.which(name, path=SYSTEM_PATH)
    if found is None:
        raise AnalysisError(
            f"{name} is not installed, so that the project's code cannot be kept apart; use Hitrate's image"
        )
    return found


class Launcher:
    """Starts the project's code as another user and under limits (see `hitrate.testrun.Launcher`).

    Attributes:
        notes: What a reader of the report must know about the runs so far.
    """

    def __init__(self, identity: Identity, quota: Quota, *, disk: Path) -> None:
        """Start nothing yet; ``disk`` is a folder on the disk whose use is limited."""
        self._identity = identity
        self._quota = quota
        self._disk = disk
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the report must know about the runs so far, each one sentence."""
        return tuple(self._notes)

    def __call__(self, suite: Suite, environment: Mapping[str, str]) -> Command:
        """Start the suite's command in a session of its own, output and errors in one pipe.

        Its environment begins with the other user: what changes users is run as root, and is not to load a
        library (``LD_LIBRARY_PATH``) that lies in the tree.
        """
        shell = shutil.which("bash", path=SYSTEM_PATH) or "/bin/sh"
        variables = [f"{name}={value}" for name, value in environment.items()]
        return _Confined(
            [
                *as_identity(self._identity),
                *within(self._quota),
                *(_system_program("env"), "-i", "--", *variables),
                *(shell, "-c", suite.command),
            ],
            directory=suite.directory,
            confinement=(self._identity, self._quota, self._disk),
            notes=self._notes,
        )


class _Confined(Command):
    """A process whose ``with`` block ends with every process of its user."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        directory: Path,
        confinement: tuple[Identity, Quota, Path],
        notes: dict[str, None],
    ) -> None:
        self._identity, quota, disk = confinement
        self._remarks = notes
        super().__init__(
            command,
            cwd=directory,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._watch = Watch(quota, disk, self._stop)
        self._watch.start()

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._watch.end()
        survivors = end_all(self._identity)
        if survivors:
            self._remarks["The tests left processes behind in the background; they were ended."] = None
        super().__exit__(kind, value, traceback)

    def kill_all(self) -> None:
        """Kill every process of the user at once: one by one, those that multiply would outrun it."""
        super().kill_all()
        kill_all(self._identity)

    def _stop(self, reason: str) -> None:
        """Say why in the output of the run, then end it."""
        self._remarks[reason] = None
        if self.stdout is not None:
            _write_into(self.stdout.fileno(), f"\nhitrate: {reason}\n".encode())
        kill_all(self._identity)


def kill_all(identity: Identity) -> None:
    """Kill every process of that user, by one call that reaches all, and that none can forestall."""
    numbers = (str(identity.uid), str(ENDER_UID))
    # By way of a program of the system: the first one is looked up with the rights of `files_as`.
    program = [_system_program("env"), "-i", sys.executable, "-I", "-S", "-c", _KILL_ALL]
    subprocess.run([*program, *numbers], env={}, cwd="/", check=False)


def end_all(identity: Identity) -> int:
    """Kill every process of that user and wait until none is left.

    Returns:
        How many there were.

    Raises:
        AnalysisError: They cannot be ended.
    """
    first = {pid for pid, process in processes_of(identity).items() if not process.zombie}
    for _ in range(END_ATTEMPTS):
        found = processes_of(identity)
        _reap(pid for pid, process in found.items() if process.zombie and process.parent == os.getpid())
        if all(process.zombie for process in found.values()):
            return len(first)
        kill_all(identity)
        time.sleep(END_PAUSE_SECONDS)
    raise AnalysisError(f"processes of user {identity.name!r} cannot be ended: {sorted(found)[:10]}")


@dataclass(frozen=True, slots=True)
class Process:
    """A process as ``/proc`` shows it."""

    parent: int
    zombie: bool


def processes_of(identity: Identity) -> dict[int, Process]:
    """All processes of that user by id, those included that have ended and not been waited for."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                status = _status(Path(f"/proc/{entry}/status").read_text(encoding="utf-8", errors="replace"))
                if status["Uid"].split()[0] == str(identity.uid):
                    found[int(entry)] = Process(int(status["PPid"]), status["State"].startswith(("Z", "X")))
    return found


def _status(text: str) -> dict[str, str]:
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def _reap(pids: Iterable[int]) -> None:
    """Wait for orphans that were handed to this process."""
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def _write_into(pipe: int, message: bytes) -> None:
    """Write into a pipe whose reading end this process holds, unless it stays full."""
    with contextlib.suppress(OSError):
        descriptor = os.open(f"/proc/self/fd/{pipe}", os.O_WRONLY | os.O_NONBLOCK)
        try:
            for _ in range(END_ATTEMPTS):
                with contextlib.suppress(BlockingIOError):
                    os.write(descriptor, message)
                    return
                time.sleep(END_PAUSE_SECONDS)
        finally:
            os.close(descriptor)
