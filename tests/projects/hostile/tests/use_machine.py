"""Use the machine up."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time


def test_fill_the_disk():
    for number in range(400):
        with open(os.path.join(tempfile.gettempdir(), f"filler-{number}"), "wb") as file:
            file.write(os.urandom(1 << 20) * 10)


def test_one_huge_file():
    with open(os.path.join(tempfile.gettempdir(), "huge"), "wb") as file:
        for _ in range(400):
            file.write(bytes(10 << 20))


def test_eat_memory():
    kept = []
    while True:
        kept.append(b"x" * (50 << 20))


def test_eat_memory_together():
    code = "kept = [b'x' * (1 << 20) for _ in range(150)]; import time; time.sleep(60)"
    children = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(12)]
    time.sleep(60)
    for child in children:
        child.kill()


def test_never_end():
    while True:
        time.sleep(60)


def test_print_without_end():
    while True:
        os.write(1, b"::error::FORGED\n" * 10_000)


def test_fork_without_end():
    """What starts ever more processes, each in a session of its own, and heeds no signal."""
    # Enough; more would starve other containers, whose user has the same number.
    resource.setrlimit(resource.RLIMIT_NPROC, (400, 400))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            time.sleep(1)


def test_fill_the_shared_memory():
    with open("/dev/shm/filler", "wb") as file:
        while True:
            file.write(bytes(1 << 20))


def test_print_a_line_without_end():
    while True:
        os.write(1, b"x" * 10_000)
