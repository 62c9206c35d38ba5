import pool
def test_double():
    for i in range(30):
        assert pool.double(i) == 2 * i
