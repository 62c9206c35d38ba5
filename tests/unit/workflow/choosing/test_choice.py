"""Which job gets the step: what speaks for it is weighed against what speaks against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.choice import choose, described
from hitrate.workflow.choosing.recipe import Recipe
from hitrate.workflow.reading.reasons import NEVER, SURE, Point, Reason

RECIPE = Recipe("pytest")
GOOD = [point for point in Point if point.weight > 0]
BAD = [point for point in Point if NEVER < point.weight < 0]
EXCLUDING = [point for point in Point if Reason(point).excludes]


def candidate(
    *points: Point, job: str = "test", recipe: Recipe | None = RECIPE, seen: str = "x"
) -> Candidate:
    return Candidate("ci.yml", job, recipe, None, tuple(Reason(point, seen) for point in points))


@given(st.lists(st.sampled_from(GOOD + BAD), max_size=5, unique=True), st.sampled_from(EXCLUDING))
def test_weights_add_up_and_one_point_may_exclude(points: list[Point], excluding: Point) -> None:
    one = candidate(*points)
    assert one.weight == sum(point.weight for point in points)
    assert one.but(excluding, "").weight <= one.weight + NEVER
    assert one.but(excluding, "").has(excluding)


@given(st.lists(st.lists(st.sampled_from(list(Point)), max_size=3, unique=True), max_size=6))
def test_the_heaviest_comes_first_and_none_is_lost(jobs: list[list[Point]]) -> None:
    given_ones = [candidate(*points, job=str(number)) for number, points in enumerate(jobs)]
    choice = choose(given_ones)
    assert sorted((*choice.fitting, *choice.others), key=lambda one: int(one.job)) == given_ones
    weights = [one.weight for one in choice.fitting]
    assert weights == sorted(weights, reverse=True)
    assert not any(reason.excludes for one in choice.fitting for reason in one.reasons)
    assert choice.sure is None or (choice.sure is choice.fitting[0] and choice.sure.weight >= SURE)


def test_of_equals_the_first_is_taken() -> None:
    choice = choose([candidate(Point.NAMED, job="a"), candidate(Point.NAMED, job="b")])
    assert [one.job for one in choice.fitting] == ["a", "b"]


def test_without_a_recipe_none_may_be_taken() -> None:
    assert choose([candidate(*GOOD, recipe=None)]).fitting == ()


def test_what_is_said_of_a_job() -> None:
    excluding = EXCLUDING[0]
    assert described(candidate()) == ""
    assert "; but " not in described(candidate(GOOD[0]))
    both = described(candidate(GOOD[0], BAD[0]))
    assert both == f"{Reason(GOOD[0], 'x')}; but {Reason(BAD[0], 'x')}"
    assert (
        described(candidate(GOOD[0], BAD[0], excluding))
        == f"{Reason(GOOD[0], 'x')}; but {Reason(excluding, 'x')}"
    )


def test_of_many_jobs_the_rest_is_counted() -> None:
    lines = choose([candidate(Point.NAMED, job=str(number)) for number in range(11)]).listed()
    assert (len(lines), lines[-1]) == (9, "  and 3 more")
    assert lines[0].startswith("  ci.yml, job 0: ")


@pytest.mark.parametrize(
    ("systems", "expected"), [(["Windows"], True), (["Windows", "macOS"], False), ([], False)]
)
def test_whether_all_is_for_windows(systems: list[str], expected: bool) -> None:
    jobs = [candidate(Point.ELSEWHERE, seen=system) for system in systems]
    assert choose(jobs).windows_only is expected
    assert not choose([*jobs, candidate(Point.NAMED)]).windows_only
