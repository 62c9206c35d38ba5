"""The functions of the analysed tree: candidates, ineligible ones, existing caches."""

from dataclasses import dataclass

from hitrate.source.doubt import Doubt
from hitrate.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class ExistingCache:
    """The ``functools`` cache that a function already carries.

    Attributes:
        maxsize: Entries at most; None is unbounded.
        typed: Whether equal keys of different types are kept apart.
        maxsize_expression: Source of a ``maxsize`` that only running it would tell, as ``settings.SIZE``;
            ``maxsize`` is then ``lru_cache``'s default. None where ``maxsize`` is known.
    """

    maxsize: int | None
    typed: bool
    maxsize_expression: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """One ``def`` of the analysed tree.

    Attributes:
        path: File, relative to the tree, with forward slashes.
        qualname: Dotted name as ``__qualname__`` would give it, without ``<locals>``.
        line: Line of the ``def`` keyword, 1-based; tells namesakes apart.
        cache: The cache that it carries, None for a new candidate.
        ineligible: Why it may not carry a cache, in one line; None for a candidate.
        is_method: Whether its first argument is an instance (``self``).
        unread: Parameters that its body never reads.
        takes_arguments: Whether it has parameters, the class of a class method left out.
        returns_nothing: Whether it neither returns a value nor raises anything itself: it is called for
            what it does.
        warnings: What its source alone suggests (reads the clock, the environment …), in plain words.
        doubts: What its source suggests that forbids a recommendation whatever the tests show, each one plain
            sentence.
    """

    path: str
    qualname: str
    line: int
    cache: ExistingCache | None = None
    ineligible: str | None = None
    is_method: bool = False
    unread: tuple[str, ...] = ()
    takes_arguments: bool = True
    returns_nothing: bool = False
    warnings: tuple[Doubt, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def kind(self) -> Kind:
        """Whether the function is a new candidate or carries a cache already."""
        return Kind.NEW if self.cache is None else Kind.EXISTING

    @property
    def id(self) -> str:
        """The function's name everywhere: ``path::Qual.name``."""
        return f"{self.path}::{self.qualname}"
