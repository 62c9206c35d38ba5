"""The image imports every module when it is built, so that their bytecode is in it."""

import pkgutil
import subprocess
import sys

import hitrate

ALL = """
import pkgutil, hitrate
for module in pkgutil.walk_packages(hitrate.__path__, "hitrate."):
    if not module.name.endswith("__main__"):
        __import__(module.name)
"""


def test_every_module_can_be_imported_where_it_is_installed() -> None:
    assert any(
        module.name == "hitrate.probe" for module in pkgutil.walk_packages(hitrate.__path__, "hitrate.")
    )
    done = subprocess.run([sys.executable, "-I", "-c", ALL], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
