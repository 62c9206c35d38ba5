"""The change that a maintainer would make by hand: the decorator, and the import in the file's own form.

Where ``hitrate.patching.edits`` patches for a measurement, under private names, this writes what is to stay.
"""

import ast
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hitrate.errors import InputError
from hitrate.source.definitions import Definition, Source, SourceError, first_line, logical_start, parse
from hitrate.source.function import ExistingCache
from hitrate.verdict.judge import Finding
from hitrate.vocabulary import Verdict

ADVISED = (Verdict.CACHE, Verdict.RESIZE, Verdict.DROP)
"""Verdicts that ask for a change."""

_LRU_CACHE = "lru_cache"
_FUNCTOOLS = "functools"
_IMPORT = f"from {_FUNCTOOLS} import {_LRU_CACHE}"


@dataclass(frozen=True, slots=True)
class LineEdit:
    """One line to replace.

    Attributes:
        line: Line of the file as it is, 1-based.
        before: The line without its ending.
        after: The lines to write instead; none removes the line.
    """

    line: int
    before: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """The change to make.

    Attributes:
        decorator: The decorator line to write; None where none is advised.
        edits: The whole change, import included, top down; empty where it cannot be written line by line.
        cache: What the decorator says; None where none is advised.
        imported: The import that the decorator needs, where no ``edits`` show it; None where none is needed.
    """

    decorator: str | None = None
    edits: tuple[LineEdit, ...] = ()
    cache: ExistingCache | None = None
    imported: str | None = None


def advise(source: Source, definition: Definition, wanted: ExistingCache | None) -> tuple[LineEdit, ...]:
    """The lines to change, top down; none where the change cannot be written line by line.

    Args:
        source: The file.
        definition: The function.
        wanted: The cache that it should carry; None takes its cache off.
    """
    if wanted is None:
        edits = _without(source, definition)
    elif definition.cache is not None:
        edits = _resized(source, definition, wanted)
    else:
        edits = _with(source, definition, wanted)
    return edits if edits and _is_right(source, definition, wanted, edits) else ()


def advice_on(finding: Finding, read: Callable[[str], Source]) -> Advice:
    """The exact change for a function that should get, change or lose its cache; none for any other.

    Args:
        finding: The verdict and what it rests on.
        read: Parses a file of the tree, by its path; raises InputError where it cannot.
    """
    function = finding.evidence.function
    if finding.verdict not in ADVISED:
        return Advice()
    wanted = wanted_cache(finding)
    decorator = f"@{_LRU_CACHE}({arguments(wanted)})" if wanted else None
    unwritten = Advice(decorator, (), wanted, _IMPORT if function.cache is None else None)
    try:
        source = read(function.path)
    except InputError:
        return unwritten
    for definition in source.definitions:
        if (definition.qualname, definition.line) == (function.qualname, function.line):
            edits = advise(source, definition, wanted)
            if not edits:
                return unwritten
            added = (line.strip() for edit in edits for line in edit.after if line != edit.before)
            return Advice(next((line for line in added if line.startswith("@")), decorator), edits, wanted)
    return unwritten


def wanted_cache(finding: Finding) -> ExistingCache | None:
    """The cache that a function should carry by its verdict; None takes its cache off."""
    evidence, present = finding.evidence, finding.evidence.function.cache
    return cache_for(
        finding.verdict,
        evidence.recommended_maxsize or evidence.maxsize,
        typed=present is not None and present.typed,
    )


def cache_for(verdict: Verdict, maxsize: int | None, *, typed: bool) -> ExistingCache | None:
    """The cache of a function that has this verdict; None takes its cache off."""
    return None if verdict is Verdict.DROP else ExistingCache(maxsize, typed)


def made(source: Source, edits: Sequence[LineEdit]) -> bytes:
    """The file with the edits made."""
    parts, end = [source.data[: source.starts[0]]], 1
    encoding = source.encoding.removesuffix("-sig")
    for edit in edits:
        line = source.line(edit.line)
        ending = line[len(line.rstrip(b"\r\n")) :] or b"\n"
        parts += [source.line(number) for number in range(end, edit.line)]
        parts += [text.encode(encoding) + ending for text in edit.after]
        end = edit.line + 1
    return b"".join(parts) + source.data[source.starts[end - 1] :]


