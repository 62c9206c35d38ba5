"""A source file in pieces that change each for itself: what stands in functions, and everything else."""

import ast
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath

from hitrate.memory.docstrings import reads_docstrings, speaks_of_docstrings
from hitrate.memory.model import WHOLE
from hitrate.memory.names.bindings import Binding, bindings, code_of, exported, imported
from hitrate.memory.nodes import nodes, statements
from hitrate.source.definitions import Definition, Scope, Source, first_line

OUTSIDE = ""
"""Name of the piece that is run when the file is imported: all that stands in no function."""
DOCSTRINGS = '"'
"""Name of a piece that only those can tell from another one that read docstrings; before that of a name."""
READER = "?"
"""What stands among the pieces of a file that may read docstrings; before its name if only one does."""
CONFTEST = "conftest.py"
BOUND = "="
"""Stands before the names of what is bound by a statement that does nothing else."""
EXPORTED = "+"
"""Stands before the names that a file exports, each a piece that is there or not."""
NO_FUNCTIONS = frozenset({OUTSIDE, WHOLE})
"""Names among the pieces of a file that are none of a function, a class, a binding or a docstring."""
_HOLE = b"\0"
_DIGEST_BYTES = 8
_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py")
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Holder = ast.Module | ast.ClassDef | _Function


class FileKind(Enum):
    """Who looks for what the names of a file are bound to."""

    ORDINARY = "whoever names it"
    SEEN = "pytest or a library, so that it is no matter who names it"
    TESTS = "pytest, test by test"


def digests(source: Source, kind: FileKind = FileKind.ORDINARY) -> dict[str, str]:
    """What each piece of a file looks like, as a short hash, by the qualified name of the function.

    A function's piece is its body, with the functions in it; a method's too. Its decorators, parameters,
    defaults, and whether it is a generator, are what its name is bound to: others than those that call it may
    see them. What statements bind that do nothing else are pieces with ``BOUND`` before the name. All else
    belongs to ``OUTSIDE``. What reads docstrings may see these: that of such a binding is a piece with
    ``DOCSTRINGS`` before its name, and all others are one. A test is seen
    by the runner only: all of it is its own piece, and so is what else stands in a class of tests, so that
    new tests change nothing else. Where only lines move, or comments change outside of functions, nothing
    changes.

    Args:
        source: The file.
        kind: Of what kind it is.
    """
    marks = _readers(source)
    if kind is FileKind.ORDINARY:
        marks |= {f"{EXPORTED}{name}": "" for name in exported(source.module)}
    return {name: _digest(each) for name, each in texts(source, kind).items()} | marks


def texts(source: Source, kind: FileKind = FileKind.ORDINARY) -> dict[str, list[bytes]]:
    """What each piece of a file consists of, by its name; the docstrings among them."""
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    functions = [each for each in source.definitions if Scope.FUNCTION not in each.scopes]
    alone = _alone(source.module) if kind is FileKind.TESTS else _Alone()
    bound = bindings(source.module) if kind is FileKind.ORDINARY else []
    heads = {id(node) for _, node in alone.tests}
    for definition in functions:
        if id(definition.node) in heads:
            found[definition.qualname].append(_without_body(definition.node))
        found[definition.qualname].append(source.data[slice(*_body(source, definition))])
    may_yield = b"yield" in source.data
    known = {id(each.statement): each.name for each in bound}
    with _hollow(source.module, [each.node for each in functions], alone, may_yield) as docstrings:
        for node in alone.classes:
            found[node.name].append(_shown(node, source))
        for each in bound:
            found[f"{BOUND}{each.name}"].append(b"%d %s" % (each.place, _shown(each.node, source)))
        with _without(source.module, bound):
            found[OUTSIDE] += [_shown(source.module, source), *imported(each.statement for each in bound)]
    found[DOCSTRINGS] += [text for place, text in docstrings if place not in known]
    for place, text in docstrings:
        if place in known:
            found[f"{DOCSTRINGS}{code_of(known[place])}"].append(text)
    return dict(found)


def is_function(name: str) -> bool:
    """Whether a piece of a file is a function or a class of tests."""
    return name not in NO_FUNCTIONS and not name.startswith((BOUND, DOCSTRINGS, EXPORTED, READER))


def _readers(source: Source) -> dict[str, str]:
    """Marks of the functions that may read docstrings, or of the whole file where anything else does."""
    if not speaks_of_docstrings(source.data):
        return {}
    functions = [each for each in source.definitions if Scope.FUNCTION not in each.scopes]
    with _bodies([*((each.node, []) for each in functions), (source.module, _imported(source.module))]):
        if reads_docstrings(source.module):
            return {READER: ""}
    return {f"{READER}{each.qualname}": "" for each in functions if reads_docstrings(each.node)}


def _imported(module: ast.Module) -> list[ast.stmt]:
    """What of a module is run when it is imported, and not only where it is the program."""
    return [each for each in module.body if not _is_program(each)]


def _is_program(node: ast.stmt) -> bool:
    match node:
        case ast.If(test=ast.Compare(ast.Name(id="__name__"), [ast.Eq()], [ast.Constant()]), orelse=[]):
            return True
        case _:
            return False


@contextmanager
def _bodies(others: Iterable[tuple[_Holder, list[ast.stmt]]]) -> Iterator[None]:
    """The tree with other bodies, put in one by one; as before in the end."""
    before: list[tuple[_Holder, list[ast.stmt]]] = []
    try:
        for node, body in others:
            before.append((node, node.body))
            node.body = body
        yield
    finally:
        for node, body in reversed(before):
            node.body = body


