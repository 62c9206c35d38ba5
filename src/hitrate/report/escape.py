"""Makes untrusted text harmless for one place: Markdown, HTML, Mermaid, a workflow command, a terminal.

Every function takes any text at all and gives text that cannot end the cell, element, string or command that
it is put in. Ordinary text stays readable in the source too: only what means something where it stands is
escaped, by a backslash where that is safe.
Sentences (``markdown``, ``html``, ``pieces``) may mark code with backticks; nothing else in them is markup.
"""

import html as html_text
import re

from hitrate.wording.prose import clip
from hitrate.wording.text import NAME_LIMIT, SENTENCE_LIMIT, pieces, plain, shown

COMMAND_LIMIT = 4000

# What a reader of Markdown's source need not see spelled out, though it is no letter or digit.
_HARMLESS_IN_CODE = re.compile(
    r"[^0-9A-Za-z /='\"(),;+%?{}.:_-]|\.(?<=www\.)|:(?=//)|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])", re.IGNORECASE
)


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


def linked(shown: str, address: str | None) -> str:
    """What is Markdown already, as a link.

    Args:
        shown: Inline Markdown without a link of its own.
        address: One that `content/links.py` made, of characters that mean nothing to Markdown; None: no link.
    """
    return shown if address is None else f"[{shown}]({address})"


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
