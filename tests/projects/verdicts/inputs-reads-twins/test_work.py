import pytest
import helper, work
def test_by_vars_a():
    for i in range(30):
        assert work.by_vars('a')
def test_by_vars_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_vars('b')
def test_by_globals_a():
    for i in range(30):
        assert work.by_globals('a')
def test_by_globals_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_globals('b')
def test_by_import_a():
    for i in range(30):
        assert work.by_import('a')
def test_by_import_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_import('b')
def test_by_sys_modules_a():
    for i in range(30):
        assert work.by_sys_modules('a')
def test_by_sys_modules_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_sys_modules('b')
def test_by_asdict_a():
    for i in range(30):
        assert work.by_asdict('a')
def test_by_asdict_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_asdict('b')
def test_by_repr_a():
    for i in range(30):
        assert work.by_repr('a')
def test_by_repr_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_repr('b')
def test_by_json_a():
    for i in range(30):
        assert work.by_json('a')
def test_by_json_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_json('b')
def test_by_len_a():
    for i in range(30):
        assert work.by_len('a')
def test_by_len_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_len('b')
def test_by_iter_a():
    for i in range(30):
        assert work.by_iter('a')
def test_by_iter_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_iter('b')
def test_by_contains_a():
    for i in range(30):
        assert work.by_contains('a')
def test_by_contains_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_contains('b')
def test_by_splat_a():
    for i in range(30):
        assert work.by_splat('a')
def test_by_splat_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_splat('b')
def test_by_template_a():
    for i in range(30):
        assert work.by_template('a')
def test_by_template_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_template('b')
def test_by_format_map_a():
    for i in range(30):
        assert work.by_format_map('a')
def test_by_format_map_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_format_map('b')
def test_by_max_a():
    for i in range(30):
        assert work.by_max('a')
def test_by_max_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_max('b')
def test_by_handler_a():
    for i in range(30):
        assert work.by_handler('a')
def test_by_handler_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_handler('b')
def test_by_copy_a():
    for i in range(30):
        assert work.by_copy('a')
def test_by_copy_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_copy('b')
def test_by_itemgetter_a():
    for i in range(30):
        assert work.by_itemgetter('a')
def test_by_itemgetter_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_itemgetter('b')
def test_by_reduce_a():
    for i in range(30):
        assert work.by_reduce('a')
def test_by_reduce_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_reduce('b')
def test_by_missing_a():
    for i in range(30):
        assert work.by_missing('a')
def test_by_missing_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_missing('b')
def test_by_getattr_hook_a():
    for i in range(30):
        assert work.by_getattr_hook('a')
def test_by_getattr_hook_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.by_getattr_hook('b')
def test_own_patched_a():
    for i in range(30):
        assert work.own_patched('a')
def test_own_patched_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.own_patched('b')
def test_own_imported_a():
    for i in range(30):
        assert work.own_imported('a')
def test_own_imported_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.own_imported('b')
def test_own_method_a():
    for i in range(30):
        assert work.own_method('a')
def test_own_method_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.own_method('b')
def test_own_class_a():
    for i in range(30):
        assert work.own_class('a')
def test_own_class_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.own_class('b')
def test_own_local_a():
    for i in range(30):
        assert work.own_local('a')
def test_own_local_b(monkeypatch):
    mp = monkeypatch
    pass
    for i in range(30):
        assert work.own_local('b')
