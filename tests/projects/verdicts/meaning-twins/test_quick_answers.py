import quick_answers


def test_constants():
    for _ in range(60):
        assert len(quick_answers.constants()) == 15


def test_stop_words():
    for word in ["the", "cat", "of", "the", "house"] * 12:
        assert (word in quick_answers.stop_words()) == (word in {"the", "of"})


def test_colour():
    for _ in range(60):
        assert quick_answers.colour("red") == quick_answers.Colour("red")
        assert quick_answers.colour("blue") != quick_answers.Colour("red")


def test_codes():
    for _ in range(60):
        assert quick_answers.codes()["de"] == 49


def test_message():
    for number in range(90):
        assert quick_answers.message(number % 3).endswith(str(number % 3))


def test_visitor():
    assert len({quick_answers.visitor(number) for number in range(400)}) == 400
