"""Make Hitrate, which is root, do something for the tests: traps in the tree, in the environment, in git."""

import os
import site
import subprocess
import sys
import tempfile
import time

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MARKS = os.path.join(tempfile.gettempdir(), "marks")  # stays from one run to the next
os.makedirs(MARKS, exist_ok=True)
PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"
SPRUNG = os.path.join(MARKS, "sprung")
BY_ROOT = f"test $(id -u) = 0 && touch {SPRUNG}-{{}}"
PYTHON_BY_ROOT = "import os; os.geteuid() or open({!r}, 'w')\n"


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


def settings_with_traps(name):
    """Settings with which git runs commands."""
    keys = ("core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass", "diff.external")
    keys += ("diff.trap.command", "diff.trap.textconv", "filter.trap.clean", "filter.trap.smudge")
    keys += ("filter.trap.process", "credential.helper", "alias.ls-files", "alias.diff")
    for key in keys:
        yield key, ("!" if key.startswith("alias") else "") + BY_ROOT.format(f"{name}-{key}")
    yield "filter.trap.required", "true"
    yield "core.hooksPath", os.path.join(TREE, "hooks")
    yield "core.attributesFile", os.path.join(TREE, "nested", ".gitattributes")
    yield "protocol.ext.allow", "always"
    yield "safe.directory", "*"


def set_traps(file, name):
    for key, value in settings_with_traps(name):
        subprocess.run(["git", "config", "--file", file, key, value], check=True)


@pytest.mark.parametrize("kind", ["nested", "linked", "bare"])
def test_trap_in_a_nested_repository(kind):
    """One with a folder of git's, one with a file that leads there, one that is such a folder."""
    nested = os.path.join(TREE, kind)
    if os.path.exists(nested):
        return
    options = {"nested": [], "linked": ["--separate-git-dir", os.path.join(MARKS, "elsewhere")], "bare": ["--bare"]}
    subprocess.run(["git", "init", "-q", *options[kind], nested], check=True)
    folder = {"nested": os.path.join(nested, ".git"), "linked": os.path.join(MARKS, "elsewhere"), "bare": nested}[kind]
    set_traps(os.path.join(folder, "config"), kind)
    with open(os.path.join(nested, ".gitattributes"), "w") as file:
        file.write("* filter=trap diff=trap\n")
    for hook in ("post-index-change", "post-checkout", "reference-transaction", "fsmonitor-watchman"):
        with open(os.path.join(folder, "hooks", hook), "w") as file:
            file.write(f"#!/bin/sh\n{BY_ROOT.format(hook)}\n")
            os.chmod(file.fileno(), 0o755)


def test_trap_in_attributes_and_submodules():
    """What git reads at the top of the tree and in it, links to the outside among it."""
    with open(os.path.join(TREE, ".gitattributes"), "w") as file:
        file.write("* filter=trap diff=trap merge=trap\n")
    with open(os.path.join(TREE, ".gitmodules"), "w") as file:
        command = BY_ROOT.format("submodule")
        file.write(f'[submodule "part"]\n\tpath = part\n\turl = "ext::sh -c {command!r}"\n\tupdate = "!{command}"\n')
    os.makedirs(os.path.join(TREE, "part"), exist_ok=True)
    with open(os.path.join(TREE, "part", ".git"), "w") as file:
        file.write("gitdir: ../../../../../../../github/workspace/.git\n")


def test_trap_in_the_home_folder():
    home = os.path.expanduser("~")
    assert not home.startswith("/github")
    set_traps(os.path.join(home, ".gitconfig"), "home")
    os.makedirs(os.path.join(home, ".config", "git"), exist_ok=True)
    set_traps(os.path.join(home, ".config", "git", "config"), "xdg")
    for name in (".bashrc", ".profile", ".bash_profile", ".bash_login", ".bash_logout", ".env", ".shrc"):
        with open(os.path.join(home, name), "w") as file:
            file.write(BY_ROOT.format(name) + "\n")
    for name in (".pythonrc.py", ".pythonstartup", ".pdbrc.py"):
        with open(os.path.join(home, name), "w") as file:
            file.write(PYTHON_BY_ROOT.format(f"{SPRUNG}-{name}"))
    for folder in {site.getusersitepackages(), os.path.join(home, f".local/lib/{PYTHON}/site-packages")}:
        os.makedirs(folder, exist_ok=True)
        for name in ("usercustomize.py", "sitecustomize.py", "trap.pth"):
            with open(os.path.join(folder, name), "w") as file:
                file.write(PYTHON_BY_ROOT.format(f"{SPRUNG}-user-{name}"))


