"""From changed lines, or from names, to the functions to look at."""

import ast
import fnmatch
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path, PurePosixPath

from hitrate.change.comparison import ChangedFile
from hitrate.change.decorators import Decorators
from hitrate.change.patterns import unmatched
from hitrate.errors import InputError
from hitrate.files import limits
from hitrate.files.globs import matches
from hitrate.source import definitions as source
from hitrate.source import eligibility, purity
from hitrate.source.eligibility import unread_parameters
from hitrate.source.function import Function


@dataclass(frozen=True, slots=True)
class Selection:
    """The functions to look at, and what was left out.

    Attributes:
        functions: In the order of path and line.
        unread: Files that could not be read and why, each one plain sentence.
        left_out: What was changed and is not looked at, or why there is nothing, each one plain sentence.
        alternatives: Ids that were named and stand for several of the functions, of which one runs.
    """

    functions: tuple[Function, ...]
    unread: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    alternatives: frozenset[str] = frozenset()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of a report is to know about it."""
        return (*self.unread, *self.left_out)


def changed_functions(
    tree: Path, files: Iterable[ChangedFile], *, paths: Sequence[str] = (), exclude: Sequence[str] = ()
) -> Selection:
    """The functions whose lines a change touches, test code left out.

    Args:
        tree: Root of the working tree.
        files: Changed files and their changed lines.
        paths: Globs of files to look at; all by default.
        exclude: Globs of files and of functions (``path::Qual.name``) to leave out.
    """
    found: list[Function] = []
    unread: list[str] = []
    changed = list(files)
    selected = [file for file in changed if is_selected(file.path, paths, exclude)]
    for file in selected:
        # A link changes by pointing elsewhere; the functions behind it belong to the file that it points to.
        if (tree / file.path).is_symlink():
            continue
        try:
            found += limits.within(limits.SOURCE_SECONDS, partial(_touched, tree, file))
        except limits.LimitError as error:
            unread.append(f"{file.path}: {error}; its functions were not looked at.")
        except InputError as error:
            unread.append(f"{error}; its functions were not looked at.")
    kept = [function for function in found if not is_excluded(function, exclude)]
    vain = unmatched(tree, {"paths": paths, "exclude": exclude}, [file.path for file in changed])
    if bool(paths or exclude) and bool(changed) and not selected:
        return Selection((), left_out=(_no_file(len(changed)), *vain))
    silenced = [f"`exclude` leaves out `{function.id}`." for function in found if function not in kept]
    return Selection(tuple(kept), tuple(unread), (*silenced, *vain))


def _touched(tree: Path, file: ChangedFile) -> list[Function]:
    """The functions of one file that its change touches."""
    parsed = read_source(tree, file.path)
    touched = [each for each in parsed.definitions if file.touches(each.first_line, each.last_line)]
    return functions_of(tree, file.path, touched, parsed)


def _no_file(files: int) -> str:
    some = "the one Python file" if files == 1 else f"all {files} Python files"
    return f"The globs of `paths` and `exclude` leave out {some} of this change."


def is_excluded(function: Function, exclude: Sequence[str]) -> bool:
    """Whether a function is to be left out by its own name."""
    return any("::" in pattern and fnmatch.fnmatchcase(function.id, pattern) for pattern in exclude)


def named_functions(tree: Path, names: Iterable[str]) -> Selection:
    """The functions with the given ids (``path::Qual.name``), changed or not.

    Of several definitions of one name in a block the last counts, as in Python. Those in different blocks,
    such as the branches of an ``if`` that asks for a version, are all looked at.

    Raises:
        InputError: An id has another form, or there is no such file or function in the tree.
    """
    wanted: dict[str, list[str]] = {}
    ids = [_split(tree, name) for name in names]
    for path, qualname in ids:
        wanted.setdefault(path, []).append(qualname)
    found: dict[str, list[Function]] = {}
    for path, qualnames in wanted.items():
        try:
            functions = limits.within(limits.SOURCE_SECONDS, partial(_of_names, tree, path, qualnames))
        except limits.LimitError as error:
            raise InputError(f"function: {path}: {error}; name one of another file") from None
        for function in dict.fromkeys(functions):
            found.setdefault(function.id, []).append(function)
    return Selection(
        tuple(dict.fromkeys(function for each in ids for function in found["::".join(each)])),
        alternatives=frozenset(name for name, functions in found.items() if len(functions) > 1),
    )


def _of_names(tree: Path, path: str, qualnames: Iterable[str]) -> list[Function]:
    parsed = _read_named(tree, path)
    by_name: defaultdict[str, list[source.Definition]] = defaultdict(list)
    for each in parsed.definitions:
        by_name[each.qualname].append(each)
    named = [each for name in qualnames for each in _named(path, name, by_name[name], parsed)]
    return functions_of(tree, path, named, parsed)


def _split(tree: Path, name: str) -> tuple[str, str]:
    """Path from the tree's root and qualified name of an id.

    Raises:
        InputError: It has another form, or leads out of the tree.
    """
    path, separator, qualname = name.partition("::")
    if not separator or not path or not qualname:
        raise InputError(f"function: {name!r} does not name one; write it as path/to/file.py::Qual.name")
    return _inside(tree, path), qualname


def _read_named(tree: Path, path: str) -> source.Source:
    try:
        return read_source(tree, path)
    except InputError as error:
        raise InputError(
            f"function: {error}; name a file that Python can read, by its path from the repository's root"
        ) from None


def _named(
    path: str, qualname: str, definitions: list[source.Definition], parsed: source.Source
) -> list[source.Definition]:
    """Those of the definitions of a name that may be the one that runs, in source order."""
    if not definitions:
        raise InputError(f"function: {path} defines no {qualname!r}; {_meant(qualname, parsed)}")
    if len(definitions) == 1:
        return definitions
    eligible = [d for d in definitions if eligibility.ineligibility(d, parsed.module) is None]
    if len(eligible) < 2:
        return (eligible or definitions)[-1:]
    blocks = _blocks(parsed.module)
    return list({blocks[id(definition.node)]: definition for definition in eligible}.values())


def _blocks(module: ast.Module) -> dict[int, int]:
    """The block that each ``def`` stands in, by identity."""
    return {
        id(statement): id(block)
        for node in ast.walk(module)
        for _, block in ast.iter_fields(node)
        if isinstance(block, list)
        for statement in block
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _meant(qualname: str, parsed: source.Source) -> str:
    """What to write instead of a name that a file does not define."""
    defined = sorted({definition.qualname for definition in parsed.definitions})
    name = qualname.rpartition(".")[2]
    near = [one for one in defined if one.rpartition(".")[2] == name] or get_close_matches(qualname, defined)
    return f"did you mean {' or '.join(near)}?" if near else "name one of its functions, such as f or Class.f"


def _inside(tree: Path, path: str) -> str:
    """The path from the tree's root, however it was written.

    Raises:
        InputError: It leads out of the tree.
    """
    whole = Path(os.path.normpath(tree / path))
    if not whole.is_relative_to(tree):
        raise InputError(f"function: {path} lies outside of {tree}; name a file of this repository")
    return whole.relative_to(tree).as_posix()


def read_source(tree: Path, path: str) -> source.Source:
    """Parse a file of the tree.

    Raises:
        InputError: It is missing, cannot be read, or is not Python that this version can parse.
    """
    try:
        return source.read(tree / path)
    except source.SourceError as error:
        raise InputError(f"{path}: {error}") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def functions_of(
    tree: Path, path: str, definitions: Iterable[source.Definition], parsed: source.Source
) -> list[Function]:
    """The functions that definitions of one file stand for."""
    scene, decorators = purity.Scene(parsed.module), Decorators(tree, path, parsed)
    return [_function(path, definition, parsed, scene, decorators) for definition in definitions]


def _function(
    path: str,
    definition: source.Definition,
    parsed: source.Source,
    scene: purity.Scene,
    decorators: Decorators,
) -> Function:
    suspected = purity.suspicions(definition.node, scene)
    refusal = eligibility.ineligibility(definition, parsed.module) or decorators.refusal(definition)
    return Function(
        path=path,
        qualname=definition.qualname,
        line=definition.line,
        cache=definition.cache,
        ineligible=refusal,
        is_method=eligibility.is_method(definition),
        unread=unread_parameters(definition.node),
        takes_arguments=eligibility.takes_arguments(definition),
        returns_nothing=eligibility.returns_nothing(definition.node),
        warnings=purity.warnings(suspected),
        doubts=purity.doubts(suspected),
    )


def is_selected(path: str, paths: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether a file is to be looked at; test code only if ``paths`` names it."""
    if any(matches(path, pattern) for pattern in exclude):
        return False
    return any(matches(path, pattern) for pattern in paths) if paths else not is_test_code(path)


def is_test_code(path: str) -> bool:
    """Whether a path is test code by its name."""
    *folders, name = PurePosixPath(path).parts
    return (
        name in {"conftest.py", "noxfile.py", "setup.py"}
        or name.startswith("test_")
        or name.endswith("_test.py")
        or bool({"tests", "test", "testing"} & set(folders))
    )
