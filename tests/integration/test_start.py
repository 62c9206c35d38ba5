"""What a start waits for: imports are most of it."""

import subprocess
import sys

LATER = ("github", "requests", "jinja2", "rich")
"""Needed by a run's end, or by terminals only; together they took as long as all the rest."""


def test_a_step_starts_without_what_it_needs_later_or_never() -> None:
    asked = f"import sys, hitrate.action.container; print(*sys.modules.keys() & {set(LATER)})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
