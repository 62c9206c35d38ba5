"""Every test makes 10 calls on 2 keys in a process of its own: 8 hits, 2 misses."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

from counted import square

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CALLS = "import sys, os, signal; sys.path.insert(0, %r)\nfrom counted import square\n%s\n"


def call():
    for number in (1, 2) * 5:
        assert square(number) == number * number


def child(ending, **kwargs):
    code = CALLS % (HERE, "for n in (1, 2) * 5: square(n)\n" + ending)
    return subprocess.run([sys.executable, "-c", code], **kwargs).returncode


def test_here():
    call()


def test_subprocess():
    assert child("") == 0


def test_exit_without_cleanup():
    assert child("os._exit(3)") == 3


def test_terminated():
    assert child("os.kill(os.getpid(), signal.SIGTERM)") == -signal.SIGTERM


def test_killed():
    assert child("os.kill(os.getpid(), signal.SIGKILL)") == -signal.SIGKILL


def test_cleared_environment():
    assert child("", env={}) == 0


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing(method):
    process = multiprocessing.get_context(method).Process(target=call)
    process.start()
    process.join()
    assert process.exitcode == 0


def test_fork_starts_from_zero():
    call()
    pid = os.fork()
    if not pid:
        call()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
