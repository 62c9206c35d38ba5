import plugs
def test_modules():
    for i in range(30):
        assert "plugs.py" in plugs.modules()
