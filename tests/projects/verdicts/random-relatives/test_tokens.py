import random

import dice
import pytest
import tokens


def test_session():
    for _ in range(60):
        assert tokens.session("ada").startswith("ada-")


def test_ticket():
    for _ in range(60):
        assert tokens.ticket("fair").startswith("fair-")


def test_salt():
    for _ in range(60):
        assert len(tokens.salt("x")) == 8


def test_lottery():
    for _ in range(40):
        assert tokens.lottery("x") >= 0


def test_shuffled():
    for _ in range(60):
        assert sorted(tokens.shuffled("caterpillar")) == sorted("caterpillar")


@pytest.mark.parametrize("turn", range(60))
def test_jitter(turn):
    random.seed(11)
    assert tokens.jitter(10) == pytest.approx(10.452383)


def test_nonce():
    for _ in range(60):
        assert tokens.nonce(32) >= 0


def test_order():
    for _ in range(60):
        assert tokens.order("x").startswith("x")


def test_draw():
    for _ in range(60):
        assert 0 <= dice.DECK.draw(52) <= 52


def test_lucky():
    for _ in range(60):
        assert not tokens.lucky("ada")


def test_traced():
    for _ in range(60):
        assert not tokens.traced("ada")


def test_dropped():
    for _ in range(60):
        assert not tokens.dropped("ada")


def test_bonus():
    for _ in range(60):
        assert not tokens.bonus("ada")
