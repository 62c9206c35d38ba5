"""Hatch's environments: templates, matrices, overrides, scripts."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.environment.declared.hatch import environments, script_lines
from hitrate.environment.detect import detect
from hitrate.environment.manifest import read
from hitrate.environment.testcommand import command_for_tests

MATRIX = """
[envs.test]
dependencies = ["pytest", "django~={matrix:django}.0"]
[[envs.test.matrix]]
python = ["3.9", "3.13"]
django = ["4.2", "5.1", "main"]
[envs.test.overrides]
matrix.django.extra-dependencies = [
    { value = "old-shim", if = ["4.2"] },
    { value = "new-shim", if = ["5.1"] },
    { value = "colorama", platform = ["windows"] },
    { value = "secret", env = ["TOKEN"] },
    "always",
]
matrix.django.features = ["web"]
matrix.django.env-vars = ["DJANGO", "MODE=fast", { key = "OLD", value = "1", if = ["4.2"] }]
"""


def made(text: str) -> dict[str, object]:
    return dict(environments(tomllib.loads(text)))


def test_the_newest_of_a_matrix_and_what_overrides_say_of_it() -> None:
    test = made(MATRIX)["test"]
    assert isinstance(test, dict)
    assert test["dependencies"] == ["pytest", "django~=5.1.0"]
    assert test["extra-dependencies"] == ["new-shim", "always"]
    assert test["features"] == ["web"]
    assert test["env-vars"] == {"DJANGO": "5.1", "MODE": "fast"}


def test_it_is_installed_and_run_so(tmp_path: Path) -> None:
    scripts = "[envs.test.scripts]\ntest = 'pytest {args:tests}'\n"
    (tmp_path / "hatch.toml").write_text(MATRIX + scripts)
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'x'\n[project.optional-dependencies]\nweb = []\n"
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "x").mkdir()
    project = read(tmp_path)
    assert command_for_tests(project) == "DJANGO=5.1 MODE=fast python -m pytest tests"
    (command,) = detect(project, tool_python="python").commands
    assert command == "uv pip install -e '.[web]' pytest 'django~=5.1.0' new-shim always"


@pytest.mark.parametrize(
    ("settings", "inherited"),
    [
        ("", ["pytest", "mock"]),
        ("template = 'other'", ["nose"]),
        ("template = 'nosuch'", None),
        ("detached = true", None),
        ("dependencies = []", []),
        ("template = 'test'", None),
    ],
)
def test_what_an_environment_inherits(settings: str, inherited: list[str] | None) -> None:
    default = "[envs.default]\ndependencies = ['pytest', 'mock']\n[envs.default.env-vars]\nA = '1'\nB = '1'\n"
    other = "[envs.other]\ndependencies = ['nose']\n"
    test = made(f"{default}{other}[envs.test]\n{settings}\n[envs.test.env-vars]\nB = '2'\n")["test"]
    assert isinstance(test, dict)
    assert test.get("dependencies") == inherited
    assert test["env-vars"]["B"] == "2"
    assert test["env-vars"].get("A") == ("1" if inherited is not None else None)


def test_hatch_test_is_made_of_itself() -> None:
    found = made(
        "[envs.default]\ndependencies = ['mypy']\n[envs.hatch-test]\nextra-dependencies = ['trustme']\n"
    )
    assert found["hatch-test"] == {"extra-dependencies": ["trustme"]}


def test_a_circle_of_templates_ends() -> None:
    found = made("[envs.a]\ntemplate = 'b'\n[envs.b]\ntemplate = 'a'\ndependencies = ['x']\n")
    assert found["a"] == {"template": "b", "dependencies": ["x"]}


@pytest.mark.parametrize(
    ("scripts", "lines"),
    [
        ("test = 'pytest'", ["pytest"]),
        ("test = ['ruff .', 'pytest']", ["ruff .", "pytest"]),
        ("_run = 'pytest {args:tests}'\ntest = '_run -x'", ["pytest -x"]),
        ("_run = 'pytest {args:tests}'\ntest = '_run'", ["pytest {args:tests}"]),
        ("_run = ['make', 'pytest {args}']\ntest = '- _run {args:lib}'", ["make", "pytest {args:lib}"]),
        ("test = 'test -x'", ["test -x"]),
        ("a = 'test'\ntest = 'a'", None),
    ],
)
def test_scripts_that_call_each_other(scripts: str, lines: list[str] | None) -> None:
    found = environments(tomllib.loads(f"[envs.test.scripts]\n{scripts}\n"))["test"]
    told = [*script_lines(found, "test")]
    assert told == lines or lines is None


def test_the_run_script_of_hatch_test(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "hatch.toml").write_text(
        "[envs.hatch-test.scripts]\nrun = 'pytest{env:HATCH_TEST_ARGS:} tests'\n"
    )
    assert command_for_tests(read(tmp_path)) == "python -m pytest tests"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("{matrix:a}"),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "if", "key"]), inner)
    ),
    max_leaves=6,
)
KEYS = (
    "dependencies",
    "extra-dependencies",
    "features",
    "matrix",
    "overrides",
    "template",
    "scripts",
    "env-vars",
)


@given(
    st.dictionaries(
        st.sampled_from(["default", "test", "hatch-test"]), st.dictionaries(st.sampled_from(KEYS), values)
    )
)
def test_anything_is_read(envs: dict[str, dict[str, object]]) -> None:
    for environment in environments({"envs": envs}).values():
        scripts = environment.get("scripts")
        for name in scripts if isinstance(scripts, dict) else ():
            list(script_lines(environment, name))
