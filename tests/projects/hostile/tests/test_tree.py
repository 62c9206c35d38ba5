"""Make Hitrate, which is root, do something for the tests: traps in the tree, in the environment, in git."""

import os
import site
import subprocess
import tempfile
import time

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MARKS = os.path.join(tempfile.gettempdir(), "marks")  # stays from one run to the next
os.makedirs(MARKS, exist_ok=True)
SPRUNG = os.path.join(MARKS, "sprung")
BY_ROOT = f"test $(id -u) = 0 && touch {SPRUNG}-{{}}"


def test_no_trap_was_sprung():
    assert [name for name in os.listdir(MARKS) if name.startswith("sprung")] == []


@pytest.mark.parametrize(
    "attempt",
    [
        "echo x >> /github/workspace/.git/config",
        "git -C /github/workspace config core.fsmonitor x",
        f"echo x >> {TREE}/.git/config",
        f"mv {TREE}/.git {TREE}/.other",
        f"echo x > {TREE}/.git/commondir",
        f"mkdir {TREE}/.git/hooks",
        f"rm -rf {TREE}/.git/objects && test ! -e {TREE}/.git/objects",
    ],
)
def test_history(attempt):
    assert subprocess.run(["sh", "-c", attempt], capture_output=True).returncode != 0


def test_trap_in_a_nested_repository():
    nested = os.path.join(TREE, "nested")
    if not os.path.exists(nested):
        subprocess.run(["git", "init", "-q", nested], check=True)
        for key, trap in (("core.fsmonitor", "monitor"), ("core.pager", "pager"), ("diff.external", "diff")):
            subprocess.run(["git", "-C", nested, "config", key, BY_ROOT.format(trap)], check=True)


def test_trap_in_the_virtual_environment():
    code = f"import os; os.geteuid() or open({SPRUNG + '-pth'!r}, 'w')\n"
    for folder in site.getsitepackages():
        with open(os.path.join(folder, "trap.pth"), "w") as file:
            file.write(code)


def test_trap_in_the_tree():
    for name in ("sitecustomize.py", "usercustomize.py", "hitrate.py", "git.py", "json.py.trap"):
        with open(os.path.join(TREE, name), "w") as file:
            file.write(f"import os; os.geteuid() or open({SPRUNG + '-' + name!r}, 'w')\n")


def test_background_process_is_ended():
    heart = os.path.join(MARKS, "heart")
    if os.path.exists(heart):
        with open(heart) as file:
            pid = file.read()
        assert not os.path.exists(f"/proc/{pid}"), "the process of the run before is alive"
        return
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            with open(heart, "w") as file:
                file.write(str(os.getpid()))
            for descriptor in range(3):
                os.close(descriptor)
            while True:
                time.sleep(60)
        os._exit(0)
    os.wait()
    while not os.path.exists(heart) or not os.path.getsize(heart):
        time.sleep(0.01)


def test_other_processes_cannot_be_ended():
    try:
        os.kill(1, 9)
    except PermissionError:
        return
    raise AssertionError("killed")
