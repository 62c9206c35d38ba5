"""Runs under other conditions: what is changed, what is noted, what follows."""

import collections
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from hitrate.hazards.disagreement import LINE_LIMIT, Note, disagreements, read_ledger
from hitrate.hazards.perturbation import Disturbance, Means, perturbed
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
    assert {run.change for run in runs} == set(Disturbance)
    assert notes == ()
    by_change = {run.change: run.suite for run in runs}
    assert by_change[Disturbance.DIRECTORY] == Suite(SUITE.command, Path("/copy"), SUITE.environment)
    assert by_change[Disturbance.HASH_SEED].environment["PYTHONHASHSEED"] not in ("0", "random")
    assert by_change[Disturbance.ENVIRONMENT].environment["LC_ALL"] != "C"
    assert by_change[Disturbance.ORDER].environment["PYTHONPATH"] == "/plugins:src"
    assert by_change[Disturbance.ORDER].environment["PYTEST_ADDOPTS"] == "-p reverser"
    assert by_change[Disturbance.CLOCK].command.startswith("/usr/bin/faketime ")
    assert all(run.suite.environment["PATH"] == "/bin" for run in runs)


def test_what_cannot_be_changed_is_said() -> None:
    runs, notes = perturbed(SUITE, Means(None, Path("/plugins"), "reverser", lambda name: None))
    assert {run.change for run in runs} == {Disturbance.HASH_SEED, Disturbance.ENVIRONMENT, Disturbance.ORDER}
    assert len(notes) == 2


@pytest.mark.parametrize(
    "change", [Disturbance.ORDER, Disturbance.DIRECTORY, Disturbance.CLOCK, Disturbance.ENVIRONMENT]
)
def test_a_result_that_follows_a_condition_is_stale(change: Disturbance) -> None:
    other = next(each for each in Disturbance if each is not change)
    (found,) = disagreements(run_of(note("1")), {change: run_of(note("2")), other: run_of(note("1"))}, 1)
    (hazard,) = found.hazards
    assert (hazard.kind, hazard.test, hazard.key) == (HazardKind.STALE, "t", "('x',)")
    assert hazard.gist == f"its result follows {change}"
    assert hazard.detail == f"{hazard.gist}: `1`, then `2` when that was changed"


def test_the_hash_seed_is_fixed_within_a_process() -> None:
    changed = {Disturbance.HASH_SEED: run_of(note("2")), Disturbance.ORDER: run_of(note("1"))}
    (found,) = disagreements(run_of(note("1")), changed, 1)
    assert found.hazards == ()
    assert len(found.remarks) == 1


def test_what_differs_in_every_run_is_put_down_to_none() -> None:
    changed = {Disturbance.ORDER: run_of(note("2")), Disturbance.CLOCK: run_of(note("3"))}
    (found,) = disagreements(run_of(note("1")), changed, 1)
    assert (found.hazards, found.remarks) == ((), ())


def test_a_call_that_gave_several_results_within_a_run_is_left_to_the_oracle() -> None:
    changed = {Disturbance.ORDER: run_of(note("3")), Disturbance.CLOCK: run_of(note("1"))}
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
    assert len(disagreements(found, {Disturbance.ORDER: found}, 1)) == 1


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


@pytest.mark.parametrize("change", [change for change in Disturbance if change is not Disturbance.HASH_SEED])
def test_each_condition_has_its_remedy(change: Disturbance) -> None:
    other = next(each for each in Disturbance if each is not change)
    (found,) = disagreements(run_of(note("1")), {change: run_of(note("2")), other: run_of(note("1"))}, 1)
    (hazard,) = found.hazards
    order = change is Disturbance.ORDER
    assert hazard.remedy == ("clear the cache when the state changes" if order else "pass it as an argument")


def test_what_the_processes_wrote_is_shown_without_escapes() -> None:
    wild = note("2").model_copy(update={"shown": "\x1b[1mx", "key": "\x1b[1mk", "test": None})
    changed = {Disturbance.CLOCK: run_of(wild), Disturbance.ORDER: run_of(note("1"))}
    (found,) = disagreements(run_of(note("1")), changed, 1)
    (hazard,) = found.hazards
    assert (hazard.test, hazard.key) == (None, "k")
    assert hazard.detail == "its result follows the clock: `1`, then `\\x1b[1mx` when that was changed"
    named = wild.model_copy(update={"test": "\x1b[1mt"})
    changed[Disturbance.CLOCK] = run_of(named)
    assert disagreements(run_of(note("1")), changed, 1)[0].hazards[0].test == "t"


def test_the_remark_on_the_hash_seed_shows_both_results() -> None:
    changed = {Disturbance.HASH_SEED: run_of(note("2")), Disturbance.ORDER: run_of(note("1"))}
    (found,) = disagreements(run_of(note("1")), changed, 1)
    assert found.remarks == (
        (
            "Its result follows the hash seed (`1`, then `2` for `('x',)`); that is fixed within "
            "a process, so a "
            "cache is not affected."
        ),
    )


def test_functions_are_told_apart_and_only_those_asked_for_are_told() -> None:
    both = run_of(note("1"), note("1", slot=1), note("1", slot=2))
    later = run_of(note("1"), note("2", slot=1), note("2", slot=2))
    first, second = disagreements(both, {Disturbance.CLOCK: later, Disturbance.ORDER: both}, 2)
    assert (len(first.hazards), len(second.hazards)) == (0, 1)


def test_several_conditions_are_all_told() -> None:
    same, other = run_of(note("1")), run_of(note("2"))
    changed = {
        Disturbance.CLOCK: other,
        Disturbance.DIRECTORY: other,
        Disturbance.HASH_SEED: other,
        Disturbance.ORDER: same,
    }
    (found,) = disagreements(same, changed, 1)
    assert [hazard.gist for hazard in found.hazards] == [
        "its result follows the clock",
        "its result follows the current directory",
    ]
    assert len(found.remarks) == 1


def test_one_of_several_results_that_comes_again_is_no_difference() -> None:
    changed = {Disturbance.CLOCK: run_of(note("2"), note("1")), Disturbance.ORDER: run_of(note("1"))}
    assert disagreements(run_of(note("1")), changed, 1)[0].hazards == ()
    only_elsewhere = {Disturbance.CLOCK: run_of(note("2", arguments="b" * 16)), Disturbance.ORDER: run_of()}
    assert disagreements(run_of(note("1")), only_elsewhere, 1)[0].hazards == ()


def test_the_first_call_of_each_result_is_kept(tmp_path: Path) -> None:
    lines = [note("1", test="first"), note("1", test="second"), note("2", test="third")]
    (tmp_path / "1.ledger").write_text("\n".join(each.model_dump_json() for each in lines))
    (tmp_path / "other.txt").write_text(note("3").model_dump_json())
    (results,) = read_ledger(tmp_path).values()
    assert [each.test for each in results.values()] == ["first", "third"]


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, more: int, read: bool) -> None:
    line = note("1").model_dump()
    room = LINE_LIMIT - len(json.dumps({**line, "other": ""})) + more
    (tmp_path / "1.ledger").write_text(json.dumps({**line, "other": "x" * room}))
    assert bool(read_ledger(tmp_path)) is read