def test_trap_for_installers():
    """Another index, another Python: what is installed from there would be run by whoever installs."""
    index = "http://127.0.0.1:9/simple"
    home = os.path.expanduser("~")
    for name, text in {
        os.path.join(TREE, "uv.toml"): f'index-url = "{index}"\npython-install-mirror = "{index}"\n',
        os.path.join(home, ".config", "uv", "uv.toml"): f'index-url = "{index}"\n',
        os.path.join(TREE, "pip.conf"): f"[global]\nindex-url = {index}\n",
        os.path.join(home, ".config", "pip", "pip.conf"): f"[global]\nindex-url = {index}\n",
        os.path.join(home, ".pip", "pip.conf"): f"[global]\nindex-url = {index}\n",
        os.path.join(TREE, ".env"): f"BASH_ENV={home}/.bashrc\nLD_PRELOAD={TREE}/libtrap.so\n",
        os.path.join(TREE, "libtrap.so"): "no library\n",
    }.items():
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "w") as file:
            file.write(text)


def test_reports_that_are_there_already():
    """Where Hitrate's would be, were the tree the workspace; and one that nobody finishes reading."""
    folder = os.path.join(TREE, "hitrate-report")
    os.makedirs(folder, exist_ok=True)
    for name in ("report.json", "report.md", "report.html"):
        with open(os.path.join(folder, name), "w") as file:
            file.write("FORGED")
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        assert name not in os.environ
    if not os.path.lexists(os.path.join(folder, "step-summary")):
        os.mkfifo(os.path.join(folder, "step-summary"))
        os.symlink("/dev/zero", os.path.join(folder, "report.txt"))


def test_names_that_are_commands():
    for name in ("::set-output name=verdict::FORGED", "a\n::error::FORGED", "\r::warning::FORGED", "%0A::error::FORGED"):
        for ending in (".py", ".pyc", ""):
            with open(os.path.join(TREE, name + ending), "w") as file:
                file.write("'FORGED'\n")


def test_trap_in_the_virtual_environment():
    code = f"import os; os.geteuid() or open({SPRUNG + '-pth'!r}, 'w')\n"
    for folder in site.getsitepackages():
        os.makedirs(folder, exist_ok=True)  # Debian's Python names some that are not there
        os.makedirs(folder, exist_ok=True)  # Debian's Python names some that need not be there
        with open(os.path.join(folder, "trap.pth"), "w") as file:
            file.write(code)


@pytest.mark.parametrize("folder", ["", "tests", "/tmp", tempfile.gettempdir(), os.path.expanduser("~")])
def test_trap_by_the_name_of_a_module(folder):
    """Whatever Hitrate's processes import, here it is, too: in the tree and where one might start from."""
    modules = ("sitecustomize", "usercustomize", "git", "github", "click", "rich", "pydantic", "hitrate", "gitdb")
    for name in (*modules, "ruamel/yaml", "ruamel/__init__", "hitrate/__init__", "hitrate/cli"):
        path = os.path.join(TREE, folder, f"{name}.py")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(PYTHON_BY_ROOT.format(f"{SPRUNG}-module-{name.replace('/', '-')}"))
    for name in ("git", "setpriv", "prlimit", "choom", "env", "python", "bash"):
        path = os.path.join(TREE, folder, name if folder else f"{name}.program")
        if not os.path.isdir(path):
            with open(path, "w") as file:
                file.write(f"#!/bin/sh\n{BY_ROOT.format('program-' + name)}\n")
                os.chmod(file.fileno(), 0o755)


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
