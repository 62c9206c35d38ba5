"""Trials of a real project: real patches, real processes, real caches."""

import dataclasses
import os
import sys
from pathlib import Path

import pytest

from hitrate.evidence import Saving
from hitrate.patching.patcher import SourcePatcher
from hitrate.source.function import ExistingCache
from hitrate.trials.arms import Winner
from hitrate.trials.payback import AT_ANY_COST
from hitrate.vocabulary import Metric
from tests.integration.trials import PYTEST, Sample

WORK = """
import itertools, time
from functools import lru_cache

def burn(seconds):
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass

def slow(number):
    burn(0.02)
    return number

counter = itertools.count()
def fresh(number):
    return next(counter)

@lru_cache(maxsize=4)
def kept(number):
    burn(0.02)
    return number

def waiting(number):
    time.sleep(0.05)
    return number

def clumsy(number):
    return number
"""
TESTS = """
import pytest, work

@pytest.mark.parametrize("name", ["a b", "c::d", "e"])
def test_slow(name):
    for _ in range(5):
        assert work.slow(1) == 1

def test_fresh():
    assert work.fresh(1) != work.fresh(1)

def test_kept():
    for _ in range(20):
        assert work.kept(1) == 1

def test_other():
    work.burn(0.2)
"""


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    (tmp_path / "project").mkdir()
    (tmp_path / "scratch").mkdir()
    found = Sample(tmp_path / "project", tmp_path / "scratch")
    found.write(work=WORK, test_work=TESTS)
    (found.root / "pytest.ini").write_text("[pytest]\n")
    return found


SLOW_TESTS = [f"test_work.py::test_slow[{name}] (call)" for name in ("a b", "c::d", "e")]


def test_a_real_cache_is_measured_on_the_tests_that_call_it(sample):
    before = sample.content()
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite())
        trial = validator.trial([sample.winner("slow")], Saving(0.28), SLOW_TESTS, 120.0)
        assert sample.content() == before
    assert trial.tests_selected == 3
    assert trial.low > 1
    assert trial.seconds_without - trial.seconds_with > 0.1
    assert not any("whole test command" in note for note in trial.notes)
    assert sample.content() == before


@pytest.mark.slow
def test_a_cache_that_breaks_a_test_is_caught_before_any_pair(sample):
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite())
        trial = validator.trial(
            [sample.winner("fresh")], Saving(0.1), ["test_work.py::test_fresh (call)"], 120.0
        )
    assert trial.broken_tests == ("test_work.py::test_fresh",)
    assert (trial.speedup, trial.pairs) == (None, 0)
    assert validator.bench.spent.runs == 3


@pytest.mark.slow
def test_ids_that_pytest_does_not_know_fall_back_to_files(sample):
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite())
        trial = validator.trial([sample.winner("slow")], Saving(0.0), ["test_work.py::test_gone"], 120.0)
    assert trial.tests_selected == 6
    assert "whole test files" in trial.notes[0]
    assert trial.failure is None


@pytest.mark.slow
def test_a_custom_command_is_run_whole(sample):
    with SourcePatcher(sample.root) as patcher:
        suite = sample.suite(f"{PYTEST} -k slow | cat")
        trial = sample.validator(patcher, suite).trial(
            [sample.winner("slow")], Saving(0.0), SLOW_TESTS[:2], 120.0
        )
    assert trial.tests_selected is None
    assert "not a plain pytest call" in trial.notes[0]


@pytest.mark.slow
def test_an_existing_cache_is_measured_against_the_function_without_it(sample):
    function = sample.function("kept", ExistingCache(4, False))
    sample.write(script="import work\nfor _ in range(20):\n    work.kept(1)\n")
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite(f"{sys.executable} script.py"))
        trial = validator.trial([Winner(function, 4)], Saving(0.38), [], 120.0)
    assert trial.low > 1
    assert trial.seconds_without - trial.seconds_with > 0.2


def test_saved_waiting_is_found_in_wall_time(sample):
    sample.write(script="import work\nfor _ in range(10):\n    work.waiting(1)\n")
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite(f"{sys.executable} script.py"))
        trial = validator.trial([sample.winner("waiting")], Saving(0.45, Metric.WALL), [], 120.0)
    assert trial.metric == "wall"
    assert trial.low > 1


@pytest.mark.slow
def test_a_cache_that_slows_the_tests_down_is_found_and_left_out(sample):
    sample.write(
        work=WORK,
        test_work=TESTS
        + """
class Key:
    def __hash__(self):
        work.burn(0.02)
        return 1
    def __eq__(self, other):
        return False

def test_clumsy():
    for _ in range(20):
        work.clumsy(Key())
""",
    )
    economy = AT_ANY_COST
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite(), economy=economy)
        winners = [sample.winner("slow"), sample.winner("clumsy")]
        tests = [*SLOW_TESTS[2:], "test_work.py::test_clumsy"]
        trial = validator.trial(winners, Saving(0.1), tests, 240.0)
    assert trial.slowed_by == ("work.py::clumsy",)
    assert trial.functions == ("work.py::slow",)


def compiled_in(folder: Path) -> set[Path]:
    """Compiled files, those included that lie in folders which variants share by links."""
    return {
        Path(place, name).relative_to(folder)
        for place, _, names in os.walk(folder, followlinks=True)
        for name in names
        if name.endswith(".pyc")
    }


@pytest.mark.slow
def test_both_arms_compile_nothing_that_the_baseline_has_compiled(sample):
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite())
        with validator.bench.arms([sample.winner("slow")]) as arms:
            (edit,) = arms.edits["with"]
            folder = validator.bench.bytecode([edit])
            warm = sample.scratch / "warm"
            compiled = compiled_in(warm)
            arms.run("with", validator.suite, 1, None)
    again = compiled_in(folder)
    assert compiled == again
    own = {path for path in again if not (folder / path).samefile(warm / path)}
    assert {path.name.split(".")[0] for path in own} == {"work"}


@pytest.mark.slow
def test_the_selected_ids_are_those_that_pytest_runs(sample):
    """Every id as pytest itself records it selects exactly its own test."""
    ids = sample.root / "ids"
    sample.write(
        conftest=f"""
        import os, pytest
        @pytest.hookimpl(trylast=True)
        def pytest_runtest_call(item):
            with open({str(ids)!r}, "a") as file:
                file.write(os.environ["PYTEST_CURRENT_TEST"] + "\\n")
        """
    )
    sample.baseline(sample.suite())
    recorded = ids.read_text().splitlines()
    assert len(recorded) == 6
    with SourcePatcher(sample.root) as patcher:
        validator = sample.validator(patcher, sample.suite())
        for test in (recorded[0], recorded[2], recorded[4]):
            ids.unlink()
            proof = validator.prove([sample.winner("clumsy")], [test])
            assert proof.way.note is None
            assert ids.read_text().splitlines() == [test]
            assert dataclasses.replace(proof.run, cpu_seconds=0, wall_seconds=0).tests == 1
