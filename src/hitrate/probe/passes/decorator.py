"""What patched code is decorated with where passes are made. Standard library, CPython 3.8+."""

from __future__ import annotations

import os

from . import records, switch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    Function = Callable[..., object]


def both(
    slot: int, maxsize: Optional[int], typed: bool = False, lifted: bool = False
) -> Callable[[Function], object]:
    """A decorator that gives a function a cache which is on in every second pass; see ``switch.add``."""
    if not records.is_claimed_here():  # another process: nobody switches its caches
        records.write("elsewhere", [os.getpid()])

    def decorate(function: Function) -> object:
        return switch.add(function, slot, maxsize, typed, lifted)

    return decorate
