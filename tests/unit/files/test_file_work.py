"""Only two modules do file work on trees that the project's code may have made; read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hitrate

SOURCE = Path(hitrate.__file__).parent
ON_DESCRIPTORS = {"files/untrusted.py", "files/copying.py"}
# Functions that go by paths, follow links in them, or walk whole trees.
FORBIDDEN = {
    "os": {
        *(
            "chown",
            "lchown",
            "fchown",
            "chmod",
            "lchmod",
            "walk",
            "fwalk",
            "makedirs",
            "removedirs",
            "renames",
        ),
        *("link", "symlink", "readlink", "scandir", "utime", "setxattr"),
    },
    "shutil": {
        *("copytree", "rmtree", "copyfile", "copyfileobj", "copy", "copy2", "move", "chown", "copystat"),
        *("copymode", "make_archive", "unpack_archive"),
    },
}
METHODS = {"chmod", "lchmod", "rglob", "walk", "symlink_to", "hardlink_to", "extractall"}
# What is left, and why it cannot reach anything with more rights than the project's code has.
EXCUSED = {
    ("patching/stalebytecode.py", "shutil.move"): "the patcher's: runs inside isolation.files_as",
    ("patching/exchange.py", "shutil.copystat"): "the patcher's: runs inside isolation.files_as",
    ("patching/exchange.py", "os.fchown"): "the patcher's, on a descriptor opened with O_NOFOLLOW",
    ("patching/exchange.py", "os.utime"): "the patcher's: runs inside isolation.files_as",
    ("patching/exchange.py", ".chmod"): "the patcher's: runs inside isolation.files_as",
    ("testrun/pycache.py", "os.makedirs"): "runs inside isolation.files_as",
    ("testrun/pycache.py", "os.link"): "runs inside isolation.files_as",
    ("testrun/pycache.py", "os.symlink"): "runs inside isolation.files_as",
    ("testrun/pycache.py", "os.scandir"): "lists the folders of the tests' Python inside isolation.files_as",
    ("testrun/compiling.py", "os.scandir"): "only adds up sizes, up to a limit, and enters no link",
    ("workspace/privatetree.py", "os.scandir"): "looks for clones; enters no link, and only lists",
    ("environment/runners.py", "os.walk"): "lists names, up to a limit, and enters no link",
    ("change/patterns.py", "os.walk"): "only lists names, up to a limit, and enters no link",
    ("sandbox/identity.py", ".chmod"): "closes what the runner has lent, before the project's code runs",
    ("action/container.py", ".chmod"): "the scratch folder that Hitrate has just made",
    ("sandbox/sandbox.py", ".chmod"): "the scratch folder that Hitrate has just made",
    ("trace/deployment.py", ".chmod"): "a folder that it has just made, inside isolation.files_as",
    ("trace/deployment.py", ".rglob"): "lists the probe that ships with Hitrate, nothing of the project",
    ("testrun/run.py", ".chmod"): "a folder for compiled files, inside isolation.files_as",
    ("demo/sample.py", "shutil.copytree"): "the sample that ships with Hitrate, into a new folder",
}


def uses(tree: ast.AST) -> Iterator[str]:
    """Each use of a forbidden function: also one by another name, and one that is only handed on."""
    modules = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in FORBIDDEN
    }
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module in FORBIDDEN:
                yield from (f"{module}.{alias.name}" for alias in names if alias.name in FORBIDDEN[module])
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in modules:
                if attr in FORBIDDEN[modules[name]]:
                    yield f"{modules[name]}.{attr}"
            case ast.Attribute(value=ast.Name(id="ast")):
                pass
            case ast.Attribute(attr=attr) if attr in METHODS:
                yield f".{attr}"


def found() -> set[tuple[str, str]]:
    """File and function of every use outside of what runs with the tests' rights or is a stand-in."""
    return {
        (path.relative_to(SOURCE).as_posix(), use)
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] not in {"probe", "sample_repository"}
        and path.relative_to(SOURCE).as_posix() not in ON_DESCRIPTORS
        and "standin" not in path.parts
        for use in uses(ast.parse(path.read_bytes()))
    }


def test_nothing_else_works_on_trees() -> None:
    assert found() - EXCUSED.keys() == set()


def test_no_excuse_is_left_over() -> None:
    assert EXCUSED.keys() - found() == set()


@pytest.mark.parametrize("name", sorted(ON_DESCRIPTORS))
def test_those_two_name_every_folder_by_a_descriptor(name: str) -> None:
    """A call that takes ``dir_fd`` and gets none goes by a path: only where a tree begins."""
    takes = {"open", "mkdir", "stat", "chown", "unlink", "rmdir", "readlink", "symlink", "link", "replace"}
    by_path = {
        f"{node.func.attr}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse((SOURCE / name).read_bytes()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "os"
        and node.func.attr in takes
        and not {"dir_fd", "src_dir_fd"} & {str(keyword.arg) for keyword in node.keywords}
    }
    assert (
        by_path
        == {
            "files/untrusted.py": {
                "open: os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)",
                "open: os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)",
            },
            "files/copying.py": {"open: os.open(folder, untrusted.FOLDER)"},
        }[name]
    )


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("import os\nos.chown(a, 1, 1)", "os.chown"),
        ("import os as system\nsystem.walk(a)", "os.walk"),
        ("from shutil import rmtree as away", "shutil.rmtree"),
        ("import shutil\nmap(shutil.copytree, a)", "shutil.copytree"),
        ("path.chmod(0o777)", ".chmod"),
    ],
)
def test_a_use_is_seen(code: str, use: str) -> None:
    assert list(uses(ast.parse(code))) == [use]
