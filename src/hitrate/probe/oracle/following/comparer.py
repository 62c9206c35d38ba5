"""Compares the result that a cache would hand out with what the function gives.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from .. import difference, rules, shortrepr, snapshot
from ..results import natures, remembered, sources
from .followed import Weak, changed_state, types_of, unlike

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Set, Union

    from ..difference import Comparison, Difference
    from ..snapshot import Snapshot
    from .findings import Findings
    from .followed import Counts, KeptCall, Token


class Comparer:
    """Compares the results of one function.

    Attributes:
        read_by: Places of results that were filled in use, and whose code has been looked at.
    """

    def __init__(self, findings: Findings, cached: bool) -> None:
        self.findings = findings
        self.cached = cached
        self.read_by: Set[str] = set()

    def compare(self, entry: KeptCall, token: Token, result: object, fresh: Snapshot, counts: Counts) -> None:
        """Compare the result that is kept with the one that the function has just computed.

        Args:
            entry: The key.
            token: The call.
            result: What it returned.
            fresh: A snapshot of that.
            counts: How much was looked at.
        """
        kept = entry.held()
        counts.compared += 1
        if kept is result and not snapshot.is_plain(result):
            entry.shared = True
            return
        if snapshot.one_shot(result) is not None and kept is not None:
            self.findings.report("one-shot", token, what=snapshot.one_shot(result))
        if kept is None and entry.state.tree is not None:
            self._compare_unheld(entry, token, fresh, counts)
            return
        now = entry.state if kept is None or snapshot.is_plain(kept) else snapshot.take(kept)
        found = difference.compare(now, fresh, together=now is not entry.state)
        counts.unknown += found.unknown
        counts.partial += found.partial and not found.unknown
        self._tell_natures(entry, token, found)
        self._tell_remembered(entry, token, kept, found.memos, result)
        if found.difference is not None:
            self.explain(entry, token, now, fresh, found.difference)
        elif fresh.plain and not entry.shared:
            entry.shared = difference.share(now, fresh)

    def _compare_unheld(self, entry: KeptCall, token: Token, fresh: Snapshot, counts: Counts) -> None:
        """The earlier object is gone: only builtin data can be told from its snapshot.

        Other objects may have filled memos, or refer to a world that has changed since.
        """
        found = difference.compare(entry.state, fresh)
        plain = fresh.plain and entry.state.plain
        self._tell_natures(entry, token, found)
        counts.unknown += found.unknown or (found.difference is not None and not plain)
        counts.partial += found.partial and not found.unknown
        if found.difference is not None and plain:
            self.differs(entry, token, found.difference)

    def _tell_natures(self, entry: KeptCall, token: Token, found: Comparison) -> None:
        """What results are that cannot stand for each other.

        Not of a function with a cache: there that may be what the cache is for.
        """
        if not entry.shared and not self.cached:
            for name, nature in found.identities.items():
                self.findings.report("lazy" if nature == natures.QUERY else "identity", token, what=name)

    def _tell_remembered(
        self,
        entry: KeptCall,
        call: Union[KeptCall, Token],
        kept: object,
        memos: List[remembered.Memo],
        unused: object = None,
    ) -> None:
        """Whether a result remembers what it read after it was returned.

        That it does is seen from another one that remembers something other, or told from its code.
        """
        latest = remembered.of(kept, memos) if memos and not entry.shared and not self.cached else None
        if latest is None or type(entry.kept) is Weak:
            return
        earlier, entry.remembered = entry.remembered, latest
        unlike = earlier.unlike(latest, remembered.grown(memos)) if earlier is not None else None
        if unlike is not None:
            self.findings.report("lazy", call, place=unlike.place, before=unlike.before, after=unlike.after)
        elif not self.read_by.issuperset(latest.by_place):
            reader = sources.reader_of((kept, unused), [*latest.by_place])
            self.read_by.update(latest.by_place)
            if reader:
                self.findings.report("lazy", call, what=reader)

    def explain(
        self, entry: KeptCall, token: Token, now: Snapshot, fresh: Snapshot, found: Optional[Difference]
    ) -> None:
        """A cache would hand out something else: was that changed since, or is the fresh result another?"""
        state = entry.state
        changed = None if now is state else difference.compare(state, now).difference
        if changed is not None:
            self.aliased(token, changed)
            found = difference.compare(state, fresh).difference
        if found is not None:
            self.differs(entry, token, found)

    def aliased(self, call: Union[KeptCall, Token], changed: Difference) -> None:
        """The object that a cache would hand out was changed since it was returned."""
        self.findings.report("aliased", call, place=changed.place, before=changed.before, after=changed.after)

    def differs(self, entry: KeptCall, token: Token, found: Difference) -> None:
        """Equal arguments, another result: because of their types, their content, or something hidden."""
        kind, cause, place = "stale", "hidden", changed_state(entry, token)
        if types_of(token) != types_of(entry):
            kind, cause = "typed", "types"
        elif place is not None:
            cause = "state"
        else:
            place = unlike(entry, token)
            if place is not None:
                kind, cause = ("typed", "nested types") if place.is_type else ("stale", "coarse")
        self.findings.report(
            kind,
            token,
            cause=cause,
            argument=self.findings.argument(place.place) if place is not None else "",
            place=found.place,
            before=found.before,
            after=found.after,
            first=shortrepr.show(entry.args, entry.kwargs),
            first_test=entry.test,
            reads=sorted({sight.kind for sight in token.lasting() if sight.kind in rules.READS}),
        )

    def look_back(self, entry: KeptCall) -> None:
        """What the last receiver of a result has made of it, where each receiver got one of its own."""
        kept = entry.held()
        if not entry.hits or kept is None or entry.shared:
            return
        now = snapshot.take(kept)
        if not entry.state.plain:
            self._tell_remembered(entry, entry, kept, difference.compare(now, entry.state).memos)
            return
        changed = difference.compare(entry.state, now).difference
        if changed is not None:
            self.aliased(entry, changed)
