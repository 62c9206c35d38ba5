"""What the oracle saw, in words: a few for one line, and all the evidence."""

from typing import Any

import pytest

from hitrate.hazards.observations import OBSERVATION, Observation
from hitrate.hazards.oversight import oversight
from hitrate.hazards.sentences import hazard_of

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
