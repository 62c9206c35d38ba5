"""The change to make, in the form in which a maintainer of the file would write it."""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hitrate.errors import InputError
from hitrate.report.model import EditReport, FunctionReport, Report, Verdict
from hitrate.source import Definition, Source, logical_start

FUNCTOOLS = "functools"
LRU_CACHE = "lru_cache"

Import = ast.Import | ast.ImportFrom
Edits = tuple[EditReport, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to write.

    Attributes:
        decorator: The decorator line; None where one is to be removed.
        edits: The whole change, import included, top down.
    """

    decorator: str | None
    edits: Edits


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How the file says ``lru_cache``, and the edit of its imports that this needs."""

    name: str
    edits: Edits = ()


def advised(report: Report, read: Callable[[str], Source]) -> Report:
    """The report with the exact change for every function that should get, change or lose its cache.

    Args:
        report: The report as it was measured.
        read: Parses a file of the tree, by its path; raises InputError where it cannot.
    """
    return report.model_copy(
        update={"functions": tuple(_with_advice(function, read) for function in report.functions)}
    )


def _with_advice(function: FunctionReport, read: Callable[[str], Source]) -> FunctionReport:
    if function.verdict not in (Verdict.CACHE, Verdict.RESIZE, Verdict.DROP):
        return function
    try:
        source = read(function.path)
    except InputError:
        return function
    found = [
        one for one in source.definitions if (one.qualname, one.line) == (function.qualname, function.line)
    ]
    size = function.recommended_maxsize or function.maxsize
    advice = advise(source, found[0], function.verdict, size, typed=function.typed) if found else None
    if advice is None:
        return function
    return function.model_copy(update={"suggestion": advice.decorator, "edits": advice.edits})


def advise(
    source: Source, definition: Definition, verdict: Verdict, maxsize: int | None, *, typed: bool
) -> Advice | None:
    """The change that a verdict asks for; None where it cannot be written down with certainty.

    Args:
        source: The file.
        definition: The function in it.
        verdict: ``cache``, ``resize`` or ``drop``.
        maxsize: Size of the cache; None is unbounded.
        typed: Whether it keeps equal keys of different types apart.
    """
    arguments = f"(maxsize={maxsize}{', typed=True' if typed else ''})"
    match verdict:
        case Verdict.CACHE:
            return _added(source, definition, arguments)
        case Verdict.RESIZE:
            return _resized(source, definition, arguments)
        case Verdict.DROP:
            return _dropped(source, definition)
    return None


def _added(source: Source, definition: Definition, arguments: str) -> Advice | None:
    spelling = _spelling(source, definition.line)
    if spelling is None or logical_start(source, definition.line) != definition.line:
        return None
    head = _text(source, definition.line)
    decorator = f"@{spelling.name}{arguments}"
    indent = head[: len(head) - len(head.lstrip())]
    edit = EditReport(line=definition.line, before=head, after=(indent + decorator, head))
    return Advice(decorator, _joined([*spelling.edits, edit]))


def _resized(source: Source, definition: Definition, arguments: str) -> Advice | None:
    expression = definition.cache_expression
    if expression is None:
        return None
    callee = expression.func if isinstance(expression, ast.Call) else expression
    name = ast.unparse(callee)
    first, last = expression.lineno, expression.end_lineno or expression.lineno
    before = source.data[source.starts[first - 1] : source.offset(first, expression.col_offset)]
    behind = source.data[source.offset(last, expression.end_col_offset or 0) : source.starts[last]]
    line = before.decode(source.encoding) + name + arguments + behind.decode(source.encoding).rstrip("\r\n")
    replaced = EditReport(line=first, before=_text(source, first), after=(line,))
    decorator = f"@{name}{arguments}"
    return Advice(decorator, (replaced, *_removed(source, range(first + 1, last + 1))))


def _dropped(source: Source, definition: Definition) -> Advice | None:
    expression = definition.cache_expression
    if expression is None or expression not in definition.node.decorator_list:
        return None
    first, last = expression.lineno, expression.end_lineno or expression.lineno
    before = source.data[source.starts[first - 1] : source.offset(first, expression.col_offset)]
    behind = source.data[source.offset(last, expression.end_col_offset or 0) : source.starts[last]]
    if before.strip() != b"@" or not (behind.strip() == b"" or behind.strip().startswith(b"#")):
        return None
    edits = [*_unused_import(source, expression), *_removed(source, range(first, last + 1))]
    return Advice(None, _joined(edits))


# How the file imports functools.


def _spelling(source: Source, line: int) -> _Spelling | None:
    """How to say ``lru_cache`` on ``line``; None where the file uses both names for something else."""
    imports = [node for node in source.module.body if isinstance(node, Import) and node.lineno < line]
    bound = _bound_names(source.module)
    for node in imports:
        for alias in node.names:
            name = _means_lru_cache(node, alias)
            if name is not None and bound.count(name.partition(".")[0]) == 1:
                return _Spelling(name)
    if LRU_CACHE not in bound:
        extended = next(filter(None, (_extended(source, node) for node in imports)), None)
        return _Spelling(
            LRU_CACHE, (extended or _inserted(source, f"from {FUNCTOOLS} import {LRU_CACHE}", line),)
        )
    if FUNCTOOLS not in bound:
        return _Spelling(f"{FUNCTOOLS}.{LRU_CACHE}", (_inserted(source, f"import {FUNCTOOLS}", line),))
    return None


def _means_lru_cache(node: Import, alias: ast.alias) -> str | None:
    if isinstance(node, ast.Import):
        return f"{alias.asname or alias.name}.{LRU_CACHE}" if alias.name == FUNCTOOLS else None
    is_functools = node.module == FUNCTOOLS and node.level == 0
    return (alias.asname or alias.name) if is_functools and alias.name == LRU_CACHE else None


def _bound_names(module: ast.Module) -> list[str]:
    """Every name that the module binds anywhere, as often as it does."""
    names: list[str] = []
    for node in ast.walk(module):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                names.append(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.append(name)
            case ast.alias(name=name, asname=asname):
                names.append(asname or name.partition(".")[0])
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
            ):
                names.append(name)
    return names


def _extended(source: Source, node: Import) -> EditReport | None:
    """``from functools import partial`` with one more name; None for an import of another form."""
    if not isinstance(node, ast.ImportFrom) or node.module != FUNCTOOLS or node.level:
        return None
    return _rewritten(source, node, [*node.names, ast.alias(LRU_CACHE)])


def _rewritten(source: Source, node: ast.ImportFrom, names: Sequence[ast.alias]) -> EditReport | None:
    """The import with other names, where it stands on a line of its own; sorted if it was sorted."""
    line = _text(source, node.lineno)
    if ast.unparse(node) != line:
        return None
    before = [alias.name.lower() for alias in node.names]
    ordered = sorted(names, key=lambda alias: alias.name.lower()) if before == sorted(before) else list(names)
    return EditReport(
        line=node.lineno, before=line, after=(ast.unparse(ast.ImportFrom(node.module, ordered, 0)),)
    )


def _inserted(source: Source, statement: str, line: int) -> EditReport:
    """The import where it belongs: in order among the file's imports above ``line``, else at its top."""
    group = [node for node in _first_imports(source) if node.lineno < line]
    standard = [node for node in group if _module(node).partition(".")[0] in sys.stdlib_module_names]
    if standard:
        return _among(source, standard, statement)
    if group:
        return _above(source, group[0].lineno, [statement, ""])
    body = source.module.body
    start = next(node for node in body if not _is_preface(node, body))
    line = _top(source, _first_line(start))
    before = [""] if line > 1 and _text(source, line - 1).strip() else []
    is_definition = isinstance(start, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    return _above(source, line, [*before, statement, *([""] * (1 + is_definition))])


def _among(source: Source, group: Sequence[Import], statement: str) -> EditReport:
    is_from = statement.startswith("from")
    later = [
        node for node in group if (isinstance(node, ast.ImportFrom), _module(node)) > (is_from, FUNCTOOLS)
    ]
    if later:
        return _above(source, later[0].lineno, [statement])
    line = group[-1].end_lineno or group[-1].lineno
    return EditReport(line=line, before=_text(source, line), after=(_text(source, line), statement))


def _above(source: Source, line: int, lines: Sequence[str]) -> EditReport:
    return EditReport(line=line, before=_text(source, line), after=(*lines, _text(source, line)))


def _top(source: Source, line: int) -> int:
    """The first line of the comment that belongs to what stands on ``line``; a file's own header does not."""
    start = line
    while start > 1 and _text(source, start - 1).startswith("#"):
        start -= 1
    return line if start == 1 else start


def _first_imports(source: Source) -> list[Import]:
    """The first imports that stand line below line, ``__future__`` left out."""
    group: list[Import] = []
    for node in source.module.body:
        if not isinstance(node, Import) or _module(node) == "__future__":
            if group:
                break
            continue
        if group and node.lineno != (group[-1].end_lineno or 0) + 1:
            break
        group.append(node)
    return group


def _module(node: Import) -> str:
    if isinstance(node, ast.Import):
        return node.names[0].name
    return "." * node.level + (node.module or "")


def _is_preface(node: ast.stmt, body: Sequence[ast.stmt]) -> bool:
    """Whether it must stay above every import: docstring and ``from __future__``."""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return True
    return node is body[0] and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)])


