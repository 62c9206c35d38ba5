"""What one call did besides returning, and a cached one would not.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from . import difference, rules
from .followed import arguments_of
from .surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Optional

    from .difference import Difference
    from .findings import Findings
    from .followed import Token


class Effects:
    """Looks at what calls of one function read and change.

    Attributes:
        innocent: Whether all calls that were judged did nothing but return.
    """

    def __init__(self, function: types.FunctionType, findings: Findings) -> None:
        self.surroundings = Surroundings(function)
        self.findings = findings
        self.innocent = True

    def tell(self, token: Token, result: object) -> None:
        """What this call did besides returning."""
        self.tell_reads(token)
        report = self.findings.report
        for sight in token.lasting():
            if sight.kind not in rules.READS and sight.kind != rules.MOCK:
                report("effect", token, about=sight.kind, what=sight.what, where=sight.where)
        found = self.surroundings.change(token.places, result) if token.places is not None else None
        if found is not None:
            report("global", token, about=found[0], before=found[1], after=found[2])
        changed = _changed_argument(token)
        if changed is not None:
            name = self.findings.argument(changed.place)
            report("argument", token, argument=name, before=changed.before, after=changed.after)

    def tell_reads(self, token: Token) -> None:
        """What this call reads."""
        for sight in token.lasting():
            if sight.kind in rules.READS:
                self.findings.report("reads", token, about=sight.kind, what=sight.what, where=sight.where)

    def judge(self, token: Token, result: object) -> None:
        """Whether a call of a function with a cache did nothing but return, so that it may be run again."""
        if token.seen is None or token.places is None:
            return
        seen = (*token.seen.sights.values(), *token.lasting())
        quiet = {sight.kind for sight in seen} <= rules.HARMLESS and not token.seen.partial
        changed = _changed_argument(token) or self.surroundings.change(token.places, result)
        self.innocent = self.innocent and quiet and changed is None
        self.tell_reads(token)


def _changed_argument(token: Token) -> Optional[Difference]:
    if token.before is None:
        return None
    return difference.compare(token.before, arguments_of(token)).difference
