"""The order of functions: worst news first."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.report.content.ranking import BRIEF, NEWS, Rank, having, label, mark, rank, ranked
from hitrate.report.model import AcknowledgementReport, FunctionReport
from hitrate.vocabulary import Kind, Verdict
from tests.unit import reports

FUNCTIONS = [
    (reports.wrong(), Rank.WRONG),
    (reports.existing(Verdict.DROP), Rank.DROP),
    (reports.existing(Verdict.RESIZE), Rank.RESIZE),
    (reports.doubted(), Rank.DOUBTED),
    (reports.win(), Rank.CACHE),
    (reports.inconclusive(), Rank.INCONCLUSIVE),
    (reports.inconclusive(doubted=True), Rank.INCONCLUSIVE),
    (reports.doubted(doubted=False), Rank.INCONCLUSIVE),
    (reports.tempting(), Rank.UNSAFE),
    (reports.existing(Verdict.KEEP), Rank.KEEP),
    (reports.not_worth_it(), Rank.NOT_WORTH_IT),
    (reports.ineligible(), Rank.INELIGIBLE),
    (reports.wrong(acknowledged=AcknowledgementReport()), Rank.ACKNOWLEDGED),
]


@pytest.mark.parametrize(("function", "expected"), FUNCTIONS)
def test_how_bad_the_news_is(function: FunctionReport, expected: Rank) -> None:
    assert rank(function) is expected


@given(st.lists(st.integers(0, len(FUNCTIONS) - 1), max_size=12, unique=True), st.randoms())
def test_worst_news_come_first_in_whatever_order_they_were_found(
    places: list[int], order: random.Random
) -> None:
    functions = [FUNCTIONS[place][0].model_copy(update={"line": place + 1}) for place in places]
    shuffled = list(functions)
    order.shuffle(shuffled)
    found = ranked(reports.report(functions))
    assert found == ranked(reports.report(shuffled))
    assert [rank(each) for each in found] == sorted(rank(each) for each in functions)
    assert having(reports.report(functions), *NEWS) == [each for each in found if rank(each) in NEWS]


def test_of_the_same_news_what_saves_most_comes_first() -> None:
    little, much = reports.win(line=1, saved_seconds=1.0), reports.win(line=2, saved_seconds=9.0)
    unknown = reports.win(line=3, saved_seconds=None)
    assert [each.line for each in ranked(reports.report([unknown, little, much]))] == [2, 1, 3]


def test_everything_that_is_no_news_has_a_list() -> None:
    assert set(BRIEF) | NEWS | {Rank.ACKNOWLEDGED} == set(Rank)
    assert not set(BRIEF) & NEWS


def test_every_verdict_has_a_sign_and_words() -> None:
    for verdict in Verdict:
        function = reports.win(verdict=verdict, kind=Kind.NEW)
        assert len(mark(function)) == 1
        assert label(function).replace(" ", "-") == verdict.value
