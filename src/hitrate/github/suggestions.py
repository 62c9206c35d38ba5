"""Review suggestions: the advised change as one click on lines of the diff.

What is suggested is made here, from the file as GitHub has it and from the numbers of the report; no text of
the report is used. A suggestion that stands is not repeated, one that is no longer right is taken back.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hitrate.github.answers import Owner
from hitrate.github.retry import UnclearError
from hitrate.github.review import Draft, Review, ReviewComment
from hitrate.report.escape import markdown_code
from hitrate.report.model import FunctionReport, Report
from hitrate.source.definitions import Source, SourceError, parse
from hitrate.source.function import ExistingCache
from hitrate.verdict.advice import ADVISED, LineEdit, advise, cache_for
from hitrate.vocabulary import Verdict

SUGGESTIONS = 20
"""More than these on one review help nobody; the comment has the rest."""

SPAN = 30
"""Lines that one suggestion may replace."""

_WITHDRAWN = "0"
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_MARKER = re.compile(r"<!-- hitrate-suggestion id=(?P<id>[\w.-]+) key=(?P<key>[0-9a-f]+) -->")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One comment of a review.

    Attributes:
        path: File.
        first: First line that it replaces, of the head's file.
        last: Last line that it replaces.
        body: Its text without the marker.
    """

    path: str
    first: int
    last: int
    body: str

    @property
    def key(self) -> str:
        """The same as long as the same is suggested, wherever in the file that is."""
        return hashlib.sha256(f"{self.path}\0{self.body}".encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of the suggestions.

    Attributes:
        posted: New ones.
        standing: Those that are there already.
        withdrawn: Those that were taken back.
        outside: Functions whose change is not within the diff, and so cannot be suggested.
    """

    posted: int = 0
    standing: int = 0
    withdrawn: int = 0
    outside: int = 0


def review(review: Review, report: Report, comment_id: str, owner: Owner | None) -> Reviewed:
    """Bring the suggestions on a pull request up to date.

    Args:
        review: The pull request's review comments and files.
        report: What is advised.
        comment_id: Tells several Hitrates on one pull request apart.
        owner: Whose comments are the token's own, None to find out; those of others are left alone.

    Raises:
        GitHubError: GitHub did not do it.
    """
    wanted, outside = _wanted(review, report)
    present = _present(review, comment_id, owner)
    standing = {_marker(one, comment_id) for one in present if one.line is not None}
    new = [one for one in wanted if one.key not in standing]
    if new:
        _post(review, new, comment_id)
    keys = {one.key for one in wanted}
    stale = [one for one in present if one.line is None or _marker(one, comment_id) not in keys]
    for comment in stale:
        _withdraw(review, comment, comment_id)
    return Reviewed(len(new), len(wanted) - len(new), len(stale), outside)


def withdraw(review: Review, comment_id: str, owner: Owner | None) -> Reviewed:
    """Take back what was suggested, since nobody knows whether it is still right.

    Args:
        review: The pull request's review comments.
        comment_id: As for :func:`review`.
        owner: As for :func:`review`.

    Raises:
        GitHubError: GitHub did not do it.
    """
    present = _present(review, comment_id, owner)
    for comment in present:
        _withdraw(review, comment, comment_id)
    return Reviewed(withdrawn=len(present))


def _present(review: Review, comment_id: str, owner: Owner | None) -> list[ReviewComment]:
    """The token's own suggestions that have not been taken back."""
    marked = [one for one in review.comments() if _marker(one, comment_id) not in (None, _WITHDRAWN)]
    if marked and owner is None:
        owner = review.owner(marked[0].id)
    return [one for one in marked if owner and owner.wrote(one.author)]


def _wanted(review: Review, report: Report) -> tuple[list[Suggestion], int]:
    """The suggestions that fit on the diff, and the number of functions whose change does not."""
    by_path: dict[str, list[FunctionReport]] = {}
    for function in report.functions:
        if function.verdict in ADVISED and function.acknowledged is None:
            by_path.setdefault(function.path, []).append(function)
    found: list[Suggestion] = []
    outside = 0
    patches = review.patches() if by_path else {}
    for path, functions in by_path.items():
        shown = shown_lines(patches.get(path, ""))
        source = _source(review.content(path)) if shown else None
        made, left_out = suggestions(source, functions, shown) if source else ([], len(functions))
        found += made
        outside += left_out
    return found[:SUGGESTIONS], outside


def suggestions(
    source: Source, functions: Sequence[FunctionReport], shown: Mapping[int, int]
) -> tuple[list[Suggestion], int]:
    """The suggestions for the functions of one file, and how many of them got none.

    Args:
        source: The file at the head.
        functions: What is advised; only their names, lines and numbers are used.
        shown: Lines that the diff shows, each with the number of its hunk.
    """
    changes = [(function, _change(source, function, shown)) for function in functions]
    # An import that several functions need is suggested once, by itself.
    needed = Counter(edit for _, edits in changes for edit in edits)
    shared = [edit for edit, functions_ in needed.items() if functions_ > 1]
    path = functions[0].path
    found = [_suggestion(source, path, [edit], "The suggestions below need this import.") for edit in shared]
    for function, edits in changes:
        groups = _grouped([edit for edit in edits if edit not in shared], shown)
        apart = " Apply it together with the import." if shared or len(groups) > 1 else ""
        found += [_suggestion(source, path, group, _what(function) + apart) for group in groups]
    return found, sum(not edits for _, edits in changes)


def _cache_of(function: FunctionReport) -> ExistingCache | None:
    return cache_for(function.verdict, function.recommended_maxsize or function.maxsize, typed=function.typed)


def _change(source: Source, function: FunctionReport, shown: Mapping[int, int]) -> tuple[LineEdit, ...]:
    """The lines to change for a function; none if they are not all within the diff."""
    for definition in source.definitions:
        if (definition.qualname, definition.line) == (function.qualname, function.line):
            edits = advise(source, definition, _cache_of(function))
            return edits if all(edit.line in shown for edit in edits) else ()
    return ()


def _what(function: FunctionReport) -> str:
    name = markdown_code(function.qualname)
    match function.verdict:
        case Verdict.DROP:
            return f"The cache of {name} does not earn its keep."
        case Verdict.RESIZE:
            return f"The cache of {name} has the wrong size."
        case _:
            return f"{name} is worth caching."


def _grouped(edits: Sequence[LineEdit], shown: Mapping[int, int]) -> list[list[LineEdit]]:
    """Edits that one suggestion can make together: near each other, in one hunk."""
    groups: list[list[LineEdit]] = []
    for edit in edits:
        near = (
            groups and edit.line - groups[-1][0].line < SPAN and shown[edit.line] == shown[groups[-1][0].line]
        )
        if near:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    return groups


def _suggestion(source: Source, path: str, edits: Sequence[LineEdit], text: str) -> Suggestion:
    first, last = edits[0].line, edits[-1].line
    changed = {edit.line: edit.after for edit in edits}
    lines = [
        line
        for number in range(first, last + 1)
        for line in changed.get(number, (source.line(number).decode(source.encoding).rstrip("\r\n"),))
    ]
    ticks = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, ticks + 1)
    return Suggestion(path, first, last, "\n".join([text, "", f"{fence}suggestion", *lines, fence]))


