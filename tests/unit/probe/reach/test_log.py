"""What one process saw, as lines; where it cannot be written, nothing is claimed."""

import json
import os
from pathlib import Path

from hitrate.probe.reach.log import ReachLog


def test_lines_are_added_each_time(tmp_path: Path) -> None:
    log = ReachLog(str(tmp_path))
    log.write([["begin", 1], ["piece", 1, "a.py", 3]])
    log.write([])
    log.write([["end"]])
    lines = [json.loads(line) for line in Path(log.path).read_text().splitlines()]
    assert lines == [["begin", 1], ["piece", 1, "a.py", 3], ["end"]]
    assert not log.broken


def test_a_file_that_is_a_link_or_cannot_be_made_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "target"
    log = ReachLog(str(tmp_path))
    os.symlink(target, log.path)
    log.write([["begin", 1]])
    assert log.broken
    assert not target.exists()
    gone = ReachLog(str(tmp_path / "missing"))
    gone.write([["begin", 1]])
    gone.write([["end"]])
    assert gone.broken


def test_a_process_that_was_forked_writes_nothing(tmp_path: Path) -> None:
    log = ReachLog(str(tmp_path))
    log._pid = os.getpid() + 1
    log.write([["begin", 1]])
    assert not Path(log.path).exists()
