"""What the oracle's files say of each function: joined over processes, bounded, each thing told once."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.hazards.observations import OBSERVATION, Observation
from hitrate.hazards.oversight import (
    HAZARDS_LIMIT,
    LINE_LIMIT,
    NAMES_LIMIT,
    Oversight,
    oversight,
    read_oversights,
    uncompared,
)
from hitrate.source.doubt import Doubt, Grounds, Topic, joined
from hitrate.vocabulary import HazardKind


def line(kind: str, **fields: Any) -> dict[str, Any]:
    return {"slot": 0, "kind": kind, **fields}


def seen(kind: str, **fields: Any) -> Observation:
    return OBSERVATION.validate_python(line(kind, **fields))


def tally(**fields: int) -> Observation:
    return seen("tally", **fields)


def doubts(*observations: Observation) -> tuple[Doubt, ...]:
    return oversight(observations).doubts


def written(folder: Path, *lines: object, process: int = 1) -> Path:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in lines]
    (folder / f"{process}.hazards").write_text("\n".join(texts))
    return folder


def test_nothing_seen_is_nothing_told() -> None:
    assert oversight([]) == Oversight()


def test_observations_go_to_their_functions_over_all_processes(tmp_path: Path) -> None:
    written(tmp_path, line("one-shot", what="a generator"), {**line("aliased"), "slot": 2})
    written(tmp_path, line("leak", what="Cart"), {**line("aliased"), "slot": 9}, process=2)
    (tmp_path / "1.trace").write_text(json.dumps(line("refused")))
    found = read_oversights(tmp_path, 3)
    kinds = [{hazard.kind for hazard in each.hazards} for each in found]
    assert kinds == [{HazardKind.ALIASED, HazardKind.LEAK}, set(), {HazardKind.ALIASED}]


def test_lines_that_are_none_are_passed_over(tmp_path: Path) -> None:
    room = LINE_LIMIT - len(json.dumps(line("leak", what="Cart", other="")))
    fits = json.dumps(line("leak", what="Cart", other="x" * room))
    assert len(fits) == LINE_LIMIT
    written(tmp_path, "", "[" * 3000, "{", line("unheard of"), line("leak", what=7), fits, '{"slot": 0')
    (found,) = read_oversights(tmp_path, 1)
    assert [hazard.gist for hazard in found.hazards] == [
        "a cache keeps Cart alive that nothing else refers to any more"
    ]
    written(tmp_path, f"{fits} ")
    assert read_oversights(tmp_path, 1) == (Oversight(),)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/tree/data/a.txt", "data/a.txt"),
        ("/treetop/a.txt", "/treetop/a.txt"),
        ("/tmp/x1/a.txt", "temporary a.txt"),
        ("/var/tmp/x1/a.txt", "temporary a.txt"),
        ("/private/tmp/a.txt", "temporary a.txt"),
        ("/private/var/folders/q/a.txt", "temporary a.txt"),
        ("/home/tmp/a.txt", "/home/tmp/a.txt"),
    ],
)
def test_files_are_named_as_the_project_names_them(tmp_path: Path, path: str, told: str) -> None:
    written(tmp_path, line("reads", about="file", what=path), line("effect", about="write", what=path))
    (found,) = read_oversights(tmp_path, 1, Path("/tree"))
    assert found.doubts[0].names == (told,)
    assert found.hazards[0].detail == f"a repeated call changes files ({told}); a cached one would not"


def test_without_a_tree_paths_stay(tmp_path: Path) -> None:
    written(tmp_path, line("reads", about="file", what="/tree/a.txt"))
    assert read_oversights(tmp_path, 1)[0].doubts[0].names == ("/tree/a.txt",)


def test_the_worst_kind_comes_first_and_only_so_many_are_told() -> None:
    many = [seen("effect", about=f"kind {number}") for number in range(HAZARDS_LIMIT + 3)]
    found = oversight([*many, seen("stale")]).hazards
    assert len(found) == HAZARDS_LIMIT
    order = [list(HazardKind).index(hazard.kind) for hazard in found]
    assert order == sorted(order)


def test_the_same_is_told_once_and_with_its_test_if_there_is_one() -> None:
    (once,) = oversight([seen("leak", what="A"), seen("leak", what="B", test="t")]).hazards
    assert (once.test, once.gist) == ("t", "a cache keeps B alive that nothing else refers to any more")
    for kind, field, count in (
        ("effect", "about", 2),
        ("global", "about", 2),
        ("stale", "cause", 2),
        ("typed", "cause", 2),
        ("argument", "argument", 1),
        ("refused", "argument", 1),
    ):
        pair = [seen(kind, **{field: value}) for value in ("state", "coarse")]
        assert len(oversight(pair).hazards) == count, kind
        assert len(oversight([pair[0], pair[0]]).hazards) == 1


def test_a_result_that_knows_what_it_read_is_not_explained_by_others() -> None:
    (own,) = oversight([seen("stale", reads=["clock"]), seen("reads", about="file")]).hazards
    assert own.gist == "equal arguments gave different results; it reads the clock"
    (both,) = oversight([seen("stale"), *(seen("reads", about=about) for about in ("locale", "cwd"))]).hazards
    assert (
        both.gist == "equal arguments gave different results; it reads the current directory and the locale"
    )


def test_one_doubt_a_kind_of_hidden_input_in_the_order_of_the_list() -> None:
    found = doubts(
        seen("reads", about="file", what="b"),
        seen("reads", about="clock"),
        seen("reads", about="unheard of", what="x"),
        seen("reads", about="file", what="a", where="load, a.py:3"),
        seen("reads", about="file", what="b", where="load, a.py:9"),
    )
    assert found == (
        Doubt(Topic.CLOCK, Grounds.SEEN),
        Doubt(Topic.FILE, Grounds.SEEN, ("b", "a"), "load, a.py:3"),
    )


def test_only_so_many_names_are_told() -> None:
    names = [f"n{number}" for number in range(NAMES_LIMIT + 2)]
    for kind, field in (("reads", "what"), ("changed", "what"), ("identity", "what")):
        (doubt,) = doubts(*(seen(kind, about="file", **{field: name}) for name in names))
        assert doubt.names == tuple(names[:NAMES_LIMIT]), kind


def test_what_changed_between_calls_is_one_doubt_told_by_the_first() -> None:
    found = doubts(
        seen(
            "changed", what="options.a", before="1", after="2", where="f, a.py:1", test="t2", first_test="t1"
        ),
        seen("changed", what="options.b", before="3", after="4", where="g, a.py:9"),
        seen("changed", what="options.a", before="2", after="5"),
    )
    by = "`1` in `t1`, then `2` in `t2`"
    assert found == (Doubt(Topic.CHANGED, Grounds.SEEN, ("options.a", "options.b"), "f, a.py:1", by=by),)


def test_what_cannot_be_read_is_one_doubt() -> None:
    found = doubts(
        seen("opaque", argument="rows", what="a generator"), seen("opaque", argument="other", what="a lock")
    )
    assert found == (Doubt(Topic.OPAQUE, Grounds.SEEN, ("rows",), by="a generator"),)


def test_what_results_are_is_told_by_class_or_by_what_they_remembered() -> None:
    by_class = seen("lazy", what="QuerySet", place=".a", before="1", after="2")
    assert doubts(by_class) == (Doubt(Topic.LAZY, Grounds.SEEN, ("QuerySet",)),)
    remembered = seen("lazy", place="._rows", before="none", after="3 items")
    assert doubts(remembered, by_class) == (Doubt(Topic.LAZY, Grounds.SEEN, ("_rows", "none", "3 items")),)
    lock = seen("identity", what="Lock")
    assert doubts(by_class, lock, lock) == (
        Doubt(Topic.LAZY, Grounds.SEEN, ("QuerySet",)),
        Doubt(Topic.IDENTITY, Grounds.SEEN, ("Lock",)),
    )


@pytest.mark.parametrize(
    ("compared", "unknown", "doubted"), [(0, 0, False), (3, 2, False), (3, 3, True), (1, 1, True)]
)
def test_results_that_were_never_compared_are_doubted(compared: int, unknown: int, doubted: bool) -> None:
    found = doubts(tally(compared=compared, unknown=unknown))
    assert found == ((Doubt(Topic.INCOMPARABLE, Grounds.SEEN),) if doubted else ())
    assert Topic.INCOMPARABLE not in {
        doubt.topic
        for doubt in doubts(tally(compared=compared, unknown=unknown), seen("identity", what="Lock"))
    }


@pytest.mark.parametrize(
    ("hits", "observed", "doubted"),
    [
        (2, [], True),
        (1, [tally(watched=1)], True),
        (2, [tally(compared=1)], False),
        (2, [seen("reads", about="cwd")], False),
        (2, [seen("refused")], False),
        (0, [], False),
        (None, [], False),
    ],
)
def test_repeated_calls_of_which_none_was_compared_are_doubted(
    hits: int | None, observed: list[Observation], doubted: bool
) -> None:
    found = uncompared(oversight(observed), hits)
    assert found == ((Doubt(Topic.UNCOMPARED, Grounds.SEEN),) if doubted else ())


def test_the_last_counts_of_each_process_and_instance_count() -> None:
    found = oversight(
        [
            tally(process=1, compared=2, watched=1, spent=10**9),
            tally(process=1, compared=5, watched=3, spent=3 * 10**9),
            tally(process=1, instance=1, compared=7, spent=2 * 10**9),
            tally(process=2, compared=1, watched=4, spent=5 * 10**8),
        ]
    )
    assert (found.compared, found.watched, found.seconds) == (13, 7, 3.5)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"compared": 9}, ()),
        (
            {"compared": 4000, "unknown": 1200},
            ("1,200 of 4,000 repeated results could not be compared whole.",),
        ),
        ({"compared": 2, "unknown": 2}, ()),
        ({"compared": 9, "partial": 2}, ("2 of 9 repeated results were too large to be compared whole.",)),
        (
            {"left_out": 1},
            ("1 call was not checked for results that differ, to keep the observed run short.",),
        ),
        (
            {"left_out": 1234},
            (
                (
                    "1,234 different calls were not checked for results that differ, to keep the observed "
                    "run short."
                ),
            ),
        ),
    ],
)
def test_what_was_not_looked_at_is_told(counts: dict[str, int], told: Sequence[str]) -> None:
    assert oversight([tally(**counts)]).remarks == tuple(told)


topics = st.sampled_from(list(Topic))
some_doubts = st.lists(st.builds(Doubt, topics, st.sampled_from(list(Grounds)), st.tuples(st.text()))).map(
    tuple
)


@given(some_doubts, some_doubts)
def test_what_was_seen_is_not_told_again_as_a_suspicion(
    seen: tuple[Doubt, ...], suspected: tuple[Doubt, ...]
) -> None:
    found = joined(seen, suspected)
    assert found[: len(seen)] == seen
    known = {doubt.topic for doubt in seen}
    assert found[len(seen) :] == tuple(doubt for doubt in suspected if doubt.topic not in known)


def test_a_suspicion_that_was_seen_is_dropped_and_another_one_kept() -> None:
    watched = Doubt(Topic.FILE, Grounds.SEEN, ("a.txt",))
    same, other = Doubt(Topic.FILE, Grounds.STATIC, ("open",)), Doubt(Topic.CLOCK, Grounds.STATIC, ("time",))
    assert joined((watched,), (same, other)) == (watched, other)
    assert joined((), (same, other)) == (same, other)
