import ids
def test_all():
    for i in range(400):
        assert ids.parse("x%d" % i) == i
