"""Which keys of a function are the same but for their spelling, or but for one parameter.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from .. import tracefile
from . import arguments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Hashable, List, Mapping, Optional, Tuple

    from ..recorder import Recorder

PROJECTED = 10_000
UNLIKE = 1_000  # keys none of which is like another one: then no further one is asked


class Likeness:
    """Compares the keys of one function in other ways than ``lru_cache`` does."""

    __slots__ = ("alike", "parameters", "projected", "recorder", "spelled")

    def __init__(
        self, recorder: Recorder, function: object, without: Tuple[str, ...], is_typed: bool
    ) -> None:
        """Nothing is compared yet.

        Args:
            recorder: Of this process.
            function: Whose keys they are.
            without: Parameters; keys that differ in one of them alone are alike.
            is_typed: Typed keys are no tuples of values: they are not compared in one spelling.
        """
        self.recorder = recorder
        self.parameters = arguments.Parameters(function)
        names = self.parameters.names
        places = [None, *(names.index(name) for name in without if name in names)]
        self.spelled = is_typed  # are keys compared in one spelling?
        self.projected: List[Tuple[Optional[int], Dict[Hashable, int]]] = [(place, {}) for place in places]
        self.alike = 0

    def is_asked(self, keys: int) -> bool:
        """Whether another key is to be added to so many."""
        return keys < (PROJECTED if self.alike else UNLIKE)

    def add(
        self,
        number: int,
        args: Tuple[object, ...],
        kwargs: Dict[str, object],
        keys: Mapping[Hashable, int],
    ) -> None:
        """Say which earlier key is like a new one, which is among ``keys`` already."""
        values = self.parameters.values(args, kwargs)
        if not self.spelled:
            if values is not args:
                self._spell(number, keys)
            elif len(self.projected) == 1:
                return
        for which, (place, classes) in enumerate(self.projected):
            if place is None and not self.spelled:
                continue
            left = values if place is None else values[:place] + values[place + 1 :]
            try:
                earlier = classes.setdefault(left, number)
            except Exception:  # a default that cannot be hashed, a parameter that cannot be compared
                return
            if earlier == number:
                arguments.goes_with(left, classes, left)
            else:
                self.alike += 1
                self.recorder.event(self.recorder.lane(), tracefile.SAME, number, earlier | which << 32)

    def forget(self) -> None:
        """Let all keys go."""
        for _, classes in self.projected:
            classes.clear()

    def _spell(self, number: int, keys: Mapping[Hashable, int]) -> None:
        """Keys are spelled in several ways from here on: the earlier ones are spelled in the shortest one."""
        self.spelled = True
        classes = self.projected[0][1]
        for key, earlier in list(keys.items()):
            if earlier != number:
                values = key if type(key) is tuple else (key,)
                classes[values] = earlier
                arguments.goes_with(values, classes, values)
