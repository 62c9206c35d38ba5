"""Actions that are named by commit: whether a workflow does so, and how it names this one then."""

import re
from collections.abc import Callable, Iterable, Sequence

from hitrate.workflow.writing.step import ACTION, CACHE, CACHE_VERSION, CHECKOUT, DEFAULT_USES, VERSION

_USES = re.compile(
    r"^\s*(?:-\s+)?uses:\s*['\"]?([\w.-]+/[\w./-]+)@([^\s'\"#]+)['\"]?[ \t]*(#[^\r\n]*)?", re.MULTILINE
)
_COMMIT = re.compile(r"[0-9a-f]{40}")

Resolver = Callable[[], str | None]
"""Gives the commit of the action's release; None if it cannot be had."""


def pins(text: str) -> bool:
    """Whether a workflow names the actions of others by commit, most of them at least."""
    found = [bool(_COMMIT.fullmatch(reference)) for _, reference, _ in _USES.findall(text)]
    return sum(found) * 2 > len(found)


def uses(text: str, resolve: Resolver) -> tuple[str, str | None]:
    """How a workflow with that text names the action, and what the user should know about it."""
    if not pins(text):
        return DEFAULT_USES, None
    commit = resolve()
    if commit is not None and _COMMIT.fullmatch(commit):
        return f"{ACTION}@{commit} # {VERSION}", None
    return DEFAULT_USES, (
        f"The other actions are pinned by commit; pin this one too: "
        f"`git ls-remote https://github.com/{ACTION} {VERSION}` tells the commit of {VERSION}."
    )


def checkout(texts: Iterable[str]) -> str:
    """How workflows name the checkout, where they pin it; else by its version."""
    for text in texts:
        for name, reference, comment in _USES.findall(text):
            if name == "actions/checkout" and _COMMIT.fullmatch(reference):
                return f"{name}@{reference} {comment.strip()}".rstrip()
    return CHECKOUT


def cache(texts: Sequence[str]) -> str | None:
    """How workflows name the version of ``actions/cache``; None where all is pinned but that."""
    for text in texts:
        for name, reference, comment in _USES.findall(text):
            if name in (CACHE, f"{CACHE}/restore", f"{CACHE}/save") and _COMMIT.fullmatch(reference):
                return f"{reference} {comment.strip()}".rstrip()
    return None if any(map(pins, texts)) else CACHE_VERSION
