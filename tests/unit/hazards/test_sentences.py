"""What the oracle saw, in words: a few for one line, and all the evidence."""

from typing import Any

import pytest

from hitrate.hazards.changes import change_of_input
from hitrate.hazards.observations import OBSERVATION, Observation, Stale
from hitrate.hazards.oversight import oversight
from hitrate.hazards.sentences import (
    doubt_gist,
    doubt_sentence,
    hazard_of,
    warning_sentence,
)
from hitrate.source.doubt import Doubt, Grounds, Topic

VALUES = {"before": "'old'", "after": "'new'", "first": "('first',)", "first_test": "tests/a.py::test_first"}


def seen(kind: str, **fields: Any) -> Observation:
    line = {"slot": 0, "kind": kind, "test": "tests/b.py::test_b", "key": "('n',)"}
    return OBSERVATION.validate_python({**line, **VALUES, **fields})


@pytest.mark.parametrize(
    ("observation", "gist"),
    [
        (seen("aliased"), "what it returns is changed afterwards"),
        (
            seen("one-shot", what="a generator"),
            "it returns a generator, which only its first receiver can use",
        ),
        (seen("stale"), "equal arguments gave different results"),
        (seen("stale", reads=["clock"]), "equal arguments gave different results; it reads the clock"),
        (seen("stale", cause="state", argument="self"), "self changes between calls, and so does the result"),
        (
            seen("stale", cause="coarse", argument="Cart(7)"),
            "arguments that are equal but not the same gave different results",
        ),
        (seen("typed"), "equal arguments of different types gave different results"),
        (
            seen("effect", about="log", where="a.py:3"),
            "a repeated call writes to the log; a cached one would not",
        ),
        (seen("argument", argument="rows"), "a repeated call changes its argument rows"),
        (seen("global", about="shop.COUNT"), "a repeated call changes shop.COUNT"),
        (
            seen("refused", type="list", argument="rows"),
            "a call passes list as rows, which cannot be hashed",
        ),
        (
            seen("refused", type="Vague", argument="rows", why="compared"),
            "a call passes Vague as rows, which raises when it is compared",
        ),
        (seen("leak", what="Cart"), "a cache keeps Cart alive that nothing else refers to any more"),
    ],
)
def test_a_few_words_tell_what_and_leave_the_values_to_the_detail(
    observation: Observation, gist: str
) -> None:
    hazard = hazard_of(observation)
    assert hazard is not None
    assert hazard.gist == gist
    assert not any(value in gist for value in VALUES.values())


def test_values_and_tests_of_the_detail_are_marked_as_code() -> None:
    hazard = hazard_of(seen("stale", place=".['fuel']", before="0.12", after="'`'"))
    assert hazard is not None
    assert hazard.detail == (
        "equal arguments gave different results (`['fuel']: 0.12`, then `'ˋ'`, first in "
        "`tests/a.py::test_first`); it depends on something that is not among its arguments"
    )


def test_a_changed_result_is_explained_by_what_other_calls_read() -> None:
    reads = OBSERVATION.validate_python({"slot": 0, "kind": "reads", "about": "file", "what": "rates.json"})
    (hazard,) = oversight([seen("stale"), reads]).hazards
    assert hazard.detail.endswith("; it reads files")
    assert hazard.remedy == "pass what it reads as an argument"
    (alone,) = oversight([seen("stale")]).hazards
    assert alone.remedy == "pass what it depends on as an argument"


CHANGE = "`'old'`, then `'new'`"


