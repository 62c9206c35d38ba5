"""Makes untrusted text harmless for one place: Markdown, HTML, Mermaid, a workflow command, a terminal.

Every function takes any text at all and gives text that cannot end the cell, element, string or command that
it is put in. Ordinary text stays readable in the source too: only what means something where it stands is
escaped, by a backslash where that is safe.
Sentences (``markdown``, ``html``, ``pieces``) may mark code with backticks; nothing else in them is markup.
"""

import html as html_text
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from hitrate.report.prose import clip, ended

NAME_LIMIT = 80
SENTENCE_LIMIT = 400
COMMAND_LIMIT = 4000
_COMBINING_LIMIT = 3

_CODE = re.compile(r"`([^`]+)`")
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
# What a reader of Markdown's source need not see spelled out, though it is no letter or digit.
_HARMLESS_IN_CODE = re.compile(
    r"[^0-9A-Za-z /='\"(),;+%?{}.:_-]|\.(?<=www\.)|:(?=//)|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])", re.IGNORECASE
)


def plain(text: str, limit: int = SENTENCE_LIMIT) -> str:
    """The text on one line, every character visible and in its place, the middle of a long one left out.

    Control, format and unassigned characters, line separators and lone surrogates are written as Python
    escapes: no terminal sequence, no reversed order, no hidden character is left. More than three combining
    marks in a row are dropped, since they would be drawn over the neighbouring lines.
    """
    shown = "".join(_visible(character) for character in clip(text, 8 * limit))
    return clip(_fewer_marks(shown), limit)


def shown(sentence: str, limit: int = SENTENCE_LIMIT) -> str:
    """A sentence as :func:`plain` text; a long one ends at a word."""
    return ended(plain(sentence, 8 * limit), limit)


def pieces(sentence: str) -> Iterator[tuple[bool, str]]:
    """The parts of a sentence in order: whether the part is code, and its text without the backticks."""
    end = 0
    for match in _CODE.finditer(sentence):
        if match.start() > end:
            yield False, sentence[end : match.start()]
        yield True, match[1]
        end = match.end()
    if end < len(sentence):
        yield False, sentence[end:]


def quoted(name: str, limit: int = NAME_LIMIT) -> str:
    """A name as code inside a sentence; a backtick of its own becomes a look-alike."""
    return f"`{plain(name, limit).replace('`', 'ˋ') or ' '}`"


def markdown(sentence: str, limit: int = SENTENCE_LIMIT) -> str:
    """A sentence for GitHub Markdown, also in a table cell: no markup, mention or link but its code."""
    return "".join(
        markdown_code(text, limit) if is_code else _markdown_prose(text)
        for is_code, text in pieces(shown(sentence, limit).strip())
    )


def markdown_code(text: str, limit: int = NAME_LIMIT) -> str:
    """Inline code for GitHub Markdown, in running text or in a table cell."""
    shown = plain(text, limit)
    if shown.strip() and not re.search(r"[`|\\]|<!--|^ | $", shown):
        return f"`{shown}`"
    # A code span in a table cannot hold every text (cells are split first), so this one is spelled out.
    spelled = _HARMLESS_IN_CODE.sub(_entity, shown)
    # An address would become a link even from an entity.
    return f"<code>{spelled.replace('&#64;', '&#64;<!-- -->')}</code>"


def markdown_block(text: str, language: str, limit: int = 4000) -> str:
    """A fenced block of code of several lines."""
    lines = [plain(line.replace("\t", "    "), 300) for line in clip(text, limit).split("\n")]
    longest = max((len(run[0]) for line in lines for run in re.finditer("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    block = "\n".join(lines)
    if "<!--" in block:  # could be taken for the hidden marker of a comment
        return f"<pre><code>{html_text.escape(block, quote=False)}</code></pre>"
    return f"{fence}{language}\n{block}\n{fence}"


def html(sentence: str, limit: int = SENTENCE_LIMIT) -> str:
    """A sentence for HTML, in an element or a quoted attribute's place between elements."""
    return "".join(
        f"<code>{html_text.escape(text)}</code>" if is_code else html_text.escape(text)
        for is_code, text in pieces(shown(sentence, limit))
    )


def mermaid(text: str, limit: int = NAME_LIMIT) -> str:
    """A quoted string for a Mermaid diagram, of characters that have no meaning to it."""
    return '"' + re.sub(r"[^\w .,:()/%+-]", " ", plain(text, limit)) + '"'


def command_data(text: str, limit: int = COMMAND_LIMIT) -> str:
    """The message of a workflow command; line feeds stay line feeds, as the runner unescapes them."""
    lines = "\n".join(plain(line, limit) for line in text.split("\n"))
    return clip(lines, limit).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str, limit: int = NAME_LIMIT) -> str:
    """The value of a property of a workflow command."""
    return command_data(plain(text, limit)).replace(":", "%3A").replace(",", "%2C")


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    return _NAMED.get(character) or character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _fewer_marks(text: str) -> str:
    if text.isascii():
        return text
    runs = (
        "".join(run) for _, run in groupby(text, lambda character: unicodedata.category(character)[0] == "M")
    )
    return "".join(run[:_COMBINING_LIMIT] if unicodedata.category(run[0])[0] == "M" else run for run in runs)


def _markdown_prose(text: str) -> str:
    """Prose that means nothing to Markdown, nor to GitHub's mentions, references, links, emoji, formulas."""
    # A zero-width space breaks what GitHub looks for in the text that is left after Markdown.
    broken = re.sub(r"@|#(?=\d)|\bGH-(?=\d)|:(?=//)|:(?=[\w+-]+:)|\bwww(?=\.)", "\\g<0>\u200b", text)
    broken = re.sub(r"[\\`<|$]|&(?=#?\w+;)", _entity, broken)
    # A bracket is one unless a link, an image, a definition or a box to tick could come of it.
    broken = re.sub(r"[*~]|^\[|!(?=\[)|\](?=[(\[]|$)|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", broken)
    broken = re.sub(r"^ *([-+=#>]|\d+(?=[.)](?: |$)))", lambda match: _entities(match[0]), broken)
    return broken.replace("\u200b", "&#8203;").replace("&#36;", "<span>$</span>")


def _entity(match: re.Match[str]) -> str:
    return _entities(match[0])


def _entities(text: str) -> str:
    return "".join(_ENTITIES.get(character) or f"&#{ord(character)};" for character in text)


_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
