import processor
def test_flags():
    for i in range(30):
        assert "neon9" not in processor.flags()[1]