def _is_right(
    source: Source, definition: Definition, wanted: ExistingCache | None, edits: Sequence[LineEdit]
) -> bool:
    """Whether the edited file gives the function the cache that it should have, and changes no other."""
    try:
        after = parse(made(source, edits))
    except (SourceError, UnicodeError):
        return False
    number = source.definitions.index(definition)
    expected = [one.cache for one in source.definitions]
    expected[number] = wanted
    return [one.cache for one in after.definitions] == expected


def arguments(wanted: ExistingCache) -> str:
    """What stands between the brackets of the decorator."""
    return f"maxsize={wanted.maxsize}{', typed=True' if wanted.typed else ''}"


def _with(source: Source, definition: Definition, wanted: ExistingCache) -> tuple[LineEdit, ...]:
    name = _name(source, definition)
    if name is None:
        return ()
    line = logical_start(source, definition.line)
    before = _text(source, line)
    indentation = before[: len(before) - len(before.lstrip())]
    decorator = LineEdit(
        line=line, before=before, after=(f"{indentation}@{name.text}({arguments(wanted)})", before)
    )
    return _joined([*name.edits, decorator])


def _joined(edits: Sequence[LineEdit]) -> tuple[LineEdit, ...]:
    """The edits with those of one line made one: what the first adds above it, then what the second does."""
    first, *others = edits
    if others and others[0].line == first.line:
        return (LineEdit(line=first.line, before=first.before, after=(*first.after[:-1], *others[0].after)),)
    return tuple(edits)


@dataclass(frozen=True, slots=True)
class _Name:
    """How the decorator is written, and what has to be imported for it."""

    text: str
    edits: tuple[LineEdit, ...] = ()


def _name(source: Source, definition: Definition) -> _Name | None:
    """The decorator's name in this file; None where it could be mistaken for something else."""
    if _shadowed(source):
        return None
    top = [node for node in source.module.body if isinstance(node, ast.Import | ast.ImportFrom)]
    earlier = [node for node in top if node.lineno < definition.line]
    from_functools = [node for node in earlier if _is_from(node, _FUNCTOOLS)]
    for node in from_functools:
        for alias in node.names:
            if alias.name == _LRU_CACHE:
                return _Name(alias.asname or _LRU_CACHE)
    for node in earlier:
        for alias in node.names if isinstance(node, ast.Import) else ():
            if alias.name == _FUNCTOOLS:
                return _Name(f"{alias.asname or _FUNCTOOLS}.{_LRU_CACHE}")
    for node in from_functools:
        if edit := _extended(source, node):
            return _Name(_LRU_CACHE, (edit,))
    added = _imported(source, earlier)
    return _Name(_LRU_CACHE, (added,)) if added else None


def _is_from(node: ast.stmt, module: str) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == module and not node.level


