"""A function that waits, through the whole command line: what a cache saves is wall time."""

import json
from pathlib import Path

import pytest

from tests.integration.repositories import hitrate, new_repository

pytestmark = pytest.mark.slow

SOURCES = {
    "feed.py": "import time\ndef fetch(name):\n    time.sleep(0.02)\n    return name.upper()\n",
    "test_feed.py": "import feed\ndef test_it():\n    assert {feed.fetch('x') for _ in range(60)} == {'X'}\n",
}


def test_a_function_that_waits_is_recommended_for_the_wall_time_that_it_saves(tmp_path: Path) -> None:
    tree = new_repository(tmp_path / "tree", SOURCES)
    report = tmp_path / "report.json"
    done = hitrate(
        tree,
        *("run", "--function", "feed.py::fetch", "--time-budget", "15s", "--json", str(report)),
        *("--test-command", "python -m pytest -q"),
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(report.read_text())
    (function,) = document["functions"]
    assert (function["verdict"], function["metric"]) == ("cache", "wall")
    assert "of wall time" in function["reason"]
    assert function["saved_seconds"] > 59 * 0.02 * 0.9
    assert document["trial"]["metric"] == "wall"
