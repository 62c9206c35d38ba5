"""What nox would install and run for the tests: its file is read, and nothing of it is run."""

import ast
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from pathlib import Path

from hitrate.environment import manifest
from hitrate.environment.declared.session import DeclaredSession, assignments
from hitrate.environment.declared.static import Names, assigned
from hitrate.environment.declared.toxini import called_for_tests
from hitrate.source.names import written

_OWN_PROJECT = re.compile(r"\.(?:\[([^\]]*)\])?")
_INSTALLS = frozenset({"install", "conda_install"})
_RUNS = frozenset({"run", "run_always", "run_install"})
_NAME = re.compile(r"[A-Za-z_]\w*")
_ASSIGNED = re.compile(rf"{_NAME.pattern}=")
_DEPTH = 3


def nox_sessions(folder: Path) -> Iterator[DeclaredSession]:
    """The sessions of a noxfile that run tests by their names."""
    module = manifest.parsed(folder / "noxfile.py")
    if module is None:
        return
    file = _File(module)
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and (name := _session_name(node)) and called_for_tests(name):
            calls = list(file.calls(node))
            installed = [words for kind, words in calls if kind in _INSTALLS]
            synced = [words[2:] for kind, words in calls if kind in _RUNS and words[:2] == ["uv", "sync"]]
            ran = [words for kind, words in calls if kind in _RUNS and words and words[0] != "uv"]
            session = _session(f"noxfile.py session {name!r}", installed, synced)
            yield replace(session, commands=tuple(map(_line, ran)))


class _File:
    """A noxfile, so that functions can be followed into the helpers that they call."""

    def __init__(self, module: ast.Module) -> None:
        self._constants = assigned([node for node in module.body if not isinstance(node, ast.FunctionDef)])
        self._functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}

    def calls(
        self,
        function: ast.FunctionDef,
        given: Mapping[str, ast.expr] | None = None,
        owner: str | None = None,
        depth: int = _DEPTH,
    ) -> Iterator[tuple[str, list[str]]]:
        """Methods of the session that a function calls, with their words, in order.

        Args:
            function: A session, or a helper that was handed one.
            given: Expressions for its parameters.
            owner: The parameter that is the session; the first one by default.
            depth: How far helpers are followed.
        """
        parameters = [one.arg for one in function.args.args]
        owner = owner or next(iter(parameters), "session")
        chosen = given if given is not None else _parametrized(function)
        names = Names({**self._constants, **_defaults(function), **chosen, **assigned(function.body)})
        for call in sorted(_calls(function), key=lambda one: (one.lineno, one.col_offset)):
            name = written(call.func) if isinstance(call.func, ast.Name | ast.Attribute) else ""
            base, _, method = name.rpartition(".")
            if base == owner:
                words = names.words(call.args)
                known = [f"{name}={text}" for name, text in _environment(call, names).items()]
                yield method, [*known, *words] if method in _RUNS and words[:1] != ["uv"] else words
            elif (helper := self._functions.get(name)) and depth:
                yield from self._helped(helper, call, owner, names, depth - 1)

    def _helped(
        self, helper: ast.FunctionDef, call: ast.Call, owner: str, names: Names, depth: int
    ) -> Iterator[tuple[str, list[str]]]:
        parameters = [one.arg for one in helper.args.args]
        pairs = [*zip(parameters, call.args, strict=False)]
        pairs += [(one.arg, one.value) for one in call.keywords if one.arg]
        if helper.args.vararg:
            pairs.append((helper.args.vararg.arg, ast.List(call.args[len(parameters) :])))
        handed = [name for name, node in pairs if isinstance(node, ast.Name) and node.id == owner]
        if handed:
            known = {name: _constant(names.value(node)) for name, node in pairs}
            yield from self.calls(helper, known, handed[0], depth)


def _environment(call: ast.Call, names: Names) -> dict[str, str]:
    """Variables that a call sets for what it runs, as far as they are known."""
    given = next((one.value for one in call.keywords if one.arg == "env"), None)
    value = names.value(given) if given is not None else None
    known = value.items() if isinstance(value, dict) else ()
    return {name: text for name, text in known if isinstance(text, str) and _NAME.fullmatch(name)}


def _line(words: Sequence[str]) -> str:
    """A command line; the variables before the program are quoted so that a shell sets them."""
    pairs = [word.partition("=") for word in takewhile(_ASSIGNED.match, words)]
    before = assignments({name: value for name, _, value in pairs})
    return before + shlex.join(words[len(pairs) :])


def _constant(value: object) -> ast.expr:
    if isinstance(value, list):
        return ast.List([_constant(one) for one in value])
    return ast.Constant(value if isinstance(value, str | int | bool) else None)


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _defaults(function: ast.FunctionDef) -> dict[str, ast.expr]:
    names = [one.arg for one in function.args.args]
    return dict(zip(reversed(names), reversed(function.args.defaults), strict=False))


def _parametrized(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """The last value of each parameter: the newest, as lists of versions go."""
    found: dict[str, ast.expr] = {}
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and written(call.func).rpartition(".")[2] == "parametrize":
            match call.args:
                case [ast.Constant(value=str(name)), ast.List(elts=[*_, last])] if "," not in name:
                    found[name] = last
                case _:
                    pass
    return found


def _session_name(function: ast.FunctionDef) -> str | None:
    """The name under which nox knows a function; None if it is no session."""
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        if written(call.func if call else decorator).rpartition(".")[2] != "session":
            continue
        for keyword in call.keywords if call else ():
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return keyword.value.value if isinstance(keyword.value.value, str) else None
        return function.name
    return None


def _session(source: str, installed: Sequence[list[str]], synced: Sequence[list[str]]) -> DeclaredSession:
    arguments: list[str] = []
    extras: list[str] = []
    groups: list[str] = []
    for words in installed:
        pending = iter(words)
        for word in pending:
            if project := _OWN_PROJECT.fullmatch(word):
                extras += [one for one in re.split(r"[\s,]+", project[1] or "") if one]
            elif word in ("-r", "-c"):
                arguments += [word, next(pending, "")]
            elif word == "--group":
                groups.append(next(pending, ""))
            elif not word.startswith("-"):
                arguments.append(word)
    for words in synced:
        extras += _given(words, "--extra")
        groups += _given(words, "--group") + _given(words, "--only-group")
    return DeclaredSession(
        source, tuple(arguments), tuple(dict.fromkeys(extras)), tuple(dict.fromkeys(groups))
    )


def _given(words: list[str], option: str) -> list[str]:
    """Values of an option, whether after a space or an equals sign."""
    apart = [after for word, after in pairwise(words) if word == option]
    return apart + [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
