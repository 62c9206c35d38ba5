"""When a function whose cache answered is run once more."""

from typing import Any

import pytest

from hitrate.probe.oracle.following.rerun import AFTER_OTHERS, FEW, ONCE, QUICK, Rerun


@pytest.fixture
def rerun() -> Rerun:
    return Rerun(test_a_quick_one_is_run_for_every_key, Any)  # type: ignore[arg-type]


def test_a_quick_one_is_run_for_every_key(rerun: Rerun) -> None:
    assert all(rerun.is_affordable(number, QUICK, poor=False) for number in range(100))


def test_one_that_seems_slow_is_run_once_to_see(rerun: Rerun) -> None:
    assert rerun.is_affordable(1, ONCE, poor=False)
    assert not rerun.is_affordable(1, ONCE + 1, poor=False)
    rerun.known.add(1)
    assert rerun.is_affordable(2, AFTER_OTHERS, poor=False)
    rerun.slowest = QUICK + 1
    assert not rerun.is_affordable(2, QUICK + 1, poor=False)
    assert rerun.is_affordable(2, QUICK, poor=False)


def test_where_too_much_time_was_spent_few_keys_are_run_once_each(rerun: Rerun) -> None:
    run = []
    for number in [*range(3 * FEW), *range(3 * FEW)]:
        if rerun.is_affordable(number, QUICK, poor=True):
            rerun.known.add(number)
            run.append(number)
    assert run == [*range(FEW)]
