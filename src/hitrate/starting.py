"""The first instants of a process: while it still loads, a signal ends it at once, with one line.

Loading takes the better part of a second. An exception that a signal raises meanwhile surfaces as a traceback
of whatever was just being imported, or is lost in a callback of the import system. Nothing has been begun by
then, so that there is nothing to unwind. This module is imported first, and so imports next to nothing.
"""

import gc
import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

INTERRUPTED = 130
SELDOM = 50_000
"""Objects made between two searches for garbage: syntax trees and models make many, and no circles."""

_after: "dict[signal.Signals, Any]" = {}
"""What is to handle the signals from when the work begins; empty where they are not handled here."""


def begin(line: str, *, descriptor: int, terminated: int) -> None:
    """Let SIGINT and SIGTERM end the process at once until `begun`; one that is ignored already stays so.

    From here on the process looks for garbage seldom.

    Args:
        line: What is said then, without a line end.
        descriptor: Where it is said: 1 or 2.
        terminated: Exit code for SIGTERM; that for SIGINT is 130.
    """

    def stop(number: int, frame: "FrameType | None") -> None:
        del frame
        os.write(descriptor, f"{line}\n".encode())
        os._exit(terminated if number == signal.SIGTERM else INTERRUPTED)

    gc.set_threshold(SELDOM)
    for number in (signal.SIGINT, signal.SIGTERM):
        if (before := signal.getsignal(number)) is not signal.SIG_IGN:
            _after[number] = before
            signal.signal(number, stop)


def on_termination(handler: "Callable[[int, FrameType | None], Any]") -> "Any":
    """Let ``handler`` handle SIGTERM as soon as the work has begun; what has handled it before."""
    if signal.SIGTERM not in _after:
        return signal.signal(signal.SIGTERM, handler)
    before, _after[signal.SIGTERM] = _after[signal.SIGTERM], handler
    return before


def begun() -> None:
    """From now on there is something to unwind: SIGINT raises KeyboardInterrupt, SIGTERM as was asked for."""
    while _after:
        number, handler = _after.popitem()
        signal.signal(number, handler)


def over() -> None:
    """All is done and said: a signal changes nothing any more."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
