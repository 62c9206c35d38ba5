"""Poetry's dependencies as pip is told of them."""

import tomllib

import pytest
from packaging.requirements import Requirement

from hitrate.environment.declared.poetry import poetry_groups, poetry_requirements


@pytest.mark.parametrize(
    ("said", "requirements"),
    [
        ('a = "^1.2"', ["a>=1.2,<2"]),
        ('a = "*"', ["a"]),
        ('a = "1.2"', ["a==1.2"]),
        ('a = ">=1,<2 || >3"', ["a"]),
        ('a = {version = "~1.2", extras = ["x", "y"]}', ["a[x,y]>=1.2,<1.3"]),
        ('a = {version = "1", markers = "os_name == \'posix\'"}', ["a==1 ; (os_name == 'posix')"]),
        (
            'a = {version = "1", python = "^3.8"}',
            ["a==1 ; (python_version >= '3.8') and (python_version < '4')"],
        ),
        (
            'a = [{version = "1", python = "<3.9"}, {version = "2", python = ">=3.9"}]',
            ["a==1 ; (python_version < '3.9')", "a==2 ; (python_version >= '3.9')"],
        ),
        ('a = {git = "https://h/a.git", tag = "v1"}', ["a @ git+https://h/a.git@v1"]),
        ('a = {git = "https://h/a.git"}', ["a @ git+https://h/a.git"]),
        ('a = {url = "https://h/a.whl"}', ["a @ https://h/a.whl"]),
        ('a = {path = "../a", develop = true}', []),
        ("a = 1", []),
        ('a = {version = 1}\nb = "2"', ["a", "b==2"]),
    ],
)
def test_each_form_of_a_dependency(said: str, requirements: list[str]) -> None:
    found = poetry_requirements(tomllib.loads(said))
    assert list(found) == requirements
    for one in found:
        Requirement(one)  # as pip reads it


def test_groups_of_this_and_of_former_versions() -> None:
    document = """
[tool.poetry.dev-dependencies]
a = "*"
[tool.poetry.group.test.dependencies]
b = "*"
[tool.poetry.group.empty]
optional = true
"""
    groups = poetry_groups(tomllib.loads(document))
    assert groups == {"dev": {"a": "*"}, "test": {"b": "*"}, "empty": {}}
    assert poetry_groups({"tool": {"poetry": {"group": 1}}}) == {}
