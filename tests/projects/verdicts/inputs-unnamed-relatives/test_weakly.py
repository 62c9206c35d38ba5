import weakly
def test_two():
    for _ in range(40):
        assert weakly.amount(1.5) == "1.50"
def test_three():
    weakly.DEFAULT.digits = 3
    for _ in range(40):
        assert weakly.amount(2.5) == "2.500"
    weakly.DEFAULT.digits = 2
