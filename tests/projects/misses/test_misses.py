import pytest

import misses


def test_all_but_one():
    for number in range(40):
        misses.unread_argument(number % 2, number)
        misses.keyword_or_not(number)
        misses.keyword_or_not(number=number)
        misses.keyword_or_not(number, scale=1)
        misses.Thing("x").fresh_self(number % 2)
        misses.lists_too((1, 2))
        misses.lists_too([1, 2])
        misses.outer(number % 4)
        misses.remembers(number % 2)
        misses.never_hit(number)
        misses.earns_its_keep(number % 2)
        if number % 3:
            with pytest.raises(ValueError):
                misses.often_raises(number % 6)
        else:
            misses.often_raises(number % 6)
    for number in range(200 * 3):
        misses.too_many_for_it(number % 200)
        misses.too_small(number % 6)
    misses.branches(12)
    assert misses.recursive(60) == 1548008755920
    assert misses.earns_its_keep.cache_info().hits == 38
    assert misses.never_hit(3) == misses.never_hit(3)


@pytest.mark.parametrize("run", range(30))
def test_the_other(run):
    misses.across_tests(1)
    misses.across_tests(2)
