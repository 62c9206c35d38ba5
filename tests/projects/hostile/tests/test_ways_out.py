"""Reach what is not the tests': the system's files, Hitrate's processes, the kernel's other doors."""

import ctypes
import fcntl
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import termios

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MARKS = os.path.join(tempfile.gettempdir(), "marks")  # stays from one run to the next
SCRATCH = os.path.dirname(tempfile.gettempdir())
PASSING = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")
PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"
LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE, PIDFD_OPEN, PIDFD_GETFD = 0x4206, 434, 438


def roots_processes():
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and os.stat(f"/proc/{entry}").st_uid == 0]


def can_be_written(path):
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY))
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    "path",
    [
        "/etc/ld.so.preload",
        "/etc/ld.so.conf.d/trap.conf",
        "/etc/gitconfig",
        "/etc/pip.conf",
        "/etc/uv/uv.toml",
        "/etc/profile.d/trap.sh",
        "/etc/bash.bashrc",
        "/etc/hosts",
        "/usr/local/lib/libtrap.so",
        f"/usr/local/lib/{PYTHON}/site-packages/trap.pth",
        f"/opt/hitrate/lib/{PYTHON}/site-packages/trap.pth",
        f"/opt/hitrate/lib/{PYTHON}/site-packages/sitecustomize.py",
        "/opt/hitrate/pyvenv.cfg",
        "/opt/hitrate/git.py",
        f"{TREE}/.git/config",
        f"{TREE}/.git/info/attributes",
        f"{TREE}/.git/hooks/post-index-change",
        f"{SCRATCH}/trap",
    ],
)
def test_what_roots_programs_read(path):
    """The loader, git, installers, shells and Hitrate's own Python all begin with files such as these."""
    with pytest.raises(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o777))


def test_every_folder_and_file_of_the_system():
    found = []
    for top in os.scandir("/"):
        if top.path in ("/proc", "/sys") or top.is_symlink():
            continue
        for folder, _, files in os.walk(top.path):
            if f"{folder}/".startswith((*(f"{place}/" for place in PASSING), f"{SCRATCH}/")):
                continue
            found += [folder] if os.access(folder, os.W_OK) else []
            found += [path for name in files if os.access(path := os.path.join(folder, name), os.W_OK)]
    devices = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx")
    unexpected = [path for path in found if not path.startswith((*devices, "/dev/pts/", "/dev/fd/", "/dev/std"))]
    assert [path for path in unexpected if not os.path.islink(path)] == []


@pytest.mark.parametrize("top", ["/sys", "/proc/sys"])
def test_settings_of_the_kernel(top):
    """Control groups among them: whoever may write there may let himself out of every limit."""
    found = []
    for folder, _, files in os.walk(top):
        found += [path for name in files if can_be_written(path := os.path.join(folder, name))]
    assert found == []
    assert not can_be_written("/proc/sysrq-trigger")


def test_links_to_hitrates_files():
    victim = "/opt/hitrate/entrypoint.py"
    before = os.stat(victim)
    with pytest.raises(OSError):
        os.link(victim, os.path.join(TREE, "linked.py"))
    os.symlink(victim, link := os.path.join(tempfile.mkdtemp(), "link"))
    for attempt in (lambda: os.chmod(link, 0o777), lambda: os.truncate(link, 0), lambda: os.utime(link)):
        with pytest.raises(PermissionError):
            attempt()
    assert os.stat(victim) == before


