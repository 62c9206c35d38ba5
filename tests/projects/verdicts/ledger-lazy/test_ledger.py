import pytest
import ledger


@pytest.mark.parametrize("bookings", range(1, 70))
def test_entries_belong_to_the_account(bookings):
    ledger.ENTRIES.clear()
    ledger.ENTRIES.extend({"account": "cash", "amount": 5} for _ in range(bookings))
    assert ledger.of("cash").amount() % 5 == 0
