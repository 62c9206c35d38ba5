"""Other conditions under which the observed run is made again, to see which results follow them. Pure."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from hitrate.testrun.run import Suite

LATER = "+40 days"


class Disturbance(StrEnum):
    """What is changed; the value completes "its result follows …"."""

    ORDER = "which calls came before"
    DIRECTORY = "the current directory"
    CLOCK = "the clock"
    ENVIRONMENT = "environment variables"
    HASH_SEED = "the hash seed"


@dataclass(frozen=True, slots=True)
class Perturbation:
    """One way to run the tests under another condition.

    Attributes:
        change: What is changed.
        suite: The tests under that condition.
    """

    change: Disturbance
    suite: Suite


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to change conditions with.

    Attributes:
        elsewhere: A copy of the suite's directory at another place; None where there is none.
        plugins: A folder with the pytest plugin ``plugin``, which reverses the order of tests.
        plugin: Its module name.
        which: Finds a program on the suite's PATH, None if it is not there.
    """

    elsewhere: Path | None
    plugins: Path
    plugin: str
    which: Callable[[str], str | None]


def perturbed(suite: Suite, means: Means) -> tuple[tuple[Perturbation, ...], tuple[str, ...]]:
    """The runs to make, and what cannot be changed here, each one plain sentence."""
    runs = [
        Perturbation(Disturbance.HASH_SEED, _with(suite, {"PYTHONHASHSEED": "4294967295"})),
        Perturbation(Disturbance.ENVIRONMENT, _with(suite, _other_environment(suite.environment))),
        Perturbation(Disturbance.ORDER, _with(suite, _other_order(suite.environment, means))),
    ]
    notes = []
    if means.elsewhere is not None:
        runs.append(Perturbation(Disturbance.DIRECTORY, replace(suite, directory=means.elsewhere)))
    else:
        notes.append("The tests were not run in another directory: the tree could not be copied.")
    faketime = means.which("faketime")
    if faketime is not None:
        command = f"{shlex.quote(faketime)} -f {shlex.quote(LATER)} sh -c {shlex.quote(suite.command)}"
        runs.append(Perturbation(Disturbance.CLOCK, suite.with_command(command)))
    else:
        notes.append("The clock was not changed: there is no faketime program on the PATH.")
    return tuple(runs), tuple(notes)


def _with(suite: Suite, changes: Mapping[str, str]) -> Suite:
    return replace(suite, environment={**suite.environment, **changes})


def _other_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Another time zone, locale, home and terminal; each differs from what is set."""
    zone = "Pacific/Kiritimati" if environment.get("TZ") != "Pacific/Kiritimati" else "America/Adak"
    return {
        "TZ": zone,
        "LC_ALL": "C" if environment.get("LC_ALL", "").upper() not in ("C", "POSIX") else "C.UTF-8",
        "HOME": "/nonexistent",
        "USER": "somebody",
        "COLUMNS": "133",
        "TERM": "dumb",
    }


def _other_order(environment: Mapping[str, str], means: Means) -> dict[str, str]:
    options = " ".join(filter(None, (environment.get("PYTEST_ADDOPTS"), f"-p {means.plugin}")))
    path = ":".join(filter(None, (str(means.plugins), environment.get("PYTHONPATH"))))
    return {"PYTEST_ADDOPTS": options, "PYTHONPATH": path}
