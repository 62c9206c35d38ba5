import lookup
CODES = [eval("lambda x: x + %d" % i).__code__ for i in range(180)]
def test_turn():
    for _ in range(4):
        for c in CODES:
            assert lookup.owner(c)[0] == "<lambda>"
