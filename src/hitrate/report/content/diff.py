"""The change that a report advises, as a diff."""

from collections.abc import Iterator
from itertools import islice

from hitrate.report.model import EditReport, FunctionReport

LINES = 60
"""Lines of a change that are shown: Hitrate advises a few."""


def diff(function: FunctionReport) -> str | None:
    """The change to make as the lines of a diff, None where no change is advised.

    Each edit is a hunk headed by its line. Where the report does not know the source lines, the import and
    the decorator are shown above the function's name.
    """
    if function.edits:
        lines = list(islice((line for edit in function.edits for line in _hunk(edit)), LINES + 1))
        return "\n".join(lines if len(lines) <= LINES else [*lines[:LINES], "@@ … @@"])
    if function.suggestion is None:
        return None
    return "\n".join(_sketch(function, function.suggestion))


def _hunk(edit: EditReport) -> Iterator[str]:
    yield f"@@ line {edit.line} @@"
    if edit.before not in edit.after:
        yield f"-{edit.before}"
    kept = False
    for line in edit.after:
        same = line == edit.before and not kept
        kept = kept or same
        yield f"{' ' if same else '+'}{line}"


def _sketch(function: FunctionReport, suggestion: str) -> Iterator[str]:
    if function.suggested_import is not None:
        yield f"+{function.suggested_import}"
    yield f"@@ line {function.line} @@"
    yield f"+{suggestion}"
    yield f" def {function.qualname.rpartition('.')[2]}(…):"
