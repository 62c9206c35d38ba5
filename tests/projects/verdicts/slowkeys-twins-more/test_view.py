from view import View
V = View(["%s%d" % (c, i) for c in "abcde" for i in range(100)])
def test_slots():
    for r in range(30):
        for c in "abcde":
            assert len(V.slots(c)) == 100
