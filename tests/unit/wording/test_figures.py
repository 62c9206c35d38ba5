import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.wording.figures import (
    NBSP,
    count,
    fine_percent,
    listed,
    percent,
    percent_below,
    rounded,
    seconds,
    size,
    some,
    times,
)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "–"), (0, "0 %"), (1, "100 %"), (0.0004, "<0.1 %"), (0.004, "0.4 %"), (0.0099, "1.0 %"),
        (0.05, "5 %"), (0.965, "96 %"), (0.991, "99.1 %"), (0.9989, "99.9 %"), (0.99999, ">99.9 %"),
    ],
)  # fmt: skip
def test_percent(share: float | None, shown: str) -> None:
    assert percent(share).replace(NBSP, " ") == shown


@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_only_zero_is_shown_as_none_and_only_one_as_all(share: float) -> None:
    assert percent(share) not in (percent(0), percent(1))


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (None, "–"), (0, "0 s"), (3e-10, "<1 ns"), (5.2e-8, "52 ns"), (1.5e-6, "1.5 µs"), (0.00025, "250 µs"),
        (0.0011, "1.1 ms"), (0.9999, "1.0 s"), (9.94, "9.9 s"), (41.2, "41 s"), (119.4, "119 s"),
        (125, "2 min 5 s"), (7200, "120 min"), (-0.4, "−400 ms"),
    ],
)  # fmt: skip
def test_seconds(duration: float | None, shown: str) -> None:
    assert seconds(duration).replace(NBSP, " ") == shown


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_duration_has_a_short_text(duration: float) -> None:
    assert 0 < len(seconds(duration)) < 450


def test_other_figures() -> None:
    assert [size(amount).replace(NBSP, " ") for amount in (0, 1023, 1024, 76_800, 5 << 20, 3 << 40)] == [
        "0 B", "1023 B", "1.0 KiB", "75 KiB", "5.0 MiB", "3.0 TiB",
    ]  # fmt: skip
    assert [times(ratio) for ratio in (1.376, 28.2, 1234.5, None)] == ["1.38×", "28×", "1,234×", "–"]
    assert [count(number) for number in (0, 9120, None)] == ["0", "9,120", "–"]
    assert [some(number, "process", "processes") for number in (1, 2)] == ["1 process", "2 processes"]


def test_listed() -> None:
    assert [listed(list(names)) for names in ("", "a", "ab", "abc", "abcd")] == [
        "", "a", "a and b", "a, b and c", "a, b, c and 1 more",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "limit", "shown"),
    [
        (0.15, 0.2, "15 %"),
        (0.1967, 0.2, "19.7 %"),
        (0.1996, 0.2, "19.96 %"),
        (0.0198, 0.02, "1.98 %"),
        (0.2 - 1e-12, 0.2, "just below 20 %"),
        (0.0, 0.2, "0 %"),
    ],
)
def test_what_is_below_a_limit_does_not_read_as_the_limit(share: float, limit: float, shown: str) -> None:
    assert percent_below(share, limit).replace(NBSP, " ") == shown
    assert percent_below(share, limit) != fine_percent(limit)


def test_a_count_of_which_two_digits_matter() -> None:
    assert rounded(41234.5) == "41,000"
    assert rounded(0.04) == "0"
