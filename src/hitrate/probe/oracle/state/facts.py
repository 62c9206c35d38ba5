"""What was read at one moment of what is reached by name: flat, by path.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Set, Tuple

    Path = Tuple[str, ...]
    Facts = Dict[Path, object]

# Parts of a path that no code writes begin with a space.
MEMBER, MEMBERS, ENTRY = " member", " members", " entry"


class Holds:
    """What a thing holds that is read by its parts: how many, and which object it is."""

    __slots__ = ("count", "identity", "is_local", "kind")

    def __init__(self, kind: type, identity: int, count: int, is_local: bool = False) -> None:
        self.is_local = is_local
        self.kind = kind
        self.identity = identity
        self.count = count

    def differs(self, other: Holds) -> bool:
        return self.kind is not other.kind or self.count != other.count


class Drawn:
    """Where a generator of random numbers stands."""

    __slots__ = ("standing",)

    def __init__(self, standing: int) -> None:
        self.standing = standing


class View:
    """What was read at one moment.

    Attributes:
        facts: By path: a scalar, a short text, ``Holds`` or ``Drawn``.
        unreadable: Where there is what tells nothing of itself, by its identity.
        asked: Attributes that are asked for by what was read, and that no code may name.
    """

    __slots__ = ("asked", "facts", "unreadable")

    def __init__(self) -> None:
        self.facts: Facts = {}
        self.unreadable: Dict[int, Path] = {}
        self.asked: Set[str] = set()
