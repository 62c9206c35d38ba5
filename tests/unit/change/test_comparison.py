"""Patches to changed lines."""

from hitrate.change.comparison import ChangedFile, Lines, changed_lines


def test_added_and_changed_lines() -> None:
    patch = b"--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@\n-a\n+b\n+c\n@@ -10,0 +12 @@ def f():\n+d\n"
    assert tuple(changed_lines(patch)) == (Lines(1, 2), Lines(12, 12))


def test_removed_lines_are_a_gap() -> None:
    (gap,) = changed_lines(b"@@ -5,2 +4,0 @@\n-x = 1\n-y = 2\n")
    assert gap.touch(1, 9)
    assert gap.touch(4, 5)
    assert not gap.touch(1, 4)
    assert not gap.touch(5, 9)


def test_a_removed_decorator_changes_the_function_below() -> None:
    (lines,) = changed_lines(b"@@ -5 +4,0 @@\n-@lru_cache\n")
    assert lines.touch(5, 9)
    assert not lines.touch(1, 4)


def test_a_removed_function_changes_no_other() -> None:
    (gap,) = changed_lines(b"@@ -5,3 +4,0 @@\n-@lru_cache\n-def g():\n-    pass\n")
    assert not gap.touch(5, 9)


def test_a_file_is_touched_where_its_lines_are() -> None:
    file = ChangedFile("a.py", (Lines(3, 4), Lines(10, 10)))
    assert file.touches(4, 8)
    assert not file.touches(5, 9)
