"""Limits that are derived from the machine, and the watch over what a run uses."""

import threading
from pathlib import Path

import pytest

from hitrate.sandbox.quota import Quota, Watch, machine_memory, quota_for, readable_size, used_memory

MEMINFO = "MemTotal:       16000000 kB\nMemFree: 1 kB\n"
UNLIMITED = "9223372036854771712"


def machine(root: Path, **files: str) -> Path:
    for name, text in {"proc/meminfo": MEMINFO, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 16_384_000_000),
        ({"sys/fs/cgroup/memory.max": "max\n"}, 16_384_000_000),
        ({"sys/fs/cgroup/memory.max": "4000000000\n"}, 4_000_000_000),
        ({"sys/fs/cgroup/memory.max": "99999999999999\n"}, 16_384_000_000),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": UNLIMITED}, 16_384_000_000),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000000"}, 2_000_000_000),
    ],
)
def test_memory_of_the_container(tmp_path: Path, files: dict[str, str], expected: int) -> None:
    assert machine_memory(machine(tmp_path, **files)) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"sys/fs/cgroup/memory.stat": "anon 300\nfile 9999\nshmem 20\nanon_thp 7\n"}, 320),
        ({"sys/fs/cgroup/memory/memory.stat": "rss 1\ntotal_rss 300\ntotal_shmem 20\n"}, 320),
    ],
)
def test_what_is_in_use(tmp_path: Path, files: dict[str, str], expected: int | None) -> None:
    assert used_memory(machine(tmp_path, **files)) == expected


def test_what_the_user_says_counts(tmp_path: Path) -> None:
    root = machine(tmp_path)
    assert quota_for(5, 6, folder=tmp_path, root=root) == Quota(5, 6)
    derived = quota_for(None, None, folder=tmp_path, root=root)
    assert derived.memory_bytes == 14_745_600_000
    assert derived.disk_bytes > 0


@pytest.mark.parametrize(
    ("size", "words"), [(999, "999 bytes"), (200_000_000, "200 MB"), (14.7456e9, "14.7 GB"), (1500, "1.5 kB")]
)
def test_sizes_in_words(size: float, words: str) -> None:
    assert readable_size(size) == words


class TestWatch:
    @pytest.mark.parametrize(
        ("memory", "free", "said"),
        [
            (100, 1000, None),
            (None, 1000, None),
            (101, 1000, "memory-limit (100 bytes)"),
            (0, 950, None),
            (0, 949, "disk-limit (50 bytes)"),
        ],
    )
    def test_excess(self, tmp_path: Path, memory: int | None, free: int, said: str | None) -> None:
        left = iter([1000, free])
        watch = Watch(
            Quota(100, 50), tmp_path, lambda _: None, memory=lambda: memory, disk=lambda _: next(left)
        )
        found = watch.excess()
        assert found is None if said is None else found is not None and said in found

    def test_it_stops_the_run_once(self, tmp_path: Path) -> None:
        reasons: list[str] = []
        stopped = threading.Event()

        def stop(reason: str) -> None:
            reasons.append(reason)
            stopped.set()

        watch = Watch(Quota(100, 50), tmp_path, stop, memory=lambda: 200, disk=lambda _: 0)
        watch.start()
        assert stopped.wait(10)
        watch.end()
        assert len(reasons) == 1
