"""What people see, kept as files: a change of it is looked at in a diff.

``python -m tests.unit.report.test_golden`` renews the files.
"""

import difflib
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from rich.console import Console

from hitrate.report import html, markdown, terminal
from hitrate.report.model import Report
from tests.unit import reports

GOLDEN = Path(__file__).parents[2] / "data" / "golden"
STATES = [name for name in reports.STATES if name != "many-500"]


def as_terminal(report: Report) -> str:
    file = io.StringIO()
    terminal.render(report, Console(width=80, file=file, force_terminal=False, no_color=True))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


RENDERERS: Mapping[str, Callable[[Report], str]] = {
    "md": lambda report: markdown.comment(report) + "\n",
    "html": html.page,
    "txt": as_terminal,
}


@pytest.mark.parametrize("ending", RENDERERS)
@pytest.mark.parametrize("state", STATES)
def test_what_people_see(state: str, ending: str) -> None:
    kept = (GOLDEN / f"{state}.{ending}").read_text("utf-8")
    made = RENDERERS[ending](reports.STATES[state]())
    difference = list(
        difflib.unified_diff(kept.splitlines(), made.splitlines(), "kept", "made", lineterm="", n=1)
    )
    assert difference == []


def test_no_file_is_left_of_a_state_that_is_gone() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{s}.{e}" for s in STATES for e in RENDERERS}


def renew() -> None:
    """Write every file anew."""
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.iterdir():
        path.unlink()
    for state in STATES:
        for ending, render in RENDERERS.items():
            (GOLDEN / f"{state}.{ending}").write_text(render(reports.STATES[state]()), "utf-8")


if __name__ == "__main__":
    renew()
