from dotty import Dotty
def test_get():
    d = Dotty({"k%d" % i: {"a": {"b": i}} for i in range(400)})
    for r in range(100):
        for i in range(20):
            assert d.get("k%d.a.b" % i) == i
