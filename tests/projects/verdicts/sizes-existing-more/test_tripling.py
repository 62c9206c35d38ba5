import tripling, random
def test_a():
    r = random.Random(3)
    for i in range(500):
        k = r.randrange(60)
        assert tripling.tripled(k) == k * 2