def _shadowed(source: Source) -> bool:
    """Whether the file uses the names that would be written for something of its own."""
    own = {
        node.name
        for node in ast.walk(source.module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assigned = {
        node.id
        for node in ast.walk(source.module)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    taken = {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(source.module)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _is_from(node, _FUNCTOOLS)
        for alias in node.names
        if alias.name != _FUNCTOOLS
    }
    return bool((own | assigned | taken) & {_LRU_CACHE, _FUNCTOOLS})


def _extended(source: Source, node: ast.Import | ast.ImportFrom) -> LineEdit | None:
    """``from functools import …`` with one name more, where its names stand in order in that order."""
    names = [alias.name for alias in node.names]
    if names == ["*"]:
        return None
    later = (
        next((alias for alias in node.names if alias.name > _LRU_CACHE), None)
        if names == sorted(names)
        else None
    )
    beside = later or node.names[-1]
    line = beside.lineno
    before = _text(source, line)
    alone = before.strip().rstrip(",") == ast.unparse(beside)
    if alone and node.lineno != node.end_lineno:
        indentation = before[: len(before) - len(before.lstrip())]
        added = f"{indentation}{_LRU_CACHE},"
        kept = before if before.rstrip().endswith(",") else f"{before},"
        return LineEdit(line=line, before=before, after=(added, before) if later else (kept, added))
    place = beside.col_offset if later else (beside.end_col_offset or 0)
    text = f"{_LRU_CACHE}, " if later else f", {_LRU_CACHE}"
    column = source.offset(line, place) - source.starts[line - 1]
    return LineEdit(line=line, before=before, after=(_spliced(source, line, column, column, text),))


def _imported(source: Source, imports: Sequence[ast.Import | ast.ImportFrom]) -> LineEdit | None:
    """The import as a line of its own, sorted among those of the standard library."""
    present = [node for node in imports if not _is_from(node, "__future__")]
    standard = [node for node in present if _is_standard(node)]
    if standard:
        later = next((node for node in standard if _order(node) > (1, _FUNCTOOLS)), None)
        if later is not None:
            return _before(source, later.lineno, (_IMPORT,))
        return _after(source, standard[-1].end_lineno or standard[-1].lineno, (_IMPORT,))
    if present:
        return _before(source, present[0].lineno, (_IMPORT, ""))
    return _first_import(source, imports)


def _first_import(source: Source, imports: Sequence[ast.Import | ast.ImportFrom]) -> LineEdit | None:
    """The import in a file without any but those from the future."""
    if imports:
        return _after(source, imports[-1].end_lineno or imports[-1].lineno, ("", _IMPORT))
    body = source.module.body
    documented = (
        isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    )
    if documented:
        return _after(source, body[0].end_lineno or body[0].lineno, ("", _IMPORT))
    first = body[0]
    if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return _before(source, first_line(source, first), (_IMPORT, "", ""))
    return _before(source, first.lineno, (_IMPORT, ""))


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    return _module(node).partition(".")[0] in sys.stdlib_module_names


def _module(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.Import):
        return node.names[0].name
    return "." * node.level + (node.module or "")


def _order(node: ast.Import | ast.ImportFrom) -> tuple[int, str]:
    """``import …`` comes before ``from … import …``, each by name, as import sorters have it."""
    return (int(isinstance(node, ast.ImportFrom)), _module(node).lower())


def _before(source: Source, line: int, added: Sequence[str]) -> LineEdit:
    before = _text(source, line)
    return LineEdit(line=line, before=before, after=(*added, before))


def _after(source: Source, line: int, added: Sequence[str]) -> LineEdit:
    before = _text(source, line)
    return LineEdit(line=line, before=before, after=(before, *added))


def _resized(source: Source, definition: Definition, wanted: ExistingCache) -> tuple[LineEdit, ...]:
    """The present decorator with the new size."""
    present = definition.cache_expression
    if present is None or present not in definition.node.decorator_list:
        return ()
    if not isinstance(present, ast.Call):
        end = source.offset(present.lineno, present.end_col_offset or 0) - source.starts[present.lineno - 1]
        after = _spliced(source, present.lineno, end, end, f"({arguments(wanted)})")
        return (LineEdit(line=present.lineno, before=_text(source, present.lineno), after=(after,)),)
    size = present.args[0] if present.args else None
    size = next((keyword.value for keyword in present.keywords if keyword.arg == "maxsize"), size)
    if isinstance(size, ast.Constant) and size.lineno == size.end_lineno:
        return (_replaced(source, size, str(wanted.maxsize)),)
    return ()


def _without(source: Source, definition: Definition) -> tuple[LineEdit, ...]:
    """The lines of the decorator taken out."""
    present = definition.cache_expression
    if present is None or present not in definition.node.decorator_list:
        return ()
    first = present.lineno
    while first > 1 and not _text(source, first).lstrip().startswith("@"):
        first -= 1
    last = present.end_lineno or present.lineno
    return tuple(LineEdit(line=line, before=_text(source, line), after=()) for line in range(first, last + 1))


def _replaced(source: Source, node: ast.expr, text: str) -> LineEdit:
    start = source.offset(node.lineno, node.col_offset) - source.starts[node.lineno - 1]
    end = source.offset(node.lineno, node.end_col_offset or 0) - source.starts[node.lineno - 1]
    after = _spliced(source, node.lineno, start, end, text)
    return LineEdit(line=node.lineno, before=_text(source, node.lineno), after=(after,))


def _spliced(source: Source, line: int, start: int, end: int, text: str) -> str:
    """A line with the bytes from ``start`` to ``end`` replaced."""
    whole = source.line(line)
    return (whole[:start] + text.encode() + whole[end:]).decode(source.encoding).rstrip("\r\n")


def _text(source: Source, line: int) -> str:
    """A line without its end."""
    return source.line(line).decode(source.encoding).rstrip("\r\n")
