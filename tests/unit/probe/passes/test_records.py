"""Which process makes the passes, and where it says what it saw."""

import os
import sys
from pathlib import Path

import pytest

from hitrate.probe.passes import records as installed
from tests.unit.probe.passes.trial import NUMBER, Trial


def test_the_first_process_claims_the_passes_and_a_later_one_does_not(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    first = trial.module("records")
    assert not first.is_claimed_here()
    first.claim()
    del sys.modules[first.__name__]  # as in a process that is started afterwards
    later = trial.module("records")
    later.claim()
    assert (first.is_claimed_here(), later.is_claimed_here()) == (True, False)
    assert trial.lines() == [["begin"]]


def test_a_forked_child_has_not_claimed_what_its_parent_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = Trial(tmp_path).module("records")
    records.claim()
    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    assert not records.is_claimed_here()


def test_where_nothing_was_laid_out_nothing_is_claimed() -> None:
    installed.claim()
    assert installed.PLAN == {}
    assert not installed.is_claimed_here()


def test_lines_are_added_to_the_file_of_the_process(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    records = trial.module("records")
    assert records.write("passes", ["pass", True, 0.5, [[1, 2]]])
    assert records.write("passes", ["end"])
    assert records.write("elsewhere", [7])
    assert trial.lines() == [["pass", True, 0.5, [[1, 2]]], ["end"]]
    assert trial.lines("elsewhere") == [[7]]


def test_what_cannot_be_written_is_said_and_a_link_is_not_followed(tmp_path: Path) -> None:
    trial = Trial(tmp_path)
    records, target = trial.module("records"), tmp_path / "target"
    (trial.instrument.records / f"{NUMBER}.passes").symlink_to(target)
    assert not records.write("passes", ["end"])
    assert not target.exists()
    trial.instrument.records.rename(tmp_path / "gone")
    assert not records.write("elsewhere", ["end"])
