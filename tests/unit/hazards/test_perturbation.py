"""The runs under other conditions: what each sets, and that nothing else differs."""

import shlex
from pathlib import Path

import pytest

from hitrate.hazards.perturbation import LATER, Disturbance, Means, perturbed
from hitrate.testrun.run import Suite

MEANS = Means(Path("/copy"), Path("/plugins"), "reverser", lambda name: f"/opt/my tools/{name}")


def runs(environment: dict[str, str], means: Means = MEANS) -> dict[Disturbance, Suite]:
    suite = Suite("python -m pytest -k 'a b'", Path("/tree"), environment)
    return {run.change: run.suite for run in perturbed(suite, means)[0]}


def test_the_seed_is_one_that_python_takes() -> None:
    changed = runs({"PYTHONHASHSEED": "0", "A": "1"})[Disturbance.HASH_SEED]
    assert changed.environment == {"PYTHONHASHSEED": "4294967295", "A": "1"}
    assert changed.directory == Path("/tree")


@pytest.mark.parametrize(
    ("present", "zone", "locale"),
    [
        ({}, "Pacific/Kiritimati", "C"),
        ({"TZ": "UTC", "LC_ALL": "en_GB.UTF-8"}, "Pacific/Kiritimati", "C"),
        ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}, "America/Adak", "C.UTF-8"),
        ({"LC_ALL": "posix"}, "Pacific/Kiritimati", "C.UTF-8"),
    ],
)
def test_every_variable_differs_from_what_is_set(present: dict[str, str], zone: str, locale: str) -> None:
    changed = runs({**present, "HOME": "/home/a"})[Disturbance.ENVIRONMENT]
    assert changed.environment == {
        "TZ": zone,
        "LC_ALL": locale,
        "HOME": "/nonexistent",
        "USER": "somebody",
        "COLUMNS": "133",
        "TERM": "dumb",
    }


@pytest.mark.parametrize(
    ("present", "options", "path"),
    [
        ({}, "-p reverser", "/plugins"),
        ({"PYTEST_ADDOPTS": "-x -q", "PYTHONPATH": "src:lib"}, "-x -q -p reverser", "/plugins:src:lib"),
    ],
)
def test_the_order_is_turned_by_a_plugin_beside_what_is_set(
    present: dict[str, str], options: str, path: str
) -> None:
    assert runs(present)[Disturbance.ORDER].environment == {"PYTEST_ADDOPTS": options, "PYTHONPATH": path}


def test_the_clock_is_told_to_be_later_and_the_command_stays_whole() -> None:
    words = shlex.split(runs({})[Disturbance.CLOCK].command)
    assert words == ["/opt/my tools/faketime", "-f", LATER, "sh", "-c", "python -m pytest -k 'a b'"]


def test_what_is_missing_is_named() -> None:
    asked: list[str] = []
    means = Means(None, Path("/plugins"), "reverser", asked.append)
    found, notes = perturbed(Suite("make test", Path("/tree"), {}), means)
    assert asked == ["faketime"]
    assert [run.change for run in found] == [
        Disturbance.HASH_SEED,
        Disturbance.ENVIRONMENT,
        Disturbance.ORDER,
    ]
    assert notes == (
        "The tests were not run in another directory: the tree could not be copied.",
        "The clock was not changed: there is no faketime program on the PATH.",
    )
