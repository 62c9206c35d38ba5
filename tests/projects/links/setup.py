"""Makes links while it is installed: in the tree, in its home, in what is kept for the next job."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from planting import SCRATCH, TREE, plant, swap
from setuptools import setup

plant(TREE, "installed")
plant(os.path.join(TREE, "pkg"), "installed")
for folder in ("home", "cache", "tmp"):
    plant(os.path.join(SCRATCH, folder), "installed")
swap(os.path.join(TREE, "pkg", "flip"), "/opt/hitrate")
swap(os.path.join(SCRATCH, "cache", "flip"), "/github/workspace")

setup(name="links", version="1.0", py_modules=["victim"])
