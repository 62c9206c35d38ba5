"""What one call did besides returning, and a cached one would not.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
"""

from __future__ import annotations

from .. import difference, rules, shortrepr, snapshot
from ..results import natures
from ..state import positions, unreadable
from ..state.changes import State, name_of
from ..surroundings import Surroundings
from .followed import arguments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Optional

    from ..difference import Difference
    from .findings import Findings
    from .followed import Token


QUIET = 6


class Effects:
    """Looks at what calls of one function read and change.

    Attributes:
        innocent: Whether all calls that were judged did nothing but return, as far as they were seen.
        judged: How many of those were seen to their end.
        looks: How many repeated calls were searched for changes of all that they reach by name; after
            ``QUIET`` without any only what is read is looked at.
        gives_ended: Whether what it makes has been closed before anybody has it.
    """

    def __init__(self, function: types.FunctionType, findings: Findings) -> None:
        self.surroundings = Surroundings(function)
        self.findings = findings
        self.state = State(function)
        self.innocent = True
        self.judged = 0
        self.looks = 0
        self.gives_ended = False

    def look(self, token: Token, deep: bool) -> None:
        """Read what the call may change or reads besides its arguments.

        Args:
            token: The call, which begins.
            deep: Whether to read all that its code reaches by name.
        """
        token.places = self.surroundings.look(token.args)
        if token.before is not None:
            token.positions = [(value, positions.position(value)) for value in token.before.moving]
        if deep:
            token.state = self.state.look(token.args)

    def tell(self, token: Token, result: object) -> None:
        """What this call did besides returning."""
        self.tell_reads(token)
        self._tell_state(token, result)
        report = self.findings.report
        for sight in token.lasting():
            if sight.kind not in rules.READS and sight.kind != rules.MOCK:
                report("effect", token, about=sight.kind, what=sight.what, where=sight.where)
        found = self.surroundings.change(token.places, result) if token.places is not None else None
        if found is not None:
            report("global", token, about=found[0], before=found[1], after=found[2], gives=found[3])
        changed = _changed_argument(token)
        if changed is not None:
            name = self.findings.argument(changed.place)
            report("argument", token, argument=name, before=changed.before, after=changed.after)
        for name, value in self.findings.named_arguments(token):
            what = unreadable.what_is(value)
            if what is not None:
                report("opaque", token, argument=name, what=what)
        for place, value in unreadable.moved_on(token):
            what = shortrepr.thing(type(value))
            report("opaque", token, argument=self.findings.argument(place), what=what)

    def _tell_state(self, token: Token, result: object) -> None:
        """What of all that its code reaches by name this call changed, and what it found changed."""
        state, before, report = self.state, token.state, self.findings.report
        if token.seen is not None:
            state.learn(token.seen.codes)
        if before is None:
            return
        if self.looks < QUIET or state.own:
            self.looks += 1
            changed, drawn = state.effects(before, state.look(token.args), result)
            for each in changed[:1]:
                report(
                    "global", token, about=each.name, before=each.before, after=each.after, gives=each.gives
                )
            for identity, value in token.seen.touched.items() if token.seen is not None else ():
                if identity in before.unreadable:
                    what = shortrepr.thing(type(value))
                    report("opaque", token, argument=name_of(before.unreadable[identity]), what=what)
            for name in drawn:
                report("reads", token, about=rules.RANDOM, what=name, where="")
        self._tell_inputs(token, result)

    def _tell_inputs(self, token: Token, result: object) -> None:
        """What the call read that was another thing in an earlier one."""
        if token.state is None:
            return
        for each in self.state.inputs(token.state, result, self.findings.oracle.current_test):
            self.findings.report(
                "changed", token, what=each.name, before=each.before, after=each.after, where=each.where,
                first_test=each.test,
            )  # fmt: skip

    def note_served(self, token: Token, result: object) -> None:
        """Know what a call found that a cache answered, to tell those that the function computes later."""
        if not self.gives_ended and natures.has_ended(result):
            self.findings.report("ended", token, what=snapshot.name_of(type(result)))
        if token.state is not None:
            self.state.note(token.state, self.findings.oracle.current_test)

    def tell_reads(self, token: Token) -> None:
        """What this call reads."""
        for sight in token.lasting():
            if sight.kind in rules.READS:
                self.findings.report("reads", token, about=sight.kind, what=sight.what, where=sight.where)

    def judge(self, token: Token, result: object) -> None:
        """Whether a call of a function with a cache did nothing but return, so that it may be run again.

        One that was not seen to its end says nothing for the others: where keys take long to compare, what is
        seen may end with that. Nor does one that ran code which may have changed what was not looked at.
        """
        self.gives_ended = self.gives_ended or natures.has_ended(result)
        if token.seen is None or token.places is None:
            return
        unknown = self.state.may_have_changed(token.seen.codes)
        self.state.learn(token.seen.codes)
        self._tell_inputs(token, result)
        seen = (*token.seen.sights.values(), *token.lasting())
        quiet = {sight.kind for sight in seen} <= rules.HARMLESS
        changed = _changed_argument(token) or self.surroundings.change(token.places, result)
        self.innocent = self.innocent and quiet and changed is None and not self._has_changed(token, result)
        if token.entry is not None:
            token.entry.whole = not (token.seen.partial or natures.can_end(result))
        self.judged += not (token.seen.partial or unknown)
        self.tell_reads(token)

    def _has_changed(self, token: Token, result: object) -> bool:
        """Whether something that its code reaches by name is not as it was before the call."""
        if token.state is None:
            return False
        changed, drawn = self.state.effects(token.state, self.state.look(token.args), result, at_once=True)
        return bool(changed or drawn)


def _changed_argument(token: Token) -> Optional[Difference]:
    if token.before is None:
        return None
    return difference.compare(token.before, arguments_of(token)).difference
