"""What is left of what a call was seen to do when it has ended: not what it has undone itself."""

import io
import os
import random
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hitrate.probe.oracle import rules
from hitrate.probe.oracle.sightings import CHANGES_DATABASE, CREATED, SIGHTS, Sightings


def a_call() -> None: ...


@pytest.fixture
def seen(tmp_path: Path) -> Sightings:
    return Sightings(a_call.__code__, (f"{tmp_path}/constant/",))


def note(seen: Sightings, kind: str, what: object, step: str = "") -> None:
    seen.note(kind, what, sys._getframe(), step)


def left(seen: Sightings) -> list[tuple[str, str]]:
    return [(sight.kind, sight.what) for sight in seen.lasting()]


def test_a_file_that_is_made_and_removed_again_leaves_nothing(seen: Sightings, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    note(seen, rules.WRITE, str(folder), CREATED)
    note(seen, rules.WRITE, str(folder / "file"), CREATED)
    note(seen, rules.FILE, str(folder / "file"))
    note(seen, rules.WRITE, f"{folder}er")  # begins alike, and is not in it
    folder.mkdir()
    (folder / "file").touch()
    assert len(left(seen)) == 4
    (folder / "file").unlink()
    assert left(seen) == [(rules.WRITE, str(folder)), (rules.WRITE, f"{folder}er")]
    folder.rmdir()
    assert left(seen) == [(rules.WRITE, f"{folder}er")]


def test_reading_from_a_folder_that_never_changes_is_nothing_but_writing_there_is(
    seen: Sightings, tmp_path: Path
) -> None:
    note(seen, rules.FILE, f"{tmp_path}/constant/zone")
    assert left(seen) == []
    note(seen, rules.WRITE, f"{tmp_path}/constant/zone")
    note(seen, rules.FILE, f"{tmp_path}/constants")
    assert len(left(seen)) == 2


@pytest.mark.parametrize(
    ("values", "undone"),
    [
        (["old", "new", "old"], True),
        (["old", "new", "newer", "old"], True),
        (["old", "new"], False),
        (["old", "new", "newer"], False),
        (["old", "old"], False),  # that it was set is all that is known
        ([None, "new", None], True),
        ([b"old", "old"], False),
        (["old", "new", "".join(("o", "ld"))], True),  # of texts, what they say counts
        ([[1], [2], [1]], False),  # of other things, which they are
    ],
)
def test_a_setting_is_undone_when_it_was_another_and_is_again_what_it_was(
    seen: Sightings, values: list[object], undone: bool
) -> None:
    setting = {"zone": values[0]}
    for value in values[1:]:
        note(seen, rules.SET, ("zone", lambda: setting["zone"]))
        setting["zone"] = value
    assert left(seen) == ([] if undone else [(rules.SYSTEM, "zone")])


def test_numbers_are_random_unless_the_call_has_seeded_their_generator(seen: Sightings) -> None:
    own, other = random.Random(1), random.Random(1)
    note(seen, rules.SEEDED, own)
    note(seen, rules.DRAWN, own)
    assert left(seen) == []
    note(seen, rules.DRAWN, other)
    assert left(seen) == [(rules.RANDOM, "")]


def test_what_is_printed_counts_where_it_leaves_the_process(seen: Sightings, tmp_path: Path) -> None:
    note(seen, rules.PRINTED, io.StringIO())
    with open(os.devnull, "w") as nowhere:
        note(seen, rules.PRINTED, nowhere)
    assert left(seen) == []
    with (tmp_path / "log").open("w") as stream:
        note(seen, rules.PRINTED, stream)
    note(seen, rules.PRINTED, sys.stdout)
    assert left(seen) == [(rules.WRITE, str(tmp_path / "log")), (rules.OUTPUT, "")]


def test_output_is_what_goes_to_the_streams_that_were_there_before(
    seen: Sightings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sys.stdout
    monkeypatch.setattr(sys, "stdout", io.StringIO())  # as redirect_stdout does within the call
    note(seen, rules.PRINTED, sys.stdout)
    assert left(seen) == []
    note(seen, rules.PRINTED, before)
    assert left(seen) == [(rules.OUTPUT, "")]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    made.execute("create table prices (price)")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("select * from prices", [(rules.DATABASE, "")]),
        ("delete from prices", [(rules.DATABASE, "")]),  # there were none
        ("insert into prices values (3)", [(rules.DATABASE, ""), (rules.WRITE, CHANGES_DATABASE)]),
    ],
)
def test_a_database_of_others_is_read_and_changed_only_if_rows_are(
    seen: Sightings, connection: sqlite3.Connection, statement: str, kinds: list[tuple[str, str]]
) -> None:
    note(seen, rules.EXECUTED, connection)
    connection.execute(statement)
    assert left(seen) == kinds


def test_one_that_the_call_has_connected_itself_is_its_own(
    seen: Sightings, connection: sqlite3.Connection
) -> None:
    note(seen, rules.CONNECTED, connection)
    note(seen, rules.EXECUTED, connection.cursor())
    connection.execute("insert into prices values (3)")
    assert left(seen) == []


@pytest.mark.parametrize(("followed", "ended"), [(1, []), (0, [(rules.THREADS, "")])])
def test_a_thread_counts_while_it_runs_and_then_only_if_it_was_not_followed(
    seen: Sightings, followed: int, ended: list[tuple[str, str]]
) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    note(seen, rules.STARTED, thread)
    thread.start()
    seen.followed = followed
    try:
        assert left(seen) == [(rules.THREAD, "")]
    finally:
        stop.set()
        thread.join()
    assert left(seen) == ended


def test_a_sight_is_kept_once_with_where_it_was_first_and_only_so_many(seen: Sightings) -> None:
    note(seen, rules.CLOCK, "")
    seen.note(rules.CLOCK, "", sys._getframe())
    (sight,) = seen.lasting()
    assert sight.where == f"note, test_sightings.py:{note.__code__.co_firstlineno + 1}"
    for number in range(2 * SIGHTS):
        note(seen, rules.ENVIRONMENT, str(number))
    assert len(seen.lasting()) == SIGHTS


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        (os.__file__, "a_caller"),
        ("/v/site-packages/shop.py", "a_caller"),
        ("/project/shop.py", "ask"),
    ],
)
def test_it_is_the_projects_own_code_that_did_it(seen: Sightings, file: str, shown: str) -> None:
    space: dict[str, Callable[[Callable[[], None]], None]] = {}
    exec(compile("def ask(act):\n    act(__import__('sys')._getframe())\n", file, "exec"), space)

    def a_caller() -> None:
        space["ask"](lambda *frames: seen.note(rules.CLOCK, "", *frames))

    a_caller()
    assert seen.lasting()[0].where.partition(",")[0] == shown


def test_where_the_function_itself_is_of_a_package_it_was_that() -> None:
    space: dict[str, Any] = {"act": lambda frame: seen.note(rules.CLOCK, "", frame)}
    source = "def ask():\n    act(__import__('sys')._getframe())\n"
    exec(compile(source, "/v/site-packages/shop.py", "exec"), space)
    seen = Sightings(space["ask"].__code__, ())
    space["ask"]()
    assert seen.lasting()[0].where == "ask, shop.py:2"
