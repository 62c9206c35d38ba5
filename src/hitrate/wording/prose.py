"""Sentences: whole, as the end of another one, or no longer than there is room for."""

import re


def sentence(text: str) -> str:
    """A text as a sentence: with a capital if it begins with a plain word, and a full stop."""
    whole = text.strip()
    if re.match(r"[a-z]+,? ", whole):
        whole = whole[0].upper() + whole[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def article(noun: str) -> str:
    """The indefinite article that goes before a noun."""
    return "an" if noun.startswith(tuple("AEIOUaeiou")) else "a"


def clause(text: str) -> str:
    """A sentence as the end of another one: no full stop, no capital that only begins a sentence."""
    part = text.strip().rstrip(".")
    return part[:1].lower() + part[1:] if re.match(r"[A-Z][a-z]* [a-z]", part) else part


def lead(text: str, limit: int) -> str:
    """The text, or its main clause: without asides in brackets and afterthoughts, ended at a word."""
    if len(text) <= limit:
        return text
    return ended(re.sub(r" \([^()]*\)", "", text).partition("; ")[0], limit)


def ended(text: str, limit: int) -> str:
    """A text of at most ``limit`` characters: a longer one ends at a word, and never within code."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1].rpartition(" ")[0]
    if kept.count("`") % 2:
        kept = kept[: kept.rindex("`")]
    kept = kept.rstrip(" ,;:(")
    return f"{kept} …" if kept else clip(text, limit)


def clip(text: str, limit: int) -> str:
    """The text, or its beginning and end around ``…``, at most ``limit`` characters."""
    if len(text) <= limit:
        return text
    head = (limit - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"
