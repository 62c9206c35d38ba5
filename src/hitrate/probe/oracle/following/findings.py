"""Reports what was found of one function.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from .. import shortrepr, snapshot
from .followed import hash_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Dict, Iterator, Tuple, Union

    from ..oracle import Oracle
    from .followed import KeptCall, Token

REPORTS = 3
SUBJECTS = 100


class Findings:
    """What was found of one function; the same finding is reported a few times at most."""

    def __init__(self, oracle: Oracle, slot: int, code: types.CodeType) -> None:
        self.oracle = oracle
        self.slot = slot
        self.parameters: Tuple[str, ...] = code.co_varnames[: code.co_argcount]
        self.reported: Dict[Tuple[object, ...], int] = {}

    def report(self, kind: str, call: Union[Token, KeptCall], **facts: object) -> None:
        """Report one finding about a call."""
        about = (kind, facts.get("about", facts.get("cause", "")), facts.get("what", ""))
        count = self.reported[about] = self.reported.get(about, 0) + 1
        if count > REPORTS or len(self.reported) > SUBJECTS:
            return
        facts.update(slot=self.slot, kind=kind, test=self.oracle.current_test)
        facts["key"] = shortrepr.show(call.args, call.kwargs)
        self.oracle.report(facts)

    def refused(self, token: Token) -> None:
        """Report the argument that could not be part of a key."""
        named = [*self.named_arguments(token)]
        unhashable = [each for each in named if hash_of(type(each[1])) is None or raised_by_hash(each[1])]
        compared = [each for each in named if not unhashable and not snapshot.is_plain(each[1])]
        name, value = (unhashable or compared or named)[0]
        why, kind = "" if unhashable else "compared", snapshot.name_of(type(value))
        raises = raised_by_hash(value) if unhashable else ""
        self.report("refused", token, argument=name, type=kind, why=why, raises=raises)

    def argument(self, place: str) -> str:
        """The parameter's name for a place in ``(args, kwargs)`` such as ``[0][1].count``."""
        which, _, rest = place[len("[0][") :].partition("]")
        if not place.startswith("[0]["):
            return which.strip("'") + rest
        index = int(which) if which.isdigit() else len(self.parameters)
        return self._name(index) + rest

    def named_arguments(self, token: Token) -> Iterator[Tuple[str, object]]:
        """The arguments of a call, each with its parameter's name."""
        yield from ((self._name(index), value) for index, value in enumerate(token.args))
        yield from token.kwargs.items()

    def _name(self, index: int) -> str:
        return self.parameters[index] if index < len(self.parameters) else "*args"


def raised_by_hash(value: object) -> str:
    """What the hash of a value raises; that of the code under test is asked for, as the key has just done."""
    try:
        hash(value)
    except Exception as error:
        return snapshot.name_of(type(error))
    return ""
