"""Find the token: in environments, in memory, in files; become somebody who may read it."""

import ctypes
import glob
import os
import re
import socket
import subprocess

import pytest

SECRET = re.compile(rb"ghs_[0-9a-f]{32}")
SKIPPED = ("/proc", "/sys", "/dev", "/usr", "/opt", "/lib", "/bin", "/sbin")


def found_in(path):
    if not os.path.isfile(path):  # of another attack: a pipe, or what links to a device
        return False
    try:
        with open(path, "rb") as file:
            return SECRET.search(file.read(50_000_000)) is not None
    except OSError:
        return False


def processes():
    return [entry for entry in os.listdir("/proc") if entry.isdigit()]


def test_own_environment():
    assert not any(SECRET.search(value.encode()) for value in os.environ.values())
    withheld = ("INPUT_", "ACTIONS_", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP")
    assert not [name for name in os.environ if name.startswith(withheld)]
    assert "LD_LIBRARY_PATH" not in os.environ


@pytest.mark.parametrize("name", ["environ", "cmdline", "mem", "maps", "auxv", "stack", "task/{}/environ"])
def test_every_process(name):
    assert not [pid for pid in processes() if found_in(f"/proc/{pid}/{name.format(pid)}")]


@pytest.mark.parametrize("name", ["root/github", "cwd", "fd", "root/proc/1/environ"])
def test_ways_through_processes(name):
    others = [pid for pid in processes() if pid != str(os.getpid()) and os.stat(f"/proc/{pid}").st_uid == 0]
    assert others
    for pid in others:
        with pytest.raises(OSError):
            os.listdir(f"/proc/{pid}/{name}")


def test_memory_of_hitrate():
    assert not os.access("/proc/1/mem", os.R_OK)
    for pid in (1, os.getppid()):
        if os.stat(f"/proc/{pid}").st_uid == 0:
            with pytest.raises(OSError):
                os.kill(pid, 0)


def test_the_runners_folder_was_not_opened():
    assert os.stat("/github").st_mode & 0o077 == 0


def test_memory_by_the_debuggers_ways():
    libc = ctypes.CDLL(None, use_errno=True)
    attach, size = 16, 4096
    buffer = ctypes.create_string_buffer(size)
    own = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), size)
    theirs = (ctypes.c_void_p * 2)(0x400000, size)
    for pid in (int(pid) for pid in processes() if os.stat(f"/proc/{pid}").st_uid == 0):
        assert libc.ptrace(attach, pid, None, None) == -1
        assert libc.process_vm_readv(pid, own, 1, theirs, 1, 0) == -1
        with pytest.raises(OSError):
            os.readlink(f"/proc/{pid}/exe")


def test_every_readable_file():
    leaks = []
    for top in glob.glob("/*"):
        for folder, _, files in os.walk(top) if not top.startswith(SKIPPED) else ():
            leaks += [os.path.join(folder, name) for name in files if found_in(os.path.join(folder, name))]
    assert not leaks


@pytest.mark.parametrize("name", ["workspace", "home", "workflow", "file_commands", "runner_temp", ""])
def test_the_runners_folders(name):
    with pytest.raises(PermissionError):
        os.listdir(f"/github/{name}")


def test_the_history_has_no_key():
    tree = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    configured = subprocess.run(["git", "-C", tree, "config", "--list"], capture_output=True, text=True, check=True)
    assert "extraheader" not in configured.stdout
    assert "AUTHORIZATION" not in configured.stdout


def test_rights_cannot_be_gained():
    with open("/proc/self/status") as file:
        status = dict(line.split(":\t", 1) for line in file if ":\t" in line)
    assert os.getuid() != 0
    assert os.geteuid() != 0
    assert os.getgroups() in ([], [os.getgid()])
    assert status["NoNewPrivs"].strip() == "1"
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    for call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
        with pytest.raises(PermissionError):
            call()
    for command in (["su", "-c", "id -u"], ["newgrp", "root"], ["mount", "-t", "tmpfs", "none", "/mnt"]):
        try:
            done = subprocess.run(command, input=b"\n", capture_output=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            continue
        assert done.returncode != 0 or b"uid=0" not in done.stdout


def test_docker():
    with socket.socket(socket.AF_UNIX) as client, pytest.raises(OSError):
        client.connect("/var/run/docker.sock")
