"""An observed run that breaks off before any test, through the whole command line."""

import json
from pathlib import Path

from tests.integration.repositories import hitrate, new_repository

LIB = """
def double(n):
    return 2 * n


if hasattr(double, "__wrapped__"):
    raise ImportError("double is not what it was")
"""


def test_why_it_broke_off_is_shown_and_nothing_is_said_of_calls(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    test = "from lib import double\n\ndef test_double():\n    assert double(2) == 4\n"
    new_repository(tree, {"lib.py": LIB, "test_lib.py": test})
    report = tmp_path / "report.json"
    done = hitrate(tree, "run", "--function", "lib.py::double", "--json", str(report))
    assert "double is not what it was" in done.stdout + done.stderr
    written = json.loads(report.read_text())
    (double,) = written["functions"]
    assert (double["verdict"], double["reason"]) == ("inconclusive", "it was not measured")
    assert double["calls"] is None
    assert any(
        note.startswith("The observed run failed where the plain one passed") for note in written["notes"]
    )