def test_files_that_change_the_user():
    made = os.path.join(TREE, "as-root")
    shutil.copy("/usr/bin/id", made)
    os.chmod(made, 0o6755)
    with pytest.raises(PermissionError):
        os.chown(made, 0, 0)
    assert subprocess.check_output([made, "-u"], text=True).strip() == str(os.getuid())
    for name in ("su", "mount", "passwd", "newgrp", "chsh", "gpasswd"):
        if path := shutil.which(name):
            done = subprocess.run([path, "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=20)
            assert done.returncode is not None
    with open("/proc/self/status") as file:
        assert "NoNewPrivs:\t1" in file.read()


def test_memory_and_files_of_hitrate():
    buffer = ctypes.create_string_buffer(64)
    own, theirs = ((ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64), (ctypes.c_void_p * 2)(0x400000, 64))
    processes = roots_processes()
    assert 1 in processes
    for pid in processes:
        assert LIBC.ptrace(PTRACE_SEIZE, pid, None, None) == -1
        assert LIBC.process_vm_writev(pid, own, 1, theirs, 1, 0) == -1
        descriptor = LIBC.syscall(PIDFD_OPEN, pid, 0)
        assert descriptor < 0 or LIBC.syscall(PIDFD_GETFD, descriptor, 1, 0) == -1
        for name in ("mem", "fd/0", "fd/1", "fd/2", "root", "cwd", "oom_score_adj", "coredump_filter", "clear_refs"):
            assert not can_be_written(f"/proc/{pid}/{name}"), name
        for kind in ("user", "mnt", "pid", "net", "ipc", "uts", "cgroup"):
            with pytest.raises(OSError):
                os.open(f"/proc/{pid}/ns/{kind}", os.O_RDONLY)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, signal.SIGUSR1])
def test_signals_to_hitrate(number):
    for pid in roots_processes():
        with pytest.raises(PermissionError):
            os.kill(pid, number)
        if os.getpgid(pid) > 1:  # to group 1 would be to everybody
            with pytest.raises(PermissionError):
                os.killpg(os.getpgid(pid), number)


def test_pace_and_limits_of_hitrate():
    for pid in roots_processes():
        for attempt in (
            lambda pid=pid: resource.prlimit(pid, resource.RLIMIT_CPU, (1, 1)),
            lambda pid=pid: os.setpriority(os.PRIO_PROCESS, pid, 19),
            lambda pid=pid: os.sched_setaffinity(pid, {0}),
            lambda pid=pid: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
        ):
            with pytest.raises(PermissionError):
                attempt()


def test_limits_of_ones_own():
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        with pytest.raises((ValueError, PermissionError)):
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with pytest.raises(PermissionError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1000")


def test_another_world():
    """In a user namespace of its own a process is root, and may mount and trace."""
    for flags in (0x10000000, 0x10000000 | 0x00020000, 0x00020000, 0x20000000, 0x40000000):
        assert LIBC.unshare(flags) == -1
    for attempt in (lambda: os.chroot(TREE), lambda: os.mknod(os.path.join(TREE, "disk"), 0o60666, os.makedev(8, 0))):
        with pytest.raises(PermissionError):
            attempt()


def test_terminal():
    for path in ("/dev/tty", "/dev/console"):
        assert not can_be_written(path)
    for descriptor in range(3):
        with pytest.raises(OSError):
            fcntl.ioctl(descriptor, termios.TIOCSTI, b"x")


def test_being_told_of_files():
    """What is read and written in the runner's folders is as secret as what is in them."""
    watch = LIBC.inotify_init()
    for path in (b"/github", b"/github/file_commands", b"/github/workflow/event.json", b"/proc/1/fd"):
        assert LIBC.inotify_add_watch(watch, path, 0xFFF) == -1
    os.close(watch)


def test_a_process_that_holds_on():
    """In a session of its own it keeps a lock, a file that is patched, and a name that others connect to."""
    held, name = os.path.join(MARKS, "held"), f"\0hitrate-{os.path.basename(SCRATCH)}"
    if os.path.exists(held):
        with open(held, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with socket.socket(socket.AF_UNIX) as client, pytest.raises(ConnectionRefusedError):
            client.connect(name)
        with open(os.path.join(TREE, "victim.py")) as file:
            assert "held on" not in file.read()
        return
    ready, telling = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        file, patched = open(held, "w"), open(os.path.join(TREE, "victim.py"), "a")
        fcntl.flock(file, fcntl.LOCK_EX)
        server = socket.socket(socket.AF_UNIX)
        server.bind(name)
        server.listen()
        os.write(telling, b"x")
        for descriptor in (0, 1, 2, telling, ready):
            os.close(descriptor)
        parent = os.getppid()
        while os.getppid() == parent or os.path.exists(held):
            connection, _ = server.accept()
            connection.close()
        patched.write("# held on\n")
    os.wait()
    os.close(telling)
    assert os.read(ready, 1) == b"x"