@pytest.mark.parametrize(
    ("observation", "detail", "remedy"),
    [
        (
            seen("aliased", place=".rows"),
            (
                "a result was changed after it was returned (`rows: 'old'`, then `'new'`); a cache hands the "
                "changed object to the next caller"
            ),
            "return a copy, or something immutable such as a tuple",
        ),
        (
            seen("one-shot"),
            "it returns an iterator, which only its first receiver can use",
            "return a tuple of its items",
        ),
        (
            seen("one-shot", what="a coroutine"),
            "it returns a coroutine, which only its first receiver can use",
            "cache what it awaits",
        ),
        (
            seen("stale", cause="state", argument="self"),
            f"self had changed between two calls, and so had the result ({CHANGE})",
            "pass the attributes that matter as arguments, or clear the cache with them",
        ),
        (
            seen("stale", cause="coarse", argument="Cart(7)", first="Cart(8)"),
            (
                f"two equal arguments are not the same (`Cart(7)`; first `Cart(8)`) and gave "
                f"different results ({CHANGE})"
            ),
            "make __eq__ and __hash__ tell them apart, or pass what tells them apart",
        ),
        (
            seen("stale", reads=["clock", "unheard of", "file"], first_test=None),
            f"equal arguments gave different results ({CHANGE}); it reads the clock and files",
            "pass what it reads as an argument",
        ),
        (
            seen("stale", first_test="tests/b.py::test_b"),
            (
                f"equal arguments gave different results ({CHANGE}); it depends on something that "
                f"is not among "
                "its arguments"
            ),
            "pass what it depends on as an argument",
        ),
        (
            seen("typed"),
            f"equal arguments of different types (first `('first',)`) gave different results ({CHANGE})",
            "typed=True",
        ),
        (
            seen("typed", cause="nested types"),
            f"equal arguments of different types (first `('first',)`) gave different results ({CHANGE})",
            "convert them to one type first; typed=True does not look inside arguments",
        ),
        (
            seen("effect", about="write", what="a.txt", where="save, a.py:3"),
            "a repeated call changes files (a.txt, save, a.py:3); a cached one would not",
            "move that out of the function and cache the rest",
        ),
        (
            seen("effect", about="unheard of"),
            "a repeated call does more than return; a cached one would not",
            "do that outside of the function and pass what comes of it as an argument",
        ),
        (
            seen("effect", about="network", what="a.example"),
            "a repeated call talks to the network (a.example); a cached one would not",
            "do that outside of the function and pass what comes of it as an argument",
        ),
        (
            seen("global", about="shop.ORDERS.unfinished_tasks", gives="Queue"),
            f"a repeated call changes shop.ORDERS.unfinished_tasks ({CHANGE}); a cached one would not",
            "do that outside of the function and pass what comes of it as an argument",
        ),
        (
            seen("argument", argument="rows"),
            f"a repeated call changes its argument rows ({CHANGE}); a cached one would not",
            "return the change instead of making it",
        ),
        (
            seen("global", about="shop.COUNT"),
            f"a repeated call changes shop.COUNT ({CHANGE}); a cached one would not",
            "move that out of the function and cache the rest",
        ),
        (
            seen("refused", type="list", argument="rows"),
            "a call passes list as rows, which cannot be hashed: a cache raises TypeError",
            "pass a tuple",
        ),
        (
            seen("refused", type="Cart", argument="cart"),
            "a call passes Cart as cart, which cannot be hashed: a cache raises TypeError",
            "make Cart hashable, or pass a key for it",
        ),
        (
            seen("refused", type="Cart", argument="cart", raises="TypeError"),
            "a call passes Cart as cart, which cannot be hashed: a cache raises TypeError",
            "make Cart hashable, or pass a key for it",
        ),
        (
            seen("refused", type="Cart", argument="cart", raises="RuntimeError"),
            (
                "a call passes Cart as cart, which raises RuntimeError when it is hashed: so does a cache "
                "that looks for it"
            ),
            "make __hash__ of Cart give a number, or pass a key for it",
        ),
        (
            seen("leak", what="Cart"),
            "a cache keeps Cart alive that nothing else refers to any more",
            (
                "cache per instance (cached_property, or a dict in the instance), or cache a "
                "function without self"
            ),
        ),
    ],
)
def test_each_hazard_says_what_was_seen_and_what_to_do(
    observation: Observation, detail: str, remedy: str
) -> None:
    hazard = hazard_of(observation)
    assert (hazard.detail, hazard.remedy) == (detail, remedy)
    assert (hazard.test, hazard.key) == ("tests/b.py::test_b", "('n',)")
    assert hazard.shares is (observation.kind == "aliased")


@pytest.mark.parametrize(
    ("about", "does"),
    [
        ("output", "writes to standard output or error"),
        ("warning", "gives a warning"),
        ("process", "starts or signals a process"),
        ("network", "talks to the network"),
        ("thread", "starts a thread"),
        ("system", "changes the process"),
        ("input", "reads standard input"),
    ],
)
def test_effects_are_named(about: str, does: str) -> None:
    assert hazard_of(seen("effect", about=about)).gist == f"a repeated call {does}; a cached one would not"


def test_escapes_of_a_terminal_are_taken_out_of_all_that_a_process_wrote() -> None:
    wild = "\x1b[31mred\x1b[0m"
    hazard = hazard_of(seen("leak", what=wild, test=wild, key=wild))
    assert "\x1b" not in f"{hazard.detail}{hazard.gist}{hazard.remedy}{hazard.test}{hazard.key}"
    assert (hazard.test, hazard.key) == ("red", "red")
    none = hazard_of(seen("leak", what="Cart", test=None, key=None))
    assert (none.test, none.key) == (None, None)


