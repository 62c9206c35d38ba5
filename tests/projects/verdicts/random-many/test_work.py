import work
def test_system():
    for i in range(40):
        work.system('ab'[i % 2])

def test_in_closure():
    for i in range(40):
        work.in_closure('ab'[i % 2])

def test_in_default():
    for i in range(40):
        work.in_default('ab'[i % 2])

def test_method_alias():
    for i in range(40):
        work.method_alias('ab'[i % 2])

def test_by_uuid():
    for i in range(40):
        work.by_uuid('ab'[i % 2])

def test_by_secret():
    for i in range(40):
        work.by_secret('ab'[i % 2])

def test_by_os():
    for i in range(40):
        work.by_os('ab'[i % 2])

def test_subclass():
    for i in range(40):
        work.subclass('ab'[i % 2])

def test_sampled():
    for i in range(40):
        work.sampled('ab'[i % 2])

def test_gaussian():
    for i in range(40):
        work.gaussian('ab'[i % 2])

def test_clock_seed():
    for i in range(40):
        work.clock_seed('ab'[i % 2])
