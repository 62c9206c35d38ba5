from chain import Block, label
def test_label():
    b = None
    blocks = []
    for i in range(150):
        b = Block(b, i)
        blocks.append(b)
    for _ in range(20):
        for b in blocks:
            assert label(b).startswith("block")
