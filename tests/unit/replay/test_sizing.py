"""Which sizes are looked at and which one is advised, by examples on both sides of each limit."""

from dataclasses import replace

import pytest

from hitrate.evidence import CurvePoint
from hitrate.replay.sizing import advised_size, knee, memory, sizes_to_look_at
from hitrate.trace.usage import Usage

MEGABYTE = 1 << 20


def curve(*savings: float) -> list[CurvePoint]:
    """Sizes 1, 2, 4 … with these savings."""
    return [CurvePoint(1 << place, 0.5, saved) for place, saved in enumerate(savings)]


@pytest.mark.parametrize(
    ("savings", "size"),
    [
        ((0.0, 94.9, 95.0, 100.0), 4),
        ((95.0, 100.0), 1),
        ((94.0, 100.0), 2),
        ((50.0, 100.0, 40.0), 2),
        ((-1.0, 0.5), 2),
        ((0.0, -1.0), None),
        ((-1.0,), None),
        ((), None),
    ],
)
def test_the_knee_saves_95_hundredths_of_the_best(savings: tuple[float, ...], size: int | None) -> None:
    assert knee(curve(*savings)) == size


@pytest.mark.parametrize(
    ("keys", "recorded", "size", "sizes"),
    [
        (1, 9, None, (1,)),
        (0, 9, None, (1,)),
        (5, 9, None, (1, 2, 4, 8)),
        (8, 9, 100, (1, 2, 4, 8, 100)),
        (9, 9, 2, (1, 2, 4, 8, 16)),
        (5, 999_999, 0, (1, 2, 4, 8)),
        (5, 1_000_000, None, (1, 4, 16)),
        (5_000_000, 1_000_000, None, tuple(4**power for power in range(11))),
        (5_000_000, 9, None, tuple(2**power for power in range(21))),
    ],
)
def test_the_curve_has_powers_of_two_until_all_keys_fit(
    keys: int, recorded: int, size: int | None, sizes: tuple[int, ...]
) -> None:
    assert sizes_to_look_at(Usage(most_keys=keys, recorded=recorded), size) == sizes


def usage(keys: int, entry_bytes: float | None = 0.0) -> Usage:
    return Usage(recorded=1, most_keys=keys, entry_bytes=entry_bytes)


EARLY = curve(100.0, *[100.0] * 9)
"""All of it is saved by the smallest of the sizes up to 512."""


@pytest.mark.parametrize(
    ("keys", "own_keys", "size"),
    [
        (5, False, 8),
        (128, False, 128),
        (129, False, 128),
        (300, False, 128),
        (300, True, 512),
        (9999, True, 512),
    ],
)
def test_all_keys_fit_up_to_the_usual_size_or_whatever_their_number(
    keys: int, own_keys: bool, size: int
) -> None:
    assert advised_size(EARLY, usage(keys), own_keys=own_keys) == size


def test_what_no_size_saves_has_none() -> None:
    assert advised_size(curve(-1.0, 0.0), usage(5)) is None


def test_the_knee_is_never_gone_below() -> None:
    assert advised_size(curve(*[0.0] * 9, 100.0), usage(5)) == 512


def test_a_size_is_raised_only_while_it_takes_little_memory() -> None:
    each = MEGABYTE / 64
    assert advised_size(EARLY, usage(128, entry_bytes=each - 150)) == 64
    assert advised_size(EARLY, usage(128, entry_bytes=each - 149)) == 32
    assert advised_size(EARLY, usage(60, entry_bytes=MEGABYTE / 60 - 150)) == 64
    assert advised_size(EARLY, usage(128, entry_bytes=None)) == 128
    assert advised_size(EARLY, usage(128, entry_bytes=MEGABYTE)) == 1


def test_a_cache_takes_its_entries_and_what_they_hold() -> None:
    known = usage(100, entry_bytes=850.4)
    assert memory(known, 10) == 10_004
    assert memory(known, 100) == memory(known, 4096) == memory(known, None) == 100_040
    assert memory(replace(known, entry_bytes=None), 10) is None


def test_roughly_is_the_size_in_question_and_one_for_all_keys() -> None:
    usage = Usage(recorded=1_000, most_keys=300)
    assert sizes_to_look_at(usage, 128, roughly=True) == (128, 512)
    assert sizes_to_look_at(usage, None, roughly=True) == (512,)
    assert set(sizes_to_look_at(usage, 128, roughly=True)) <= set(sizes_to_look_at(usage, 128))