def _unused_import(source: Source, expression: ast.expr) -> Iterator[EditReport]:
    """The import of a cache that nothing else in the file uses, taken out."""
    root = expression.func if isinstance(expression, ast.Call) else expression
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return
    loads = [node for node in ast.walk(source.module) if isinstance(node, ast.Name) and node.id == root.id]
    if len(loads) != 1:
        return
    for node in source.module.body:
        if isinstance(node, Import):
            yield from _without(source, node, root.id)


def _without(source: Source, node: Import, name: str) -> Iterator[EditReport]:
    kept = [alias for alias in node.names if (alias.asname or alias.name) != name]
    line = _text(source, node.lineno)
    if len(kept) == len(node.names) or ast.unparse(node) != line:
        return
    if not kept:
        yield EditReport(line=node.lineno, before=line, after=())
    elif isinstance(node, ast.ImportFrom) and (rewritten := _rewritten(source, node, kept)):
        yield rewritten


# Lines and edits.


def _text(source: Source, line: int) -> str:
    return source.line(line).decode(source.encoding).rstrip("\r\n")


def _removed(source: Source, lines: range) -> Iterator[EditReport]:
    for line in lines:
        yield EditReport(line=line, before=_text(source, line), after=())


def _joined(edits: Sequence[EditReport]) -> Edits:
    """The edits top down; what two of them put above one line goes into one edit."""
    joined: dict[int, EditReport] = {}
    for edit in sorted(edits, key=lambda edit: edit.line):
        first = joined.get(edit.line)
        above = first.after[: first.after.index(first.before)] if first else ()
        joined[edit.line] = EditReport(line=edit.line, before=edit.before, after=(*above, *edit.after))
    return tuple(joined.values())
