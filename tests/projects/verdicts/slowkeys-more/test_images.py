import images
def test_a():
    base = bytearray(b"PNG0" + b"x" * 1000000)
    for r in range(400):
        base[9] = r % 8
        assert images.kind(bytes(base)) == "png"
