"""The parameters of a ``functools`` cache."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExistingCache:
    """The ``functools`` cache that a function already carries.

    Attributes:
        maxsize: Entries at most; None is unbounded.
        typed: Whether equal keys of different types are kept apart.
    """

    maxsize: int | None
    typed: bool
