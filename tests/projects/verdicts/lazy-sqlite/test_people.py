import pytest
import people


@pytest.mark.parametrize("number", range(60))
def test_older(number):
    people.DATABASE.execute("insert into people values (?, ?)", (f"p{number}", 20 + number))
    assert all(name.startswith("p") for (name,) in people.older(18))
