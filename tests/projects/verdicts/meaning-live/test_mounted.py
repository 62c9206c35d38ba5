import mounted
def test_map():
    for i in range(30):
        assert "/proc" in mounted.mounts()
