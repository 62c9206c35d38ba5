"""Leave pipes where Hitrate reads next: whoever opens one waits until somebody opens its other end."""

import os

import victim

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def put(*parts):
    path = os.path.join(TREE, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.unlink(path)
    os.mkfifo(path)


def is_patched():
    return any("hitrate" in str(getattr(value, "__file__", None)) for value in vars(victim).values())


def test_module():
    assert victim.slow(1) >= 0
    put("victim.py")


def test_module_while_it_is_patched():
    assert victim.slow(1) >= 0
    if is_patched():
        put("victim.py")


def test_list_of_ignored_files():
    assert victim.slow(1) >= 0
    put("new", ".gitignore")


def test_journal():
    assert victim.slow(1) >= 0
    for name in ("journal", "lock"):
        put(".git", "hitrate", name)