TRIED = Grounds.TRIED


@pytest.mark.parametrize(
    ("doubt", "sentence", "gist"),
    [
        (
            Doubt(Topic.FILE, Grounds.SEEN, ("a", "b"), "load, a.py:3"),
            (
                "it reads files (a and b) in load, a.py:3, which a cached result would not follow; if it can "
                "change, pass it as an argument"
            ),
            "it reads files",
        ),
        (
            Doubt(Topic.LIVE, Grounds.SEEN, ("/dev", "/dev/pts"), "terminals, a.py:3"),
            (
                "it reads how the system is now (/dev and /dev/pts) in terminals, a.py:3; all callers get "
                "what the first one found there"
            ),
            "it reads how the system is now",
        ),
        (
            Doubt(Topic.ENDED, Grounds.SEEN, ("Pool",)),
            "it handed out a `Pool` that had been closed before; clear the cache where it is closed",
            "it handed out a `Pool` that had been closed before",
        ),
        (
            Doubt(Topic.CLOCK, Grounds.SEEN),
            (
                "it reads the clock, which a cached result would not follow; if it can change, pass "
                "it as an argument"
            ),
            "it reads the clock",
        ),
        (
            Doubt(Topic.CLOCK, Grounds.STATIC, ("time.time",), "line 3", via="now"),
            "it reads the clock (time.time) through now (line 3)",
            "it reads the clock",
        ),
        (
            Doubt(Topic.ONE_SHOT, Grounds.STATIC, ("a generator",), "line 3", via="walk"),
            "it returns a generator, which only its first receiver can use through walk (line 3)",
            "it returns a generator",
        ),
        (
            Doubt(Topic.LAZY, Grounds.SEEN, ("QuerySet",)),
            (
                "what it returns reads when it is used, and remembers that (`QuerySet`); a cache "
                "hands what the "
                "first one read to all"
            ),
            "what it returns reads when it is used, and remembers that",
        ),
        (
            Doubt(Topic.LAZY, Grounds.SEEN, ("rows", "none", "3 items")),
            (
                "what it returns reads when it is used, and remembers that (`rows: none`, then "
                "`3 items`); a cache "
                "hands what the first one read to all"
            ),
            "what it returns reads when it is used, and remembers that",
        ),
        (
            Doubt(Topic.IDENTITY, Grounds.SEEN, ("Lock", "Event")),
            "each call makes its own `Lock` and `Event`; with a cache, all callers share one",
            "each call makes its own `Lock` and `Event`",
        ),
        (
            Doubt(Topic.CHANGED, Grounds.SEEN, ("options.a",), "f, a.py:1", by="`1`, then `2`"),
            (
                "it reads options.a, which changed during the tests (`1`, then `2`); it is read "
                "in f, a.py:1; "
                "pass it as an argument"
            ),
            "it reads options.a, which changed during the tests",
        ),
        (
            Doubt(Topic.CHANGED, Grounds.SEEN, ("options.a",), by="`1`, then `2`"),
            ("it reads options.a, which changed during the tests (`1`, then `2`); pass it as an argument"),
            "it reads options.a, which changed during the tests",
        ),
        (
            Doubt(Topic.CHANGED, Grounds.SEEN, ("A", "b.c"), "f, a.py:1", by="`1`, then `2`"),
            (
                "it reads A and b.c, which changed during the tests (A: `1`, then `2`, read in f, a.py:1); "
                "pass them as arguments"
            ),
            "it reads A and b.c, which changed during the tests",
        ),
        (
            Doubt(Topic.CHANGED, Grounds.SEEN, ("A", "b.c"), by="`1`, then `2`"),
            "it reads A and b.c, which changed during the tests (A: `1`, then `2`); pass them as arguments",
            "it reads A and b.c, which changed during the tests",
        ),
        (
            Doubt(Topic.OPAQUE, Grounds.SEEN, ("rows",), by="a generator"),
            (
                "a repeated call is given the same generator as rows, which may have moved on "
                "since; a cached one "
                "would not move it"
            ),
            (
                "a repeated call is given the same generator as rows, which may have moved on "
                "since; a cached one "
                "would not move it"
            ),
        ),
        (
            Doubt(Topic.INCOMPARABLE, Grounds.SEEN),
            "its results are of a kind that could not be compared",
            "its results are of a kind that could not be compared",
        ),
        (
            Doubt(Topic.RANDOM, Grounds.SEEN, (), "pick, pick.py:3"),
            (
                "it reads random numbers in pick, pick.py:3; with a cache, all callers get those of the "
                "first call"
            ),
            "it reads random numbers",
        ),
        (
            Doubt(Topic.OUTDATED, Grounds.SEEN, by="`port: 1`, then `2`"),
            (
                "what it made on its first call would be another one later in the tests "
                "(`port: 1`, then `2`); clear the cache where its settings change"
            ),
            "what it made on its first call would be another one later in the tests",
        ),
        (
            Doubt(Topic.SLOWER, TRIED),
            "the tests got slower with its cache",
            "the tests got slower with its cache",
        ),
        (
            Doubt(Topic.ENTANGLED, TRIED, ("test_a fails",)),
            "test_a fails with all candidates cached; effort standard tells which breaks it",
            "test_a fails with all candidates cached",
        ),
        (Doubt(Topic.BROKEN, TRIED, ("Test a fails.",)), "test a fails", "test a fails"),
        (
            Doubt(Topic.GROWN, Grounds.STATIC, ("ROWS",), "line 3", via="f", by="add"),
            "it reads ROWS, whose items add changes through f (line 3)",
            "it reads ROWS, whose items add changes",
        ),
        (
            Doubt(Topic.SHARED, Grounds.STATIC, ("a list",), "line 3"),
            "it returns a list, which every caller would share (a list) (line 3)",
            "it returns a list, which every caller would share",
        ),
    ],
)
def test_each_doubt_has_its_sentence_and_its_few_words(doubt: Doubt, sentence: str, gist: str) -> None:
    assert doubt_sentence(doubt) == sentence
    assert doubt_gist(doubt) == gist


