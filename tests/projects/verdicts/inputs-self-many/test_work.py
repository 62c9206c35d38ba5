import work
def test_Deq():
    it = work.Deq()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
def test_Sett():
    it = work.Sett()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
def test_Child():
    it = work.Child()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
def test_Arr():
    it = work.Arr()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
def test_Map():
    it = work.Map()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
def test_Ulist():
    it = work.Ulist()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
def test_Num():
    it = work.Num()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
def test_Heap():
    it = work.Heap()
    for i in range(30):
        assert it.total(1) >= 1
    it.more()
    for i in range(30):
        assert it.total(2) >= 1
