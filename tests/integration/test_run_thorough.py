"""Effort thorough on a real project: whatever it does beyond its first runs shares one time budget."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.repositories import hitrate, new_repository

NAMES = "abcdef"
BUDGET = 12.0
CONFTEST = """
import time

def pytest_sessionstart(session):
    note("begin")

def pytest_sessionfinish(session):
    note("end")

def note(word):
    with open({log!r}, "a") as file:
        file.write(f"{{word}} {{time.monotonic()}}\\n")
"""


@pytest.mark.slow
def test_nothing_begins_when_the_one_time_budget_is_used_up(tmp_path: Path) -> None:
    """Runs under other conditions and trials, of all together and of each alone, would take longer."""
    log, report = tmp_path / "log", tmp_path / "report.json"
    work = "".join(
        f"def {name}(k):\n    return sum(j * j for j in range(20_000 + k))\n\n\n" for name in NAMES
    )
    tests = "".join(
        f"@pytest.mark.parametrize('k', [1, 2] * 30)\n"
        f"def test_{name}(k):\n    assert work.{name}(k) > 0\n\n\n"
        for name in NAMES
    )
    tree = new_repository(
        tmp_path / "tree",
        {
            "work.py": work,
            "test_work.py": f"import pytest\nimport work\n\n\n{tests}",
            "conftest.py": CONFTEST.format(log=str(log)),
        },
    )
    chosen = [word for name in NAMES for word in ("--function", f"work.py::{name}")]
    given = ("--effort", "thorough", "--time-budget", f"{BUDGET:.0f}s", "--json", str(report))
    done = hitrate(tree, "run", *chosen, *given, "--fail-on", "never")
    assert done.returncode == 0, done.stdout + done.stderr
    said: dict[str, Any] = json.loads(report.read_text())
    lines = [line.split() for line in log.read_text().splitlines()]
    begun = [float(when) for word, when in lines if word == "begin"]
    observed_ended = [float(when) for word, when in lines if word == "end"][1]
    later = [when - observed_ended for when in begun[2:]]
    assert max(later) <= 1.25 * BUDGET  # reading what was observed comes before the budget begins
    assert max(later) > BUDGET / 2
    assert any("time budget" in note for note in (*said["notes"], *(said["trial"] or {}).get("notes", ())))
