import names
def test_all():
    for r in range(8):
        for i in range(40):
            assert names.canonical("K%d" % i) == "k%d" % i
