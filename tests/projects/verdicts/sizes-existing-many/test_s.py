import s
def test_make():
    for _ in range(50):
        assert s.A.make() == "A" and s.B.make() == "B"
def test_grid():
    for _ in range(4):
        for i in range(6):
            for j in range(6):
                assert s.grid(i, j) >= 0
def test_look():
    for _ in range(6):
        for n in range(9):
            assert s.M.look(n) >= 0
def test_kw():
    for _ in range(6):
        for n in range(15):
            assert s.kw(n=n) >= 0
