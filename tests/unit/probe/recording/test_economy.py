"""Which functions are worth being recorded."""

from hypothesis import given
from hypothesis import strategies as st

from hitrate.probe.recording import economy
from hitrate.probe.recording.economy import Account

SECOND = 1_000_000_000
EACH = 700.0
COSTS = (300.0, 400.0, 50.0, 100.0)


def account(calls: int, spent: int, extra: int = 0) -> Account:
    made = Account()
    for _ in range(10):
        made.add(calls // 10, spent)
    made.extra = extra
    return made


def test_a_function_that_takes_little_time_is_dispensable_and_one_that_matters_is_not() -> None:
    accounts = {
        "cheap": account(10_000, 1_000),
        "long": account(10, 20_000_000),
        "rare": account(10, 1_000),
        "matters": account(10_000, 1_000),
    }
    accounts["matters"].matters = True
    # Of ten seconds 10 ms are little, 200 ms are not; what is rare costs nothing worth speaking of.
    assert economy.dispensable(accounts, EACH, 10 * SECOND) == ["cheap"]


def test_what_recording_itself_takes_is_no_time_of_the_function() -> None:
    accounts = {"f": account(50_000, 800)}
    assert economy.dispensable(accounts, EACH, 10 * SECOND) == ["f"]  # 5 ms of its own, not 40
    assert economy.dispensable(accounts, 1.0, 10 * SECOND) == []


def test_the_dearest_for_their_time_go_first_and_only_until_the_others_may_go_on() -> None:
    accounts = {
        "long": account(1_000, 1_000_000),
        "short": account(1_000_000, 2_000),
        "shorter, of new keys": account(100_000, 2_000, extra=SECOND),
    }
    assert economy.dearest(accounts, EACH, 0.35 * SECOND, 1000 * SECOND) == ["shorter, of new keys", "short"]
    assert economy.dearest(accounts, EACH, 1.1 * SECOND, 1000 * SECOND) == ["shorter, of new keys"]
    assert economy.dearest(accounts, EACH, 5.1 * SECOND, 1000 * SECOND) == []
    assert len(economy.dearest(accounts, EACH, -1.0, 10_000_000)) == 3  # nothing takes more than there is
    # What was spent is to be made up for, but nothing is won by those that cost next to nothing.
    assert economy.dearest(accounts, EACH, -1.0, 1000 * SECOND) == ["shorter, of new keys", "short"]


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**7), st.integers(0, 10**9)), max_size=8),
    st.floats(0, 10**11),
)
def test_what_is_still_recorded_costs_no_more_than_it_may(
    functions: list[tuple[int, int, int]], room: float
) -> None:
    accounts = {
        place: account(10 * calls, spent, extra) for place, (calls, spent, extra) in enumerate(functions)
    }
    gone = economy.dearest(accounts, EACH, room, 1000 * SECOND)
    kept = [each for place, each in accounts.items() if place not in gone]
    dear = [each for each in kept if each.cost(EACH) > economy.SMALL * max(1, each.spent)]
    assert not dear or sum(each.cost(EACH) for each in kept) <= room + 1e-3  # added in another order


def test_what_is_recorded_has_to_be_read_too() -> None:
    free = economy.READ_FREE
    assert economy.cost_of(free, EACH) == free * EACH
    assert economy.cost_of(3 * free, EACH) == 3 * free * EACH + 2 * free * economy.READING


def test_only_enough_calls_settle_a_function() -> None:
    few, many, slow = Account(), Account(), Account()
    for _ in range(economy.ENOUGH):
        many.add(1, 350)
        slow.add(1, 500)
    few.add(1, 350)
    assert (few.is_settled(COSTS), many.is_settled(COSTS), slow.is_settled(COSTS)) == (False, True, False)
