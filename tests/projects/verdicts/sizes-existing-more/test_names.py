import names
def test_hot():
    for r in range(8):
        for i in range(12):
            assert names.canonical("Hot%d" % i) == "hot%d" % i
        for i in range(20):
            assert names.canonical("Cold%d" % i) == "cold%d" % i
