import work
def test_local_heap():
    for i in range(40):
        work.local_heap('ab'[i % 2])

def test_locked():
    for i in range(40):
        work.locked('ab'[i % 2])

def test_translated():
    for i in range(40):
        work.translated('ab'[i % 2])

def test_compiled():
    for i in range(40):
        work.compiled('ab'[i % 2])

def test_formatted():
    for i in range(40):
        work.formatted('ab'[i % 2])

def test_own_object():
    for i in range(40):
        work.own_object('ab'[i % 2])

def test_chained():
    for i in range(40):
        work.chained('ab'[i % 2])

def test_proxied():
    for i in range(40):
        work.proxied('ab'[i % 2])
