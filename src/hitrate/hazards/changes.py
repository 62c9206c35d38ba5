"""English words about inputs that changed between calls."""

from hitrate.hazards.observations import ChangedInput
from hitrate.source.doubt import Doubt
from hitrate.wording.text import quoted


def change_of_input(seen: ChangedInput) -> str:
    """From what to what it changed, and in which tests."""
    first, then = (quoted(test, 200) if test else "" for test in (seen.first_test, seen.test))
    if not first or first == then:
        return f"{quoted(seen.before)}, then {quoted(seen.after)}{f' in {then}' if then else ''}"
    return f"{quoted(seen.before)} in {first}, then {quoted(seen.after)} in {then}"


def how_changed(doubt: Doubt, where: str) -> str:
    """From what to what it changed, the first of several, where that is read, and what to do."""
    if len(doubt.names) > 1:
        read = f", read{where}" if where else ""
        return f"({doubt.names[0]}: {doubt.by}{read}); pass them as arguments"
    read = f"it is read{where}; " if where else ""
    return f"({doubt.by}); {read}pass it as an argument"
