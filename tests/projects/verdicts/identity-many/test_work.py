import work
def test_a_queue():
    for i in range(40):
        work.a_queue('ab'[i % 2])

def test_an_event():
    for i in range(40):
        work.an_event('ab'[i % 2])

def test_a_condition():
    for i in range(40):
        work.a_condition('ab'[i % 2])

def test_in_dataclass():
    for i in range(40):
        work.in_dataclass('ab'[i % 2])

def test_sentinel():
    for i in range(40):
        work.sentinel('ab'[i % 2])

def test_a_barrier():
    for i in range(40):
        work.a_barrier('ab'[i % 2])

def test_a_stack():
    for i in range(40):
        work.a_stack('ab'[i % 2])

def test_a_local():
    for i in range(40):
        work.a_local('ab'[i % 2])

def test_simple_queue():
    for i in range(40):
        work.simple_queue('ab'[i % 2])

def test_in_tuple():
    for i in range(40):
        work.in_tuple('ab'[i % 2])

def test_in_dict():
    for i in range(40):
        work.in_dict('ab'[i % 2])

def test_deep():
    for i in range(40):
        work.deep('ab'[i % 2])

def test_a_task_group():
    for i in range(40):
        work.a_task_group('ab'[i % 2]).join(i)

def test_an_exception():
    for i in range(40):
        try:
            raise work.an_exception('ab'[i % 2])
        except work.Stop:
            pass

def test_a_thread():
    for i in range(40):
        work.a_thread('ab'[i % 2])