def is_file_of_tests(path: str) -> bool:
    """Whether pytest takes it for one by its name, where nothing else is configured."""
    return _TEST_FILE.fullmatch(PurePosixPath(path).name) is not None


def piece_of(qualname: str) -> str:
    """The piece that a running function belongs to, by its qualified name as Python gives it."""
    name = qualname.partition(".<locals>")[0]
    return OUTSIDE if "<" in name else name  # a lambda or comprehension that stands in no function


@dataclass(frozen=True, slots=True)
class _Alone:
    """What only the runner sees of a file of tests.

    Attributes:
        tests: Functions, each with what it stands in.
        classes: Classes of tests.
    """

    tests: tuple[tuple[ast.Module | ast.ClassDef, _Function], ...] = ()
    classes: tuple[ast.ClassDef, ...] = ()


def _alone(module: ast.Module) -> _Alone:
    """Tests and their classes by their names, none that something else in the file names."""
    named = _names(module)

    def is_alone(node: _Function | ast.ClassDef) -> bool:
        return named[node.name] == _names(node)[node.name]

    classes = tuple(
        node
        for node in module.body
        if isinstance(node, ast.ClassDef)
        and not node.decorator_list
        and not node.keywords
        and (node.name.startswith("Test") or any("TestCase" in ast.dump(base) for base in node.bases))
        and is_alone(node)
    )
    places: tuple[ast.Module | ast.ClassDef, ...] = (module, *classes)
    tests = tuple(
        (place, node)
        for place in places
        for node in place.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test")
        and not any("fixture" in ast.dump(decorator) for decorator in node.decorator_list)
        and is_alone(node)
    )
    return _Alone(tests, classes)


def _names(node: ast.AST) -> Counter[str]:
    """How often each name stands in a tree, attributes included."""
    return Counter(
        each.id if isinstance(each, ast.Name) else each.attr
        for each in nodes(node)
        if isinstance(each, ast.Name | ast.Attribute)
    )


@contextmanager
def _without(module: ast.Module, bound: Sequence[Binding]) -> Iterator[None]:
    """The tree without the statements of bindings; as before in the end."""
    left_out = {id(each.statement) for each in bound}
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    places: list[ast.Module | ast.ClassDef] = [module, *classes]
    with _bodies((place, [each for each in place.body if id(each) not in left_out]) for place in places):
        yield


@contextmanager
def _hollow(
    module: ast.Module, functions: Sequence[_Function], alone: _Alone, may_yield: bool
) -> Iterator[list[tuple[int, bytes]]]:
    """The tree without bodies of functions, docstrings, tests and their classes; as before in the end.

    Gives the docstrings, each with the id of its node, but those of tests and their classes.
    """
    tests = {id(test) for _, test in alone.tests} | {id(each) for each in alone.classes}
    docstrings: list[tuple[int, bytes]] = []

    def left() -> Iterator[tuple[_Holder, list[ast.stmt]]]:
        for function in functions:
            yield function, [ast.Pass()] if may_yield and _is_generator(function) else []
        for place in alone.classes:
            yield place, [each for each in place.body if id(each) not in tests]
        yield module, [each for each in _undocumented(module) if id(each) not in tests]
        for inner in [each for each in statements(module) if isinstance(each, ast.ClassDef)]:
            yield inner, _undocumented(inner)

    def noted() -> Iterator[tuple[_Holder, list[ast.stmt]]]:
        for node, body in left():
            if id(node) not in tests and (text := ast.get_docstring(node, clean=False)) is not None:
                shown = f"{getattr(node, 'name', '')}: {text}".encode("utf-8", "backslashreplace")
                docstrings.append((id(node), shown))
            yield node, body

    with _bodies(noted()):
        yield docstrings


def _undocumented(node: ast.Module | ast.ClassDef) -> list[ast.stmt]:
    """What stands in it, without its docstring."""
    return node.body if ast.get_docstring(node, clean=False) is None else node.body[1:]


def _without_body(function: _Function) -> bytes:
    """All of a function but its body."""
    with _bodies([(function, [])]):
        return ast.dump(function).encode("utf-8", "backslashreplace")


def _shown(node: ast.Module | ast.stmt, source: Source) -> bytes:
    """Source as text that formatting and comments make no difference to."""
    try:
        return ast.dump(node).encode("utf-8", "backslashreplace")
    except RecursionError:
        return source.data


def _body(source: Source, definition: Definition) -> tuple[int, int]:
    """Begin and end of a function's body behind its docstring."""
    *_, last = body = definition.node.body
    end = source.offset(last.end_lineno or last.lineno, last.end_col_offset or 0)
    if ast.get_docstring(definition.node, clean=False) is not None:
        body = body[1:]
    if not body:
        return end, end
    first = body[0]
    line, column = first.lineno, first.col_offset
    if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and first.decorator_list:
        line, column = first_line(source, first), 0
    return source.offset(line, column), end


def _is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in _own(node))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, and in no other function or class within it."""
    pending = list(ast.iter_child_nodes(node))
    while pending:
        inner = pending.pop()
        yield inner
        if not isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending += ast.iter_child_nodes(inner)


def _digest(texts: list[bytes]) -> str:
    return hashlib.sha256(_HOLE.join(texts)).hexdigest()[: 2 * _DIGEST_BYTES]
