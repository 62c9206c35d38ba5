from rank import Item, rank
ITEMS = (Item("a", 3.0), Item("b", 1.0), Item("c", 2.0))
def test_rank():
    for i in range(60):
        assert rank(ITEMS[: i % 3 + 1])
def test_order():
    for i in range(20):
        assert rank(ITEMS)[0][0] == "b"
