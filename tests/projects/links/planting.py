"""Links of every kind: to files and folders of others, to nothing, round and round, relative and absolute."""

import os
import shutil
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.abspath(__file__))
SCRATCH = os.path.dirname(tempfile.gettempdir())
ABSOLUTE = (
    *("/", "/opt", "/opt/hitrate", "/opt/hitrate/bin/python", "/etc", "/etc/passwd", "/etc/shadow"),
    *("/github", "/github/workspace", "/github/workspace/.git", "/github/home", "/github/home/.gitconfig"),
    *("/github/workflow", "/github/workflow/event.json", "/github/file_commands", "/var/run/docker.sock"),
    *("/proc/self", "/proc/self/environ", "/proc/self/cwd", "/proc/self/root", "/proc/self/fd/0"),
    *("/proc/1/root", "/proc/1/environ", "/dev/zero", "/dev/null", "/usr/bin/git", "/missing/for/ever"),
)
RELATIVE = (
    *("missing", "../missing", ".", "..", "../..", "../../../opt/hitrate", "../../../../etc/passwd"),
    *(".git", "../.git", ".git/index", ".git/config", "victim.py", "pkg", "../victim.py"),
)
SWAPPING = """
import os, sys
place, target = sys.argv[1:]
while True:
    for make in (os.mkdir, lambda path: os.symlink(target, path)):
        try:
            make(place)
        except OSError:
            pass
        for remove in (os.rmdir, os.unlink):
            try:
                remove(place)
            except OSError:
                pass
"""


def links(prefix):
    """Names and targets."""
    made = {"%s%d" % (prefix, number): target for number, target in enumerate(ABSOLUTE + RELATIVE)}
    made[prefix + "-round"] = prefix + "-round"
    made[prefix + "-there"], made[prefix + "-back"] = prefix + "-back", prefix + "-there"
    return made


def plant(folder, prefix):
    """Make all of them in a folder and in folders below."""
    for place in (folder, os.path.join(folder, prefix + ".d"), os.path.join(folder, prefix + ".d", "deep")):
        os.makedirs(place, exist_ok=True)
        for name, target in links(prefix).items():
            link(os.path.join(place, name), target)


def link(place, target):
    """Make one, whatever is there."""
    if os.path.isdir(place) and not os.path.islink(place):
        shutil.rmtree(place, ignore_errors=True)
    elif os.path.lexists(place):
        os.unlink(place)
    os.symlink(target, place)


def swap(place, target):
    """Let a folder become a link and a link a folder as long as this machine lives."""
    command = [sys.executable, "-c", SWAPPING, place, target]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, start_new_session=True, stdin=quiet, stdout=quiet, stderr=quiet)
