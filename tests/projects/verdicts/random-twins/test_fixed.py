import fixed


def test_board():
    for _ in range(90):
        assert len(fixed.board(1)) == len(fixed.board(2)) == 2500


def test_name_id():
    for _ in range(100):
        assert fixed.name_id("a") != fixed.name_id("b")


def test_same():
    for _ in range(100):
        assert fixed.same("secret", "secret") and not fixed.same("secret", "sacred")


def test_noise():
    for _ in range(100):
        assert fixed.noise(1, 2) != fixed.noise(2, 1)


def test_simulate():
    for _ in range(100):
        assert fixed.simulate(8) < 5000 and fixed.simulate(9) > 0


def test_parsed():
    for _ in range(150):
        assert fixed.parsed("12345678123456781234567812345678") >= 0
