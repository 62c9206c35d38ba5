"""What passes are to be made, and where it is written what was seen. Standard library, CPython 3.8+."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Sequence

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_RECORDS = os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), "records")
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def _plan() -> Dict[str, float]:
    """What is to be done; nothing where this was not laid out for a trial, but installed."""
    try:
        with open(os.path.join(_PACKAGE, "plan.json"), encoding="utf-8") as file:
            plan: Dict[str, float] = json.load(file)
    except FileNotFoundError:
        return {}
    return plan


PLAN = _plan()
_owners: List[int] = []


def claim() -> None:
    """Make this process the one that makes passes, unless there is one."""
    if PLAN and write("passes", ["begin"], os.O_EXCL):
        _owners.append(os.getpid())


def is_claimed_here() -> bool:
    """Whether this process, and not one that it was forked from, makes the passes."""
    return os.getpid() in _owners


def write(name: str, line: Sequence[object], flags: int = 0) -> bool:
    """Add a line to a file; it is opened each time, since tests may close every descriptor."""
    place = os.path.join(_RECORDS, "%d.%s" % (PLAN["number"], name))
    text = (json.dumps(line, separators=(",", ":")) + "\n").encode()
    try:
        descriptor = os.open(place, _FLAGS | flags, 0o644)
        try:
            return os.write(descriptor, text) == len(text)
        finally:
            os.close(descriptor)
    except OSError:
        return False
