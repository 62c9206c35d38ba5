"""A YAML file that is changed by inserting text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.nodes import Node

from hitrate.workflow.reading.document import Document, Replacement, UnreadableError, load, position

TEXT = "a: 1  # one\nlist:\n  - x\n  - y\n  # of the list\n\n# of b\nb: [1, 2]   # two\n"


def node(document: Document, key: str) -> Node:
    found = document.get(document.root, key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text", ["", "- a\n", "3", "a: 1\na: 2\n", "a: [\n", "a: 1\n---\nb: 2\n", "a: !!python/none x"]
)
def test_what_is_not_one_document_with_keys_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        Document(text)


def test_where_things_are() -> None:
    document = Document(TEXT)
    assert position(node(document, "list")) == (2, 2)
    assert document.after(node(document, "list"), 0) == (5, 0)
    assert document.after(node(document, "list"), 2) == (4, 0)
    assert document.end(node(document, "b")) == (7, 9)
    assert document.get(document.root, "missing") is None
    assert document.entry(node(document, "a"), "a") is None


def test_a_node_behind_an_alias_is_not_its_own() -> None:
    document = Document("a: &x [1]\nb: *x\nc: [2]\n")
    assert not document.own(node(document, "a"))
    assert document.own(node(document, "c"))


@pytest.mark.parametrize(("text", "end"), [("a: 1\r\nb: 2\r\n", "\r\n"), ("a: 1\n", "\n"), ("a: 1", "\n")])
def test_lines_end_as_they_did(text: str, end: str) -> None:
    assert Document(text).newline == end


@settings(max_examples=25)
@given(st.lists(st.integers(0, 8), max_size=4, unique=True))
def test_nothing_but_what_is_inserted_changes(lines: list[int]) -> None:
    document = Document(TEXT)
    after = document.edited([Replacement((line, 0), (line, 0), f"# new {line}\n") for line in lines])
    assert [line for line in after.splitlines(True) if not line.startswith("# new")] == TEXT.splitlines(True)
    assert after.count("# new") == len(lines)
    assert load(after) == load(TEXT)


def test_text_at_the_end_of_a_last_line_without_an_end_begins_a_line() -> None:
    document = Document("a: 1")
    assert document.edited([Replacement((1, 0), (1, 0), "b: 2\n")]) == "a: 1\nb: 2"


def test_a_value_is_put_in_place_of_another() -> None:
    document = Document(TEXT)
    value = node(document, "a")
    after = document.edited([Replacement(position(value), document.end(value), "write")])
    assert after == TEXT.replace("a: 1", "a: write", 1)
