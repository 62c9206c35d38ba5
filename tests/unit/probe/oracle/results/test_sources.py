"""Objects that read from outside what they fill in when they are used: told by their code."""

import functools
from pathlib import Path

from hitrate.probe.oracle.results.sources import reader_of

PLACE = Path("nowhere")


class File:
    """Reads when it is first asked."""

    @functools.cached_property
    def text(self) -> str:
        return _content()


def _content() -> str:
    return PLACE.read_text()


class Circle:
    """Computes from what it holds."""

    def __init__(self, radius: float = 1.0) -> None:
        self.radius = radius

    @functools.cached_property
    def area(self) -> float:
        return self.radius * self.radius * 3.14159


class Pair:
    """Holds others."""

    def __init__(self, *items: object) -> None:
        self.items = list(items)


def test_code_that_reads_files_is_followed_through_helpers() -> None:
    assert reader_of(File(), [".text"]) == "File"
    assert reader_of(Pair(Circle(), File()), [".items[1].text"]) == "File"


def test_what_is_computed_is_read_from_nowhere() -> None:
    assert reader_of(Circle(), [".area"]) == ""
    assert reader_of(File(), [".other"]) == ""
    assert reader_of(3, [".text"]) == ""
    assert reader_of([1, "a"], ["[0]"]) == ""
