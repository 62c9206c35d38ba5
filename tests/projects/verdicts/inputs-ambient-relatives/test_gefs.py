import conf, gefs
def test_four():
    for _ in range(60):
        assert gefs.width("ab") == 8
def test_eight():
    conf.set_option("cyclic", 8)
    try:
        for _ in range(60):
            assert gefs.width("abc") == 24
    finally:
        conf.set_option("cyclic", 4)
