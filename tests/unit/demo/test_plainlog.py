import io

import pytest

from hitrate.action.runner import Log
from hitrate.demo.plainlog import PlainLog, shown
from hitrate.report.annotations import commands
from tests.unit import reports


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("Gate: pass\n", "Gate: pass\n"),
        ("::group::Trial\n", ""),
        ("::endgroup::\n", ""),
        ("::stop-commands::abc\n", ""),
        ("::abc::\n", ""),
        ("::notice title=Hitrate::100 %25 of it\n", "notice: 100 % of it\n"),
        (
            "::warning file=a%2Cb.py,line=3,title=Hitrate%3A Wrong::one%0Atwo\n",
            "warning a,b.py:3: Wrong: one\n  two\n",
        ),
    ],
)
def test_a_person_reads_no_commands(line: str, plain: str) -> None:
    assert shown(line) == plain


def test_every_annotation_becomes_lines() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8")
    log = Log(PlainLog(stream))  # type: ignore[arg-type]
    said = commands(reports.mixed())
    for command in said:
        log.command(command)
    stream.seek(0)
    lines = stream.read().splitlines()
    assert len(lines) > len(said)
    assert not [line for line in lines if "::" in line and line.startswith(":")]
