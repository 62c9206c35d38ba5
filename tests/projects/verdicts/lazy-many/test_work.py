import work
def test_lazy_iter():
    for i in range(40):
        if i == 20: work.ROWS['a'] = [i]
        list(work.lazy_iter('a'))

def test_lazy_prop():
    for i in range(40):
        if i == 20: work.ROWS['a'] = [i, 3]
        work.lazy_prop('a').rows

def test_thunk():
    for i in range(40):
        if i == 20: work.ROWS['a'] = [i, 4]
        work.thunk('a').force()

def test_mapped():
    for i in range(40):
        list(work.mapped('a'))

def test_filtered():
    for i in range(40):
        list(work.filtered('a'))

def test_generated():
    for i in range(40):
        list(work.generated('a'))

def test_teed():
    for i in range(40):
        list(work.teed('a')[0])

def test_stream():
    for i in range(40):
        work.stream('a').read()

def test_scanned():
    for i in range(40):
        list(work.scanned('a'))

def test_entered():
    for i in range(40):
        work.entered('a').__enter__()

def test_grouped():
    for i in range(40):
        list(work.grouped('a'))

def test_holder():
    for i in range(40):
        work.holder('a').next()
