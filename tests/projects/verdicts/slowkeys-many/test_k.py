import k
ROWS = [tuple(tuple(range(6)) for _ in range(400 + i)) for i in range(4)]
DOCS = [k.Doc(tuple("line %d" % j for j in range(3000 + i))) for i in range(4)]
MONEY = [k.Money(i) for i in range(4)]
def tree(depth):
    return k.Node([tree(depth - 1) for _ in range(3)] if depth else [])
TREES = [tree(5), tree(4)]
def test_rows():
    for i in range(800):
        assert k.big_tuple(ROWS[i % 4])
def test_docs():
    for i in range(800):
        assert k.dataclass_key(DOCS[i % 4])
def test_money():
    for i in range(600):
        assert k.fraction_key(MONEY[i % 4]) >= 0
def test_tree():
    for i in range(300):
        assert k.deep_frozen(TREES[i % 2])
