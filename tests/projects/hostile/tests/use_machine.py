"""Use the machine up."""

import os
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
