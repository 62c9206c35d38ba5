"""What a target of a Makefile or justfile, or a task of Invoke or duty runs, as far as its text says it."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from hitrate.environment import manifest
from hitrate.environment.declared.shell import lines_of
from hitrate.environment.declared.static import Names, assigned
from hitrate.source.names import written

_NAMES = ("GNUmakefile", "makefile", "Makefile")
_RULE = re.compile(r"([\w.-]+(?:[ \t]+[\w.-]+)*)[ \t]*::?(?!=)[ \t]*([^#\n]*)")
_SET = re.compile(r"(\w+)[ \t]*[:?]?=[ \t]*([^#\n]*)")
_VARIABLE = re.compile(r"\$[({](\w+)[)}]")
_JUST_NAMES = ("justfile", "Justfile", ".justfile")
_JUST_RULE = re.compile(r"@?([\w-]+)(?:[ \t]+(?:'[^'\n]*'|\"[^\"\n]*\"|[^:'\"\n])*)?:(?!=)[ \t]*([^#\n]*)")
_JUST_VALUE = re.compile(r"\{\{[^{}]*\}\}")
_TASKS = ("tasks.py", "tasks/__init__.py", "duties.py")
_OF_TASKS = frozenset({"task", "duty"})
_OF_DUTY = {"config_file": "--config-file", "rootdir": "--rootdir"}
_PROGRAM = re.compile(r"`which ([\w./-]+)`|\$\(which ([\w./-]+)\)")
_DEPTH = 4


def recipe(folder: Path, target: str, depth: int = _DEPTH) -> list[str]:
    """Command lines of a target, after those of the targets that it needs; none if it is not there."""
    text = next((found for name in _NAMES if (found := manifest.text(folder / name))), "").replace(
        "\\\n", " "
    )
    values = {one[1]: one[2].strip() for line in text.splitlines() if (one := _SET.match(line))}
    needed, lines = _rule(text, target)
    before = [line for name in needed if depth for line in recipe(folder, name, depth - 1)]
    return [*before, *(_VARIABLE.sub(lambda found: values.get(found[1], ""), line) for line in lines)]


def _rule(text: str, target: str) -> tuple[list[str], list[str]]:
    """What a target needs, and its own lines."""
    needed: list[str] = []
    lines: list[str] = []
    within = False
    for line in text.splitlines():
        if line.startswith("\t"):
            lines += [line.strip().lstrip("@-+ ")] if within else []
        elif found := _RULE.match(line):
            within = target in found[1].split()
            needed += found[2].split() if within else []
    return needed, [line for line in lines if line]


def just_recipe(folder: Path, target: str, depth: int = _DEPTH) -> list[str]:
    """Command lines of a recipe of a justfile, after those of the recipes that it needs.

    What the user may add is left out.
    """
    text = next((found for name in _JUST_NAMES if (found := manifest.text(folder / name))), "")
    needed: list[str] = []
    lines: list[str] = []
    within = False
    for line in text.replace("\\\n", " ").splitlines():
        if line[:1] in (" ", "\t"):
            lines += [line.strip().lstrip("@-+ ")] if within else []
        elif rule := _JUST_RULE.match(line):
            within = rule[1] == target
            needed += re.findall(r"[\w-]+", rule[2]) if within else []
    before = [line for name in needed if depth for line in just_recipe(folder, name, depth - 1)]
    return [*before, *(_JUST_VALUE.sub("", line) for line in lines if line)]


def task(folder: Path, name: str) -> list[str]:
    """Command lines of a task that a program of the project's own describes; none if it is not there."""
    for module in filter(None, (manifest.parsed(folder / file) for file in _TASKS)):
        functions = [node for node in module.body if isinstance(node, ast.FunctionDef) and _is_task(node)]
        constants = assigned([node for node in module.body if not isinstance(node, ast.FunctionDef)])
        for function in functions:
            if function.name.replace("_", "-") == name.replace("_", "-"):
                return list(_ran(function, Names({**constants, **_local(function)})))
    return []


def _is_task(function: ast.FunctionDef) -> bool:
    decorators = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    return any(written(one).rpartition(".")[2] in _OF_TASKS for one in decorators)


def _local(function: ast.FunctionDef) -> dict[str, ast.expr]:
    names = [one.arg for one in function.args.args]
    return dict(zip(reversed(names), reversed(function.args.defaults), strict=False)) | assigned(
        function.body
    )


def _ran(function: ast.FunctionDef, names: Names) -> Iterator[str]:
    """What a task has its context run, in order."""
    context = next((one.arg for one in function.args.args), "")
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        if isinstance(call.func, ast.Attribute) and written(call.func) in {
            f"{context}.run",
            f"{context}.sudo",
        }:
            value = names.value(call.args[0]) or _of_tool(call.args[0], names)
            line = shlex.join(map(str, value)) if isinstance(value, list) else value
            if isinstance(line, str):
                yield from lines_of(_PROGRAM.sub(lambda found: found[1] or found[2], line))


def _of_tool(node: ast.expr, names: Names) -> list[str] | None:
    """The command line that duty makes of ``tools.pytest(…)``, with what is added to it left out."""
    while (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_args"
    ):
        node = node.func.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
        return None
    if written(node.func).rpartition(".")[2] != "pytest":
        return None
    given = {one.arg: names.value(one.value) for one in node.keywords if one.arg}
    options = [
        f"{option}={given[name]}" for name, option in _OF_DUTY.items() if isinstance(given.get(name), str)
    ]
    paths = given.get("paths")
    return [
        "pytest",
        *options,
        *names.words(node.args),
        *(map(str, paths) if isinstance(paths, list) else []),
    ]