@pytest.mark.parametrize(
    ("warning", "told"),
    [
        (Doubt(Topic.FILE, Grounds.STATIC, ("open",), via="load"), "reads files (open) through load"),
        (Doubt(Topic.OUTPUT, Grounds.STATIC, ("print",)), "writes output (print)"),
        (Doubt(Topic.GLOBAL, Grounds.STATIC, ("RATE",), by="set_rate"), "reads RATE, which set_rate changes"),
        (Doubt(Topic.STATE, Grounds.STATIC, ("self.a",), by="reset"), "reads self.a, which reset sets"),
        (Doubt(Topic.GROWN, Grounds.STATIC, ("ROWS",), by="add"), "reads ROWS, whose items add changes"),
        (
            Doubt(Topic.ONE_SHOT, Grounds.STATIC, ("a generator",)),
            "returns a generator, which only its first receiver can use",
        ),
        (Doubt(Topic.SHARED, Grounds.STATIC, ("a list",)), "returns a list, which every caller would share"),
        (
            Doubt(Topic.DECORATOR, Grounds.STATIC, ("@app.get",)),
            "@app.get gets a cache instead of a function",
        ),
    ],
)
def test_each_warning_is_a_predicate(warning: Doubt, told: str) -> None:
    assert warning_sentence(warning) == told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "`1`, then `2`"),
        ({"test": "t2"}, "`1`, then `2` in `t2`"),
        ({"test": "t", "first_test": "t"}, "`1`, then `2` in `t`"),
        ({"test": "t2", "first_test": "t1"}, "`1` in `t1`, then `2` in `t2`"),
    ],
)
def test_a_change_of_an_input_says_in_which_tests(fields: dict[str, str], told: str) -> None:
    line = {"slot": 0, "kind": "changed", "before": "1", "after": "2", **fields}
    assert change_of_input(OBSERVATION.validate_python(line)) == told


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"place": ".port"}, "`port: 1`, then `2` in `test_b`"),
        ({"reads": ("environment",)}, "`1`, then `2` in `test_b`"),
        ({"reads": ("cwd", "file"), "place": "[0]"}, "`[0]: 1`, then `2` in `test_b`"),
        ({}, ""),
        ({"place": "[0]"}, ""),
        ({"place": "['port']"}, "`['port']: 1`, then `2` in `test_b`"),
        ({"place": "['port'][0]"}, "`['port'][0]: 1`, then `2` in `test_b`"),
        ({"place": "[5]"}, ""),
        ({"place": "['port']", "reads": ("clock",)}, ""),
        ({"place": ".port", "reads": ("clock",)}, ""),
        ({"reads": ("environment", "random")}, ""),
        ({"place": ".port", "cause": "state"}, ""),
    ],
)
def test_only_what_is_made_of_settings_is_outdated(change: dict[str, Any], expected: str) -> None:
    told = {"cause": "hidden", "test": "test_b", "before": "1", "after": "2"}
    seen = Stale.model_validate({"slot": 0, "kind": "stale", **told, **change})
    assert hazard_of(seen).outdated == expected
