"""The curve that a small chart can show."""

from hypothesis import given
from hypothesis import strategies as st

from hitrate.report.content.curve import FLAT, POINTS, curve
from tests.unit import reports

rates = st.lists(st.floats(0, 1), max_size=40).map(sorted)


@given(rates, st.integers(0, 40), st.integers(0, 40))
def test_a_curve_rises_to_its_level_and_has_few_points(found: list[float], size: int, advised: int) -> None:
    rows = tuple((1 << place, rate, 0.0) for place, rate in enumerate(found))
    sizes = {"maxsize": 1 << size, "recommended_maxsize": 1 << advised}
    shown = curve(reports.win().model_copy(update={"curve": rows, **sizes}))
    if len(found) < 3 or found[-1] - found[0] < FLAT:
        assert shown is None
        return
    assert shown is not None
    assert len(shown.sizes) == len(shown.hit_rates) <= POINTS + 3
    assert list(shown.sizes) == sorted(set(shown.sizes))
    points = {1 << place: rate for place, rate in enumerate(found)}
    assert all(points[each] == rate for each, rate in zip(shown.sizes, shown.hit_rates, strict=True))
    assert shown.hit_rates[-1] >= found[-1] - FLAT / 2
    assert shown.sizes[0] == 1
    for wanted in (1 << size, 1 << advised):
        if wanted < shown.sizes[-1]:
            assert wanted in shown.sizes


def test_a_curve_ends_one_point_after_it_is_level() -> None:
    rows = ((1, 0.1, 0.0), (2, 0.5, 0.0), (4, 0.9, 0.0), (8, 0.9, 0.0), (16, 0.9, 0.0))
    shown = curve(reports.win().model_copy(update={"curve": rows, "maxsize": 128}))
    assert shown is not None
    assert shown.sizes == (1, 2, 4, 8)
