import seen


def test_length():
    for number in range(120):
        assert seen.length(number, "km").endswith("km")


def test_beside_each_other():
    for number in range(120):
        assert seen.first(number % 3) * 2 == seen.second(number % 3)


def test_never():
    assert sum(seen.never(number) for number in range(300)) == 89700


def test_worth_it():
    for _ in range(60):
        assert seen.worth_it("ab") == "AB"
