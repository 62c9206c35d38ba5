"""The workflows that the documentation shows fit together, and into the program."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hitrate.action.runner import read_inputs
from hitrate.settings.model import build_settings
from hitrate.workflow.writing.step import ACTION, PERMISSIONS, VERSION
from hitrate.workflow.writing.step import workflow as written

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yml"))


OWN = f"git+https://github.com/{ACTION}@{VERSION}"
"""The one thing that Hitrate is installed from: nobody holds its name in an index."""

SHOWN = [
    *EXAMPLES,
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "action.yml", "native/action.yml")),
    *sorted((ROOT / "docs").glob("**/*.md")),
    *sorted((ROOT / ".github").glob("**/*.yml")),
    *sorted((ROOT / "src" / "hitrate").glob("**/*.py")),
    *sorted((ROOT / "native").glob("*.sh")),
]
_INSTALLER = re.compile(r"(?<![\w./-])(?:pip[\d.]*|pipx|pipenv|uvx?|poetry|pdm|rye|conda)[ ].*", re.DOTALL)
_NAME = re.compile(r"(?i:hitrate)(?:\[[^\]]*\])?(?:[=<>~!].*)?")


def installed_by_name(text: str) -> list[str]:
    """Commands that get Hitrate from an index of packages, as they stand in a text."""
    found = []
    for line in re.split(r"[\n;|&`]", text.replace("\\\n", " ")):
        command = _INSTALLER.search(line)
        words = re.sub("[\"']", " ", command[0]).split() if command else []
        if OWN not in words and any(_NAME.fullmatch(word) for word in words):
            found.append(line)
    return found


def workflow(name: str) -> dict[str, Any]:
    data: dict[str, Any] = YAML(typ="safe").load((ROOT / "docs" / "examples" / name).read_text())
    return data


def steps(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in data["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_uses_this_version_with_inputs_that_exist(path: Path) -> None:
    used = [step for step in steps(workflow(path.name)) if step.get("uses", "").startswith(f"{ACTION}@")]
    for step in used:
        assert step["uses"] == f"{ACTION}@{VERSION}"
        given = {f"INPUT_{name.upper()}": str(value) for name, value in step.get("with", {}).items()}
        build_settings(read_inputs(given), {})


def test_the_readme_uses_this_version() -> None:
    used = re.findall(rf"{ACTION}@(\S+)", (ROOT / "README.md").read_text())
    assert set(used) == {VERSION}


def test_the_two_halves_of_the_pair_fit_together() -> None:
    first, second = workflow("measure.yml"), workflow("post.yml")
    assert second["on"]["workflow_run"] == {"workflows": [first["name"]], "types": ["completed"]}
    upload = next(step["with"] for step in steps(first) if "upload-artifact" in step.get("uses", ""))
    download = next(step["with"] for step in steps(second) if "download-artifact" in step.get("uses", ""))
    assert (download["name"], download["path"]) == (upload["name"], upload["path"])
    assert upload["path"] == build_settings({}, {}).report_dir


def test_what_runs_a_forks_code_may_not_write_and_what_writes_runs_none() -> None:
    first, second = workflow("measure.yml"), workflow("post.yml")
    assert first["on"] == "pull_request"
    assert first["permissions"] == second["permissions"] == {}
    assert [job["permissions"] for job in first["jobs"].values()] == [{"contents": "read"}]
    (granted,) = [job["permissions"] for job in second["jobs"].values()]
    assert granted == {"actions": "read", "pull-requests": PERMISSIONS["pull-requests"]}
    assert all("checkout" not in step.get("uses", "") and "run" not in step for step in steps(second))


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_installs_hitrate_by_a_name_that_anybody_may_register(path: Path) -> None:
    text = path.read_text()
    assert installed_by_name(text) == []
    for source in re.findall(r"git\+https?://[^\s\"'`]+", text):
        if source.startswith(f"git+https://github.com/{ACTION}"):
            assert source == OWN


def test_what_init_writes_gets_the_action_by_its_tag_and_installs_nothing() -> None:
    assert installed_by_name(written({})) == []
    assert re.findall(rf"uses: {ACTION}@(\S+)", written({})) == [VERSION]


@pytest.mark.parametrize(
    "line",
    [
        "pipx install hitrate",
        "pip install -q -U 'hitrate'",
        "python -m pip install hitrate==0.1",
        "pip install -e '.[test]' hitrate",
        "pip install \\\n  hitrate[container]>=1",
        "pip3 install Hitrate",
        "uv tool install hitrate",
        "uv pip install --system hitrate",
        "uv add --dev hitrate",
        "uvx hitrate run",
        "uvx --from hitrate hitrate run",
        "pipx run hitrate plan",
        "uv tool run hitrate",
        "uv run --with hitrate hitrate run",
        "poetry add hitrate",
        "a && pipx install hitrate && b",
    ],
)
def test_a_name_in_an_index_is_seen(line: str) -> None:
    assert len(installed_by_name(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        f'pipx install "{OWN}"',
        f"uvx --from {OWN} hitrate run --base main",
        "pip install -e .",
        "pip install -e '.[dev]' && .venv/bin/hitrate demo",
        "cd hitrate && pip install .",
        "pip install ./hitrate",
        "hitrate run --base main",
        "Hitrate does not install anything",
    ],
)
def test_its_own_source_is_no_such_name(line: str) -> None:
    assert installed_by_name(line) == []
