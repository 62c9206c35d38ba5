"""A YAML file that is changed by inserting text: everything else stays as it is, byte for byte.

ruamel.yaml says where things are; nothing is written by it, since no dump gives back every file as it was.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hitrate.files import limits

_LINE = re.compile(r"[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|\Z)")
"""One line with its end, as YAML splits them."""


class UnreadableError(Exception):
    """The file is not understood well enough to be changed; the message says what is not."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Text to put in place of what lies between two positions, each a line (from 0) and a column."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


class Document:
    """The text of a file and where its nodes are.

    Args:
        text: The whole text.

    Raises:
        UnreadableError: It is not one YAML document with unique keys.
    """

    def __init__(self, text: str) -> None:
        """Parse it."""
        self.text = text
        self.lines = [line for line in _LINE.findall(text) if line]
        self.data = load(text)
        root = YAML(typ="safe", pure=True).compose(StringIO(text))
        if not isinstance(root, MappingNode) or not isinstance(self.data, Mapping):
            raise UnreadableError("it holds no keys")
        self.root = root
        self._uses = Counter(id(node) for node in _walk(root))

    @property
    def newline(self) -> str:
        """How its lines end."""
        return "\r\n" if any(line.endswith("\r\n") for line in self.lines) else "\n"

    def get(self, mapping: Node, key: str) -> Node | None:
        """The value of a key; None if it is not there."""
        found = self.entry(mapping, key)
        return found[1] if found else None

    def entry(self, mapping: Node, key: str) -> tuple[Node, Node] | None:
        """A key and its value; None if it is not there."""
        for name, value in mapping.value if isinstance(mapping, MappingNode) else ():
            if isinstance(name, ScalarNode) and name.value == key:
                return name, value
        return None

    def own(self, node: Node) -> bool:
        """Whether the node stands in one place only, not behind an alias too."""
        return self._uses[id(node)] == 1

    def after(self, node: Node, column: int) -> tuple[int, int]:
        """The position after a node and the comments below it that are indented deeper than ``column``."""
        line = _last_line(node, self.lines) + 1
        for ahead in range(line, len(self.lines)):
            text = self.lines[ahead].rstrip()
            indent = len(text) - len(text.lstrip())
            if text and not (text.lstrip().startswith("#") and indent > column):
                break
            if text:
                line = ahead + 1
        return line, 0

    def end(self, node: Node) -> tuple[int, int]:
        """The position right after a scalar or a list or mapping on one line."""
        line, column = node.end_mark.line, node.end_mark.column
        return line, len(self.lines[line][:column].rstrip())

    def edited(self, edits: list[Replacement]) -> str:
        """The text with the edits made, which must not overlap."""
        lines = list(self.lines)
        if lines and not _ends(lines[-1]):
            # Nothing is added to the end of a last line without an end but what is inserted there.
            edits = [self._at_end(edit) if edit.start[0] >= len(lines) else edit for edit in edits]
        offsets = [0]
        for line in lines:
            offsets.append(offsets[-1] + len(line))
        text = self.text
        for edit in sorted(edits, key=lambda one: one.start, reverse=True):
            start, end = (offsets[min(line, len(lines))] + column for line, column in (edit.start, edit.end))
            text = text[:start] + edit.text + text[end:]
        return text

    def _at_end(self, edit: Replacement) -> Replacement:
        return Replacement(edit.start, edit.end, self.newline + edit.text.removesuffix(self.newline))


def load(text: str) -> Any:
    """The data in a YAML text.

    Raises:
        UnreadableError: It is not one YAML document with unique keys.
    """
    try:
        limits.check_yaml(text.encode(), limits.WORKFLOW_BYTES)
        return YAML(typ="safe", pure=True).load(StringIO(text))
    except limits.LimitError as error:
        raise UnreadableError(f"it {error}") from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(f"it is not one YAML document ({type(error).__name__})") from None


def position(node: Node) -> tuple[int, int]:
    """Where a node starts."""
    return node.start_mark.line, node.start_mark.column


def _walk(node: Node) -> Iterator[Node]:
    """Every place in which a node stands, so a node behind two aliases three times."""
    yield node
    if isinstance(node, SequenceNode):
        children = list(node.value)
    elif isinstance(node, MappingNode):
        children = [part for pair in node.value for part in pair]
    else:
        children = []
    for child in children:
        yield from _walk(child)


def _last_line(node: Node, lines: list[str]) -> int:
    """Number of the last line with something of the node on it, from 0."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style:
        last = node.value[-1] if node.value else None
        parts = last if isinstance(last, tuple) else (last,) if last is not None else ()
        return max([int(node.start_mark.line), *(_last_line(part, lines) for part in parts)])
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        return _last_line_of_block(node, lines)
    return int(node.end_mark.line)


def _last_line_of_block(node: ScalarNode, lines: list[str]) -> int:
    first = node.start_mark.line + 1
    texts = lines[first : node.end_mark.line + (node.end_mark.column > 0)]
    indent = next((len(line) - len(line.lstrip(" ")) for line in texts if line.strip()), 0)
    content = [
        number
        for number, line in enumerate(texts)
        if line.strip() and len(line) - len(line.lstrip(" ")) >= indent
    ]
    return int(first) + content[-1] if content else int(node.start_mark.line)


def _ends(line: str) -> bool:
    return line.endswith(("\n", "\r", "\x85", "\u2028", "\u2029"))
