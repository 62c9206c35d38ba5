"""A workflow of its own: what it holds, and what is said."""

from pathlib import Path

import pytest

from hitrate.workflow.choosing.candidate import Candidate
from hitrate.workflow.choosing.choice import Choice, choose
from hitrate.workflow.choosing.recipe import Recipe
from hitrate.workflow.reading.reasons import Point, Reason
from hitrate.workflow.writing import fresh


def choice(setup: str | None = None, pass_env: str | None = None, point: Point = Point.NAMED) -> Choice:
    recipe = Recipe("pytest", setup=setup, pass_env=pass_env)
    return choose([Candidate("ci.yml", "test", recipe, None, (Reason(point),))])


def test_packages_are_taken_over_where_no_expression_is_in_them() -> None:
    assert fresh.inputs(choice("apt-get install x")) == {"setup": "apt-get install x"}
    assert fresh.inputs(choice("apt-get install ${{ matrix.x }}")) == {}
    assert fresh.inputs(choice("x", point=Point.CALLED_OTHERWISE)) == {}
    assert fresh.inputs(choose([])) == {}


def test_what_the_likeliest_job_has_and_this_has_not_is_said() -> None:
    jobs = {"ci.yml": {"jobs": {"test": {"services": {"redis": {}}}}}}
    said = "\n".join(fresh.notes(choice(pass_env="TERM, DSN"), jobs))
    assert "services (redis)" in said
    assert "sets DSN and" in said
    assert "hitrate init FILE" in said


def test_without_workflows_there_is_nothing_to_say() -> None:
    assert fresh.notes(choose([]), {}) == []
    (said,) = fresh.notes(choose([]), {"ci.yml": {}})
    assert said.startswith("None of the workflows")


@pytest.mark.parametrize(
    ("files", "branch"),
    [
        ({"remotes/origin/HEAD": "ref: refs/remotes/origin/trunk\n"}, "trunk"),
        ({"remotes/origin/HEAD": "garbage"}, "main"),
        ({"heads/master": ""}, "master"),
        ({"heads/master": "", "heads/main": ""}, "main"),
        ({}, "main"),
    ],
)
def test_the_default_branch_is_the_clones(tmp_path: Path, files: dict[str, str], branch: str) -> None:
    for name, text in files.items():
        place = tmp_path / ".git" / "refs" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    kept = fresh.keeping(tmp_path, "v5")
    assert kept is not None
    assert kept.branch == branch
    assert branch in fresh.kept(kept)
    assert fresh.keeping(tmp_path, None) is None