def shown_lines(patch: str) -> dict[int, int]:
    """Lines of the new file that a patch shows, each with the number of its hunk."""
    shown: dict[int, int] = {}
    line = hunk = 0
    for text in patch.split("\n"):
        if found := _HUNK.match(text):
            line, hunk = int(found[1]), hunk + 1
        elif hunk and not text.startswith(("-", "\\")):
            shown[line] = hunk
            line += 1
    return shown


def _source(content: bytes | None) -> Source | None:
    if content is None:
        return None
    try:
        return parse(content)
    except SourceError:
        return None


def _marker(comment: ReviewComment, comment_id: str) -> str | None:
    """The key of a suggestion with this id; None if the comment is none."""
    found = _MARKER.match(comment.body)
    return found["key"] if found and found["id"] == comment_id else None


def _body(key: str, comment_id: str, text: str) -> str:
    return f"<!-- hitrate-suggestion id={comment_id} key={key} -->\n{text}"


def _post(review: Review, new: Sequence[Suggestion], comment_id: str) -> None:
    drafts = [Draft(one.path, one.first, one.last, _body(one.key, comment_id, one.body)) for one in new]
    try:
        review.create(drafts)
    except UnclearError:
        present = {_marker(one, comment_id) for one in review.comments()}
        missing = [draft for draft, one in zip(drafts, new, strict=True) if one.key not in present]
        if missing:
            review.create(missing)


def _withdraw(review: Review, comment: ReviewComment, comment_id: str) -> None:
    """Take a suggestion back; one that was answered stays as a word, so that the talk keeps its sense."""
    if not comment.answered:
        review.delete(comment.id)
    else:
        review.edit(
            comment.id, _body(_WITHDRAWN, comment_id, "Withdrawn: this suggestion is no longer right.")
        )
