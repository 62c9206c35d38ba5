"""How fast functions get their decorator, next to LibCST making the same edit, in one run.

``python benchmarks/patch.py [FILES]`` takes that many files of the running Python's standard library and
gives every function in them a cache: with Hitrate, with a LibCST codemod as its documentation shows one, and
with the barest LibCST transformer that can do it, which puts the import in place by itself. It checks that
all three decorate the same functions and prints CPU seconds (the best of three rounds) and ratios.
"""

# ruff: noqa: ARG002, D102, N802 - the names and signatures that LibCST calls

import ast
import gc
import random
import sys
import sysconfig
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.codemod.visitors import AddImportsVisitor

from hitrate.patching.edits import LRU_CACHE, LRU_CACHE_PREAMBLE, cached, rewrite
from hitrate.source.definitions import SourceError, parse

MAXSIZE = 128
ROUNDS = 3

Rewriter = Callable[[bytes, frozenset[str]], bytes]


def with_hitrate(data: bytes, names: frozenset[str]) -> bytes:
    source = parse(data)
    edits = [
        cached("", item.qualname, item.line, MAXSIZE) for item in source.definitions if item.qualname in names
    ]
    return rewrite(source, edits)


def with_codemod(data: bytes, names: frozenset[str]) -> bytes:
    return AddCaches(CodemodContext(), names).transform_module(cst.parse_module(data)).bytes


def with_transformer(data: bytes, names: frozenset[str]) -> bytes:
    module = cst.parse_module(data).visit(Decorate(names))
    statement = cst.parse_statement(LRU_CACHE_PREAMBLE)
    return module.with_changes(
        body=[*module.body[: heading(module)], statement, *module.body[heading(module) :]]
    ).bytes


class Decorate(cst.CSTTransformer):
    """Puts ``@lru_cache`` on the functions with the given qualified names."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names
        self.scopes: list[str] = []

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self.scopes.append(node.name.value)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        self.scopes.pop()
        return updated_node

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.scopes.append(node.name.value)

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        qualname = ".".join(self.scopes)
        self.scopes.pop()
        return decorated(updated_node) if qualname in self.names else updated_node


class AddCaches(VisitorBasedCodemodCommand):
    """The same as a codemod command, which also sees to the import."""

    def __init__(self, context: CodemodContext, names: frozenset[str]) -> None:
        super().__init__(context)
        self.decorate = Decorate(names)
        AddImportsVisitor.add_needed_import(context, "functools", "lru_cache", asname=LRU_CACHE)

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        return tree.visit(self.decorate)


def decorated(function: cst.FunctionDef) -> cst.FunctionDef:
    call = cst.Call(cst.Name(LRU_CACHE), [cst.Arg(cst.Integer(str(MAXSIZE)), keyword=cst.Name("maxsize"))])
    return function.with_changes(decorators=[*function.decorators, cst.Decorator(call)])


def heading(module: cst.Module) -> int:
    """How many statements docstring and ``from __future__`` lines are."""
    count = int(module.get_docstring() is not None)
    while count < len(module.body) and "__future__" in module.code_for_node(module.body[count]):
        count += 1
    return count


def seconds(rewriter: Rewriter, files: Sequence[tuple[bytes, frozenset[str]]]) -> float:
    """CPU seconds that one round over all files takes, the best of several."""
    rounds = []
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        for data, names in files:
            rewriter(data, names)
        rounds.append(time.process_time() - started)
    return min(rounds)


def outcome(data: bytes) -> list[tuple[str, list[str]]]:
    """Name and decorators of each function of a file."""
    return [
        (item.qualname, [ast.unparse(decorator) for decorator in item.node.decorator_list])
        for item in parse(data).definitions
    ]


def sample(count: int) -> list[tuple[bytes, frozenset[str]]]:
    """Files of the standard library with functions that carry no cache, and the names of these functions."""
    paths = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    random.Random(20).shuffle(paths)
    chosen: list[tuple[bytes, frozenset[str]]] = []
    for path in paths:
        data = path.read_bytes()
        try:
            definitions = parse(data).definitions
        except SourceError:
            continue
        if definitions and all(item.cache is None for item in definitions):
            chosen.append((data, frozenset(item.qualname for item in definitions)))
        if len(chosen) == count:
            break
    return chosen


def main() -> None:
    files = sample(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    functions = 0
    for data, names in files:
        results = [
            outcome(rewriter(data, names)) for rewriter in (with_hitrate, with_codemod, with_transformer)
        ]
        if not results[0] == results[1] == results[2]:
            raise SystemExit("they do not give the same functions the same decorators")
        functions += len(results[0])
    ours = seconds(with_hitrate, files)
    print(f"{len(files)} files, {sum(len(data) for data, _ in files) / 1e6:.1f} MB, {functions} functions")
    print(f"Hitrate             {ours:6.2f} s  {functions / ours:5.0f} functions a second")
    for label, rewriter in (("LibCST codemod", with_codemod), ("LibCST transformer", with_transformer)):
        theirs = seconds(rewriter, files)
        rate, ratio = functions / theirs, theirs / ours
        print(f"{label:19} {theirs:6.2f} s  {rate:5.0f} functions a second  ratio {ratio:.1f}")


if __name__ == "__main__":
    main()
