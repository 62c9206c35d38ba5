import shop


def test_rank_of_another():
    assert [shop.rank("b") for _ in range(20)]
