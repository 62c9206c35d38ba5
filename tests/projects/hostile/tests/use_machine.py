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


def end_whoever_comes(number):
    """Kill or stop all that runs as this user, and so whoever comes to end it as this user."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        try:
            os.kill(-1, number)
        except ProcessLookupError:
            pass


def test_kill_whoever_comes():
    end_whoever_comes(signal.SIGKILL)


def test_stop_whoever_comes():
    end_whoever_comes(signal.SIGSTOP)


def test_leave_files_larger_than_the_memory():
    """They take no room on the disk, and git would take the first one in as a whole."""
    tree = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for name in ("huge/.gitignore", "huge/.gitattributes", "huge/setup.cfg", "huge/pyvenv.cfg"):
        path = os.path.join(tree, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.truncate(8_000_000_000)
    open(os.path.join(tree, "huge", "a.txt"), "w").close()
