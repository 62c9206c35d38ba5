"""Globs of paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.files.globs import matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("src", "src/a/b.py"), ("src/", "src/a.py"), ("./src", "src/a.py"), ("*.py", "src/a.py"),
     ("src/**/a.py", "src/a.py"), ("src/**/a.py", "src/x/y/a.py"), ("src/**", "src/x/a.py"), ("a.py", "a.py"),
     ("src/*", "src/x/a.py"), ("s?c", "src/a.py"), ("[ab].py", "a.py"), ("**/test_*.py", "test_a.py")],
)  # fmt: skip
def test_what_a_glob_matches(pattern: str, path: str) -> None:
    assert matches(path, pattern)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("src", "srcs/a.py"),
        ("src", "lib/src/a.py"),
        ("a.py", "b/a.py"),
        ("*.PY", "a.py"),
        ("src/*.py", "a.py"),
    ],
)
def test_what_it_does_not(pattern: str, path: str) -> None:
    assert not matches(path, pattern)


@given(st.lists(st.text("ab_", min_size=1, max_size=3), min_size=1, max_size=4))
def test_a_folder_is_all_below_it_and_a_path_is_itself(names: list[str]) -> None:
    path = "/".join(names)
    assert matches(path, path)
    assert matches(path, "**/*")
    for end in range(1, len(names)):
        assert matches(path, "/".join(names[:end]))
