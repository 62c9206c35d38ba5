import work
def test_function_attribute():
    for i in range(40):
        work.function_attribute('ab'[i % 2])

def test_module_dict():
    for i in range(40):
        work.module_dict('ab'[i % 2])

def test_own_module():
    for i in range(40):
        work.own_module('ab'[i % 2])

def test_heap():
    for i in range(40):
        work.heap('ab'[i % 2])

def test_insort():
    for i in range(40):
        work.insort('ab'[i % 2])

def test_alias():
    for i in range(40):
        work.alias('ab'[i % 2])

def test_in_thread_local():
    for i in range(40):
        work.in_thread_local('ab'[i % 2])

def test_in_context():
    for i in range(40):
        work.in_context('ab'[i % 2])

def test_in_dataclass():
    for i in range(40):
        work.in_dataclass('ab'[i % 2])

def test_setter():
    for i in range(40):
        work.setter('ab'[i % 2])

def test_update_set():
    for i in range(40):
        work.update_set('ab'[i % 2])

def test_labels():
    for i in range(40):
        work.labels('ab'[i % 2])

def test_generator_sent():
    for i in range(40):
        work.generator_sent('ab'[i % 2])

def test_namespace():
    for i in range(40):
        work.namespace('ab'[i % 2])

def test_ordered():
    for i in range(40):
        work.ordered('ab'[i % 2])

def test_iterator_next():
    for i in range(40):
        work.iterator_next('ab'[i % 2])
