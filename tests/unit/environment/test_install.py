"""What is said when a project cannot be installed."""

from pathlib import Path

import pytest

from hitrate.environment.causes import COMPILER
from hitrate.environment.install import failure, newer_python
from hitrate.environment.manifest import Manifest, read


@pytest.mark.parametrize(
    "output",
    [
        "building 'x' extension\nerror: [Errno 2] No such file or directory: 'gcc'",
        "** BuildFailed: [Errno 2] No such file or directory: 'gcc'\n**\nrunning editable_wheel",
        "error: command 'gcc' failed: No such file or directory",
        "error: command 'x86_64-linux-gnu-gcc' failed with exit status 1",
        "unable to execute 'cc': No such file or directory",
        "sh: 1: g++: not found",
        "make: gcc: command not found",
        "ERROR: Unknown compiler(s): [['cc'], ['gcc'], ['clang']]",
        "Could not find C compiler",
        "No such file or directory: '/usr/bin/gcc'",
        "WARNING: The C extension could not be compiled, speedups are not enabled.\nerror: Cannot update",
    ],
)
def test_a_missing_compiler_is_told_with_the_setup_that_brings_one(output: str) -> None:
    said = failure("uv pip install -e .", "install", 1, output)
    assert said.startswith("install: `uv pip install -e .` failed with exit code 1; ")
    assert said.endswith(f"set setup to `{COMPILER}`")


@pytest.mark.parametrize(
    "output",
    [
        "",
        "No such file or directory: 'README.md'",
        "command 'git' failed",
        "accounts: not found",
        "the compiler said no",
    ],
)
def test_anything_else_is_for_install_to_mend(output: str) -> None:
    said = failure("uv pip install -e .", "install", 1, output)
    assert said.endswith("; set install to a command that installs the project and what its tests need")


def test_a_setup_that_fails_is_to_be_mended_itself() -> None:
    assert failure("make", "setup", 2, "gcc: not found").endswith("; fix the command")


def test_a_python_that_the_project_does_not_name_is_suspected() -> None:
    named = Manifest(
        Path(), classifiers=tuple(f"Programming Language :: Python :: 3.{n}" for n in (9, 12, 10))
    )
    (told,) = newer_python(named, (3, 13))
    assert 'python-version: "3.12"' in told
    assert (
        newer_python(named, (3, 12))
        == newer_python(named, None)
        == newer_python(Manifest(Path()), (3, 13))
        == ()
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", '[project]\nclassifiers = ["Programming Language :: Python :: 3.12"]\n'),
        ("pyproject.toml", '[tool.poetry]\nclassifiers = ["Programming Language :: Python :: 3.12"]\n'),
        (
            "setup.cfg",
            "[metadata]\nclassifiers =\n    Topic :: A\n    Programming Language :: Python :: 3.12\n",
        ),
        ("setup.py", "setup(classifiers=['Programming Language :: Python :: 3.12'])\n"),
    ],
)
def test_the_newest_python_of_the_classifiers(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert read(tmp_path).newest_python == (3, 12)
