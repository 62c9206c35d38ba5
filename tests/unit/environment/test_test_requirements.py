"""What tests need, by the names that projects give to it."""

from pathlib import Path

import pytest

from hitrate.environment.manifest import Manifest
from hitrate.environment.test_requirements import Bundle, for_developing, for_tests, needs, plain_requirements


@pytest.mark.parametrize("name", ["test", "tests", "Testing", "unit_tests", "dev-test", "pytest", "ci"])
def test_names_for_tests(name: str) -> None:
    assert for_tests(name)
    assert not for_developing(name)


@pytest.mark.parametrize("name", ["docs", "latest", "contest", "test-random", "tests_shuffled", "attest"])
def test_names_for_something_else(name: str) -> None:
    assert not for_tests(name)


@pytest.mark.parametrize(
    ("name", "expected"), [("dev", True), ("Develop", True), ("all-dev", True), ("device", False)]
)
def test_names_for_developers(name: str, expected: bool) -> None:
    assert for_developing(name) is expected


def test_a_plugin_brings_pytest() -> None:
    assert Bundle("", "", ("pytest-mock>=3",)).brings_pytest
    assert Bundle("", "", ("PyTest ; python_version > '3'",)).brings_pytest
    assert not Bundle("", "", ("py-test", "mock")).brings_pytest


def chosen(project: Manifest) -> list[str]:
    return [bundle.source for bundle in needs(project)]


def test_what_is_declared_for_tests_is_enough(tmp_path: Path) -> None:
    (tmp_path / "requirements-test.txt").write_text("pytest\n")
    extras = {"test": ("pytest",), "docs": ("sphinx",), "dev": ("pytest", "ruff")}
    assert chosen(Manifest(tmp_path, extras=extras)) == ["extra 'test'"]


def test_what_developers_need_stands_in(tmp_path: Path) -> None:
    extras, groups = {"test": ("mock",)}, {"dev": ("pytest",)}
    assert chosen(Manifest(tmp_path, extras=extras, groups=groups)) == ["extra 'test'", "group 'dev'"]


def test_then_files_are_asked(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "tests.txt").write_text("pytest\n")
    (tmp_path / "requirements" / "docs.txt").write_text("sphinx\n")
    assert chosen(Manifest(tmp_path)) == ["requirements/tests.txt"]


def test_what_a_project_needs_to_run(tmp_path: Path) -> None:
    assert plain_requirements(tmp_path) is None
    (tmp_path / "requirements.txt").write_text("a\n-r more.txt\n")
    (tmp_path / "more.txt").write_text("b\n")
    found = plain_requirements(tmp_path)
    assert found is not None
    assert found.words == ("-r", "requirements.txt")
    assert set(found.requirements) >= {"a", "b"}
