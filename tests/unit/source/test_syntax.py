"""Syntax trees walked as the standard library does, and kept only within a limit."""

import ast
from pathlib import Path

import pytest

import hitrate
from hitrate.source.syntax import children, kept_for_a_while, walk

FILES = sorted(Path(hitrate.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize("file", FILES[::10], ids=lambda file: file.name)
def test_nodes_come_in_the_order_of_the_standard_library(file: Path) -> None:
    module = ast.parse(file.read_bytes())
    assert list(walk(module)) == list(ast.walk(module))
    assert children(module) == list(ast.iter_child_nodes(module))


def test_what_was_parsed_last_is_kept_within_the_limit_and_nothing_that_failed() -> None:
    calls: list[bytes] = []

    @kept_for_a_while(10)
    def parsed(data: bytes) -> list[bytes]:
        calls.append(data)
        if data == b"wrong":
            raise ValueError("wrong")
        return [data]

    first = parsed(b"12345")
    assert parsed(b"12345") is first
    parsed(b"abcde")
    assert parsed(b"12345") is first
    parsed(b"x")  # one byte too many: the one that was parsed first goes
    assert parsed(b"abcde") == [b"abcde"]
    assert calls == [b"12345", b"abcde", b"x"]
    assert parsed(b"12345") is not first
    for _ in range(2):
        with pytest.raises(ValueError, match="wrong"):
            parsed(b"wrong")
    assert calls[-2:] == [b"wrong", b"wrong"]
    assert parsed(b"much longer than the limit") == [b"much longer than the limit"]
