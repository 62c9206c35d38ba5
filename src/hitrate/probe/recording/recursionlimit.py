"""Makes up for the frames that wrappers take of the recursion limit."""

from __future__ import annotations

import sys

from .lane import DEEPER

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Optional

SLACK = 32  # frames that the probe may need for itself


class RecursionLimit:
    """What was added to the process's recursion limit.

    Attributes:
        limit: As it was last set here.
        added: How much of it is ours.
    """

    def __init__(self) -> None:
        self.limit = self.added = 0

    def deepen(self, depth: int) -> None:
        """Raise the limit when the program comes near it, with ``depth`` recorded calls open.

        Only then: programs notice a limit that changes (Hypothesis warns).
        """
        frames = 0
        frame: Optional[types.FrameType] = sys._getframe()
        while frame is not None:
            frames, frame = frames + 1, frame.f_back
        if sys.getrecursionlimit() - frames < SLACK + 3 * DEEPER * (1 + frames // max(1, depth)):
            self.raise_for(depth)

    def raise_for(self, depth: int) -> None:
        """Add to the limit what the wrappers of open calls take of it, and some more."""
        limit = sys.getrecursionlimit()
        own = limit - self.added if limit == self.limit else limit
        self.added = depth + DEEPER + SLACK
        self.limit = own + self.added
        sys.setrecursionlimit(self.limit)

    def lower(self) -> None:
        """Give the limit back as it was before it was raised."""
        if self.added:
            if sys.getrecursionlimit() == self.limit:
                sys.setrecursionlimit(self.limit - self.added)
            self.added = self.limit = 0
