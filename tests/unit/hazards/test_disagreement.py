"""Runs under other conditions: what is changed, what is noted, what follows."""

import collections
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from hitrate.hazards.disagreement import Note, disagreements, read_ledger
from hitrate.hazards.perturbation import Change, Means, perturbed
from hitrate.probe.oracle import resultlog, snapshot
from hitrate.testrun.run import Suite
from hitrate.vocabulary import HazardKind
from tests.unit.probe.oracle.test_snapshot import Thing, values

MEANS = Means(Path("/copy"), Path("/plugins"), "reverser", lambda name: f"/usr/bin/{name}")
SUITE = Suite(
    "python -m pytest -k 'a b'", Path("/tree"), {"PATH": "/bin", "PYTHONPATH": "src", "LC_ALL": "C"}
)


def note(result: str, *, slot: int = 0, arguments: str = "a" * 16, test: str = "t") -> Note:
    return Note(slot=slot, arguments=arguments, result=result * 16, shown=result, key="('x',)", test=test)


def run_of(*notes: Note) -> dict[tuple[int, str], dict[str, Note]]:
    found: dict[tuple[int, str], dict[str, Note]] = collections.defaultdict(dict)
    for each in notes:
        found[each.slot, each.arguments][each.result] = each
    return found


def test_each_condition_changes_one_thing() -> None:
    runs, notes = perturbed(SUITE, MEANS)
    assert {run.change for run in runs} == set(Change)
    assert notes == ()
    by_change = {run.change: run.suite for run in runs}
    assert by_change[Change.DIRECTORY] == Suite(SUITE.command, Path("/copy"), SUITE.environment)
    assert by_change[Change.HASH_SEED].environment["PYTHONHASHSEED"] not in ("0", "random")
    assert by_change[Change.ENVIRONMENT].environment["LC_ALL"] != "C"
    assert by_change[Change.ORDER].environment["PYTHONPATH"] == "/plugins:src"
    assert by_change[Change.ORDER].environment["PYTEST_ADDOPTS"] == "-p reverser"
    assert by_change[Change.CLOCK].command.startswith("/usr/bin/faketime ")
    assert all(run.suite.environment["PATH"] == "/bin" for run in runs)


def test_what_cannot_be_changed_is_said() -> None:
    runs, notes = perturbed(SUITE, Means(None, Path("/plugins"), "reverser", lambda name: None))
    assert {run.change for run in runs} == {Change.HASH_SEED, Change.ENVIRONMENT, Change.ORDER}
    assert len(notes) == 2


@pytest.mark.parametrize("change", [Change.ORDER, Change.DIRECTORY, Change.CLOCK, Change.ENVIRONMENT])
def test_a_result_that_follows_a_condition_is_stale(change: Change) -> None:
    other = next(each for each in Change if each is not change)
    (found,) = disagreements(run_of(note("1")), {change: run_of(note("2")), other: run_of(note("1"))}, 1)
    (hazard,) = found.hazards
    assert (hazard.kind, hazard.test, hazard.key) == (HazardKind.STALE, "t", "('x',)")
    assert hazard.gist == f"its result follows {change}"
    assert hazard.detail == f"{hazard.gist}: `1`, then `2` when that was changed"


def test_the_hash_seed_is_fixed_within_a_process() -> None:
    changed = {Change.HASH_SEED: run_of(note("2")), Change.ORDER: run_of(note("1"))}
    (found,) = disagreements(run_of(note("1")), changed, 1)
    assert found.hazards == ()
    assert len(found.remarks) == 1


def test_what_differs_in_every_run_is_put_down_to_none() -> None:
    changed = {Change.ORDER: run_of(note("2")), Change.CLOCK: run_of(note("3"))}
    (found,) = disagreements(run_of(note("1")), changed, 1)
    assert (found.hazards, found.remarks) == ((), ())


def test_a_call_that_gave_several_results_within_a_run_is_left_to_the_oracle() -> None:
    changed = {Change.ORDER: run_of(note("3")), Change.CLOCK: run_of(note("1"))}
    (found,) = disagreements(run_of(note("1"), note("2")), changed, 1)
    assert found.hazards == ()


def test_ledgers_are_read_as_untrusted_text(tmp_path: Path) -> None:
    good = note("1").model_dump()
    lines = [
        json.dumps(good),
        "[" * 3000,
        json.dumps({**good, "result": "../../etc/passwd"}),
        json.dumps({**good, "slot": -1}),
        json.dumps({**good, "slot": 7, "key": "x" * 5000}),
        json.dumps({**good, "slot": 5}),
    ]
    (tmp_path / "1.ledger").write_text("\n".join(lines))
    (tmp_path / "2.ledger").symlink_to("/dev/zero")
    found = read_ledger(tmp_path)
    assert {slot for slot, _ in found} == {0, 5}
    assert len(disagreements(found, {Change.ORDER: found}, 1)) == 1


@given(values)
def test_a_digest_is_the_same_for_the_same_value(value: Any) -> None:
    assert resultlog.digest(snapshot.take(value)) == resultlog.digest(snapshot.take(value))


def test_digests_tell_values_apart_but_not_the_order_of_sets_and_keys() -> None:
    def of(value: object) -> str | None:
        return resultlog.digest(snapshot.take(value))

    assert len({of(value) for value in (1, True, 1.0, "1", b"1", (1,), [1], {1}, {1: 1}, Thing(1))}) == 10
    assert of({"a": 1, "b": 2}) == of({"b": 2, "a": 1})
    assert of({"a", "b", "c"}) == of({"c", "b", "a"})
    assert of([Thing(1)]) != of([Thing(2)])
    assert of(iter([1])) is None
    assert of(list(range(5000))) is None
