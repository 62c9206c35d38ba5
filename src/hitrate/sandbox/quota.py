"""What one run of the project's code may use of the machine, and who notices when it is more.

Limits of the kernel hold for one process (`hitrate.sandbox.launcher.within`); what all processes of a run use
together is watched here, so that the machine is never exhausted and the report can say what happened.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WATCH_SECONDS = 0.25
MEMORY_SHARE = 0.9
DISK_SHARE = 0.8
PROCESSES = 4096
_UNLIMITED = 1 << 60  # version 1 of control groups writes "no limit" as a huge number


@dataclass(frozen=True, slots=True)
class Quota:
    """Limits of one run.

    Attributes:
        memory_bytes: Memory of one process, and of the whole container.
        disk_bytes: Size of one file, and growth of all files together.
        processes: Processes and threads of the user at once.
    """

    memory_bytes: int
    disk_bytes: int
    processes: int = PROCESSES


def quota_for(
    memory_limit: int | None, disk_limit: int | None, *, folder: Path, root: Path = Path("/")
) -> Quota:
    """The user's limits in bytes, by default what the machine has less a reserve.

    Args:
        memory_limit: Chosen by the user, None to derive it.
        disk_limit: Likewise.
        folder: On the disk that the run writes to.
        root: Root of the file system that has ``proc`` and ``sys``.
    """
    return Quota(
        memory_bytes=memory_limit or int(machine_memory(root) * MEMORY_SHARE),
        disk_bytes=disk_limit or int(free_disk(folder) * DISK_SHARE),
    )


def machine_memory(root: Path = Path("/")) -> int:
    """Bytes of memory of this container, or of the machine if that is less."""
    total = int(_field(root / "proc/meminfo", "MemTotal:") or 0) * 1024
    groups = root / "sys/fs/cgroup"
    for limit_file in (groups / "memory.max", groups / "memory/memory.limit_in_bytes"):
        limit = _text(limit_file).strip()
        if limit.isdigit() and int(limit) < min(total, _UNLIMITED):
            return int(limit)
    return total


def used_memory(root: Path = Path("/")) -> int | None:
    """Bytes of this container that cannot be given back: anonymous and shared memory; None if not known."""
    groups = root / "sys/fs/cgroup"
    for stat_file, names in (
        (groups / "memory.stat", ("anon", "shmem")),
        (groups / "memory/memory.stat", ("total_rss", "total_shmem")),
    ):
        found = [_field(stat_file, name) for name in names]
        if all(found):
            return sum(int(value) for value in found if value)
    return None


def free_disk(folder: Path) -> int:
    """Free bytes of the disk that a folder is on, the part kept for root included."""
    status = os.statvfs(folder)
    return status.f_bfree * status.f_frsize


def readable_size(size: float) -> str:
    """A size in words: ``6.4 GB``."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


class Watch:
    """Looks at what a run uses, a few times a second, and stops it when that is too much."""

    def __init__(
        self,
        quota: Quota,
        folder: Path,
        stop: Callable[[str], None],
        *,
        memory: Callable[[], int | None] = used_memory,
        disk: Callable[[Path], int] = free_disk,
    ) -> None:
        """Look at nothing yet; ``stop`` is told the reason, once."""
        self._quota = quota
        self._folder = folder
        self._stop = stop
        self._memory = memory
        self._disk = disk
        self._free_at_start = disk(folder)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="hitrate-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def excess(self) -> str | None:
        """What is used too much of, as a sentence; None if nothing is."""
        memory, disk = self._quota.memory_bytes, self._quota.disk_bytes
        if (self._memory() or 0) > memory:
            return f"The tests used more memory than memory-limit ({readable_size(memory)}) and were stopped."
        if self._free_at_start - self._disk(self._folder) > disk:
            return (
                f"The tests wrote more to the disk than disk-limit ({readable_size(disk)}) and were stopped."
            )
        return None

    def _look_on(self) -> None:
        while not self._ended.wait(WATCH_SECONDS):
            if reason := self.excess():
                self._stop(reason)
                return


def _field(file: Path, name: str) -> str | None:
    """The word after ``name`` at the start of a line."""
    for line in _text(file).splitlines():
        words = line.split()
        if len(words) > 1 and words[0] == name:
            return words[1]
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
