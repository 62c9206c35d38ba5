"""What one process saw, as lines of JSON at the end of a file; ``hitrate.memory.reachlog`` reads them.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.

Lines
    ``["begin", version, python, prefix]`` first and ``["end"]`` last, if the process got there.
    ``["piece", number, path, line]``: code that begins at a line of a file of the tree, 0 for the file itself
    as it is imported; ``OPENED`` a file that was read, ``LISTED`` a folder whose names were.
    ``["reached", context, [number, …]]``: pieces that were reached in a context, added to earlier ones.
    ``["anything", context, reason]``: what it reached besides is not known.
    ``["module", number, [number, …]]``: what was reached while a module was imported, by the module's piece.
    ``["file", path, [context, …]]`` and ``["test", id, [context, …]]``: what the collecting of a file, and a
    test, consist of. The context ``SESSION`` is everything that belongs to none.
    ``["cost", seconds]``: the CPU time that noting all this took, as far as it is known.
"""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Union

    Line = List[Union[str, int, float, List[int]]]

VERSION = 1
SESSION = 0
OPENED, LISTED = -1, -2

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class ReachLog:
    """The file of one process; where it cannot be written, it ends without its last line.

    Attributes:
        path: Where it is.
        broken: Whether a line is missing.
    """

    def __init__(self, folder: str) -> None:
        """Begin nothing yet."""
        self.path = os.path.join(folder, "%d-%s.reach" % (os.getpid(), os.urandom(6).hex()))
        self.broken = False
        self._pid = os.getpid()

    def write(self, lines: List[Line]) -> None:
        """Add lines; the file is opened each time, since tests may close every descriptor."""
        if self.broken or not lines or os.getpid() != self._pid:
            return
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()
        try:
            descriptor = os.open(self.path, _FLAGS, 0o644)
            try:
                self.broken = os.write(descriptor, text) < len(text)
            finally:
                os.close(descriptor)
        except OSError:
            self.broken = True
