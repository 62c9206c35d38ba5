"""The composite action's own script: it puts Hitrate beside the job's interpreter (needs a package index)."""

import os
import sys
from pathlib import Path

import pytest

from tests.integration.jobs import PROJECTS, ROOT, changed, everything, job

pytestmark = pytest.mark.container

PROJECT = PROJECTS / "styles" / "none"
CHANGE = changed(PROJECT, "prices_lib/prices.py", "    table = [", "    # every land has one\n    table = [")


def test_run_sh(tmp_path: Path) -> None:
    variables = {
        "HITRATE_PYTHON": sys.executable,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LD_LIBRARY_PATH": "",
    }
    with job("no engine", "no image", tmp_path, PROJECT, CHANGE) as step:
        before = everything(step.workspace)
        done = step.run_native([str(ROOT / "native" / "run.sh")], {"effort": "quick"}, variables)
        assert done.exit_code == 0, done.log
        assert done.function("tax_rate")["verdict"] == "cache"
        assert everything(step.workspace) == before
        assert not list(step.temporary.glob("hitrate.*"))


def test_windows_is_refused_in_words(tmp_path: Path) -> None:
    with job("no engine", "no image", tmp_path, PROJECT, CHANGE) as step:
        done = step.run_native([str(ROOT / "native" / "run.sh")], {}, {"RUNNER_OS": "Windows"})
    assert (done.exit_code, done.log.count("\n")) == (2, 1)
    assert done.log.startswith("::error title=Hitrate::Hitrate does not run on Windows")
