"""The README's comment is one that the program writes today."""

import re
import runpy
from pathlib import Path

from hitrate.report import markdown
from tests.unit import reports

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "README.md").read_text()
COMMENT = re.compile(r"<!-- comment -->\n(.*?)\n<!-- /comment -->", re.DOTALL)


def head(comment: str) -> list[str]:
    """Title and alignment of the table's columns."""
    return [line for line in comment.splitlines() if line.startswith("| ")][:2]


def test_its_comment_has_a_measured_speedup_and_the_columns_of_today() -> None:
    found = COMMENT.search(TEXT)
    assert found is not None
    assert re.search(r"faster \(95\N{NO-BREAK SPACE}% CI \d\.\d\d–\d\.\d\d\)", found[1])
    assert head(found[1]) == head(markdown.comment(reports.mixed()))


def test_it_is_written_without_marker_and_details() -> None:
    comment = runpy.run_path(str(ROOT / ".ci" / "comment.py"))
    written = comment["readme"](TEXT, markdown.comment(reports.mixed(), marker="<!-- hitrate id=a -->"))
    found = COMMENT.search(written)
    assert found is not None
    assert found[1].startswith("### Hitrate: 1 cache wrong")
    assert found[1].endswith("1 not worth a cache, 1 that cannot carry one.")
    assert COMMENT.sub("", written) == COMMENT.sub("", TEXT)


def test_it_is_of_runs_that_bear_each_other_out() -> None:
    names = runpy.run_path(str(ROOT / ".ci" / "comment.py"))

    def run(low: float, high: float, promised: float = 2.0) -> object:
        return names["Demonstrated"]("", (low * high) ** 0.5, low, high, promised, 2.0)

    contradictions = names["contradictions"]
    assert contradictions([run(1.1, 1.3), run(1.2, 1.6), run(1.25, 1.4)]) == []
    assert contradictions([run(1.1, 1.3), None]) == ["1 of 2 trials have no interval."]
    assert contradictions([run(1.1, 1.2), run(1.3, 1.6)]) == [
        "One trial says at least 1.30x, another at most 1.20x."
    ]
    assert contradictions([run(1.1, 1.3, 2.19)]) == []
    assert contradictions([run(1.1, 1.3, 2.3)]) == ["2.30 s were promised, 2.00 s were measured."]
    assert names["typical"]([run(1.3, 1.4), run(1.1, 1.2), run(1.2, 1.3)]) == run(1.2, 1.3)
