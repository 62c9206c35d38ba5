"""The steps of a job in one row of its matrix: which of them run there, and what their scripts are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hitrate.environment.declared import shell
from hitrate.workflow.reading.expression import UNKNOWN, Contexts, as_text, filled_in, holds
from hitrate.workflow.reading.matrix import Row
from hitrate.workflow.reading.reasons import Absence, Point, Reason

_SHELLS = ("bash", "sh")
_RUN_IN_DOCKER = re.compile(r"docker|codspeed|container", re.IGNORECASE)
_OWN_REPOSITORY = re.compile(r"github\.repository\b|github\.event\.pull_request\.head\.repo")
_BUILT = re.compile(r"--installpkg\b|(?:^|[\s=/'\"(`])dist/|\bwheelhouse\b|--find-links[= ]\S*dist")
_OTHER_SOURCE = re.compile(r"checkout-python-sdist|^(?:tar\s+x|unzip)", re.IGNORECASE)
_PATCH = re.compile(
    r"^(?:git\s+(?:apply|am|checkout|reset|revert|cherry-pick|clean|rm)\b|patch\s|sed\s+(?:-\S+\s+)*-i|sed\s+.*--in-place)"
)
_REMOVAL = re.compile(r"^(?:rm|mv)\s")
_NOT_SOURCE = re.compile(
    r"(?:\./)?(?:\.(?!\.?(?:/|$))[^/]+|build|dist|htmlcov|coverage[^/]*|[^/]*\.(?:egg-info|pyc|xml|log))(?:/.*)?|[/~$].*|.*__pycache__.*"
)
_SERVER = re.compile(
    r"\b(?:docker[ -]compose|docker\s+run|redis|postgres\w*|mysql|mariadb|mongo\w*|rabbitmq|kafka|"
    r"elasticsearch|opensearch|minio|localstack|memcached|valkey|selenium)",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"^(?:docker|docker-compose|(?:systemctl|service)\s+\S*\s*(?:re)?start|systemctl\s+start)\b|-server\b.*&$"
)
_TOOLCHAIN = re.compile(
    r"setup-(?:node|java|go|dotnet|ruby|conda|miniconda|micromamba|pixi|chrome|firefox)\b|rust-toolchain|install-action",
    re.IGNORECASE,
)
_RUNNER = re.compile(
    r"git\s+config\s+--(?:global|system)\s+(?!--get|--list|-l)|(?:>|tee\s+(?:-a\s+)?)\s*/etc/|\$\{?GITHUB_(?:ENV|PATH)\b|\bsysctl\b|\blocale-gen\b"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that runs in a row, or may.

    Attributes:
        data: As it stands in the workflow.
        script: What it runs, as it stands there; empty where it uses an action.
        read: The same with what is known put in, to be judged by.
        sure: Whether it certainly runs.
    """

    data: Mapping[str, Any]
    script: str
    read: str
    sure: bool

    @property
    def name(self) -> str:
        """What a reader finds it by."""
        return " ".join(str(self.data.get("name") or self.data.get("uses") or self.script).split())

    @property
    def uses(self) -> str:
        """The action that it uses."""
        return str(self.data.get("uses") or "")


@dataclass(frozen=True, slots=True)
class JobRow:
    """A row of a job with what is known there.

    Attributes:
        job: The job.
        row: The row.
        contexts: What expressions know there.
        defaults: The workflow's ``defaults.run`` with the job's.
        environment: The workflow's ``env`` with the job's, as they stand there.
    """

    job: Mapping[str, Any]
    row: Row
    contexts: Contexts
    defaults: Mapping[str, Any]
    environment: Mapping[str, Any]

    def value(self, given: object) -> Any:
        """A value with its expressions evaluated, or UNKNOWN."""
        return filled_in(given, self.contexts)

    def steps(self) -> list[Step]:
        """The steps that run there on Linux, or may, in their order."""
        given = self.job.get("steps")
        steps = [one for one in given if isinstance(one, Mapping)] if isinstance(given, Sequence) else []
        return [found for one in steps if (found := self._step(one))]

    def _step(self, data: Mapping[str, Any]) -> Step | None:
        runs = holds(data.get("if"), self.contexts)
        if runs is False:
            return None
        script = data.get("run")
        given = data.get("with")
        if script is None and isinstance(given, Mapping) and not _RUN_IN_DOCKER.search(str(data.get("uses"))):
            script = given.get("run")
        if not isinstance(script, str) or not _is_shell(data.get("shell", self.defaults.get("shell"))):
            return Step(data, "", "", bool(runs))
        read = shell.without_variables(_readable(script, self), self.known(data))
        return Step(data, script, read, bool(runs))

    def known(self, step: Mapping[str, Any]) -> dict[str, str]:
        """Environment variables whose values are known in a step."""
        around = self.contexts.get("env")
        own = self.value(step.get("env")) if isinstance(step.get("env"), str) else step.get("env")
        known = dict(around) if isinstance(around, Mapping) else {}
        if isinstance(own, Mapping):
            known |= {str(name): self.value(value) for name, value in own.items()}
        return {name: as_text(value) for name, value in known.items() if value is not UNKNOWN}

    def working_directory(self, step: Step) -> str | None:
        """The folder that a step runs in; None where it is the checkout's own."""
        given = step.data.get("working-directory", self.defaults.get("working-directory"))
        return str(given) if given and str(given) != "." else None


def _is_shell(given: object) -> bool:
    return given is None or str(given).partition(" ")[0] in _SHELLS


def _readable(script: str, place: JobRow) -> str:
    """A script with each expression's value put in; what is unknown stays."""
    return re.sub(r"\$\{\{.*?\}\}", lambda found: _known(found[0], place), script, flags=re.DOTALL)


def _known(text: str, place: JobRow) -> str:
    value = place.value(text)
    return text if value is UNKNOWN or isinstance(value, Mapping | list) else as_text(value)


def obstacles(before: Sequence[Step], tests: Step) -> Iterator[Reason]:
    """What stands against taking a step for the tests: what it does to files, and what is done before it."""
    if not any(_is_own_checkout(step) for step in before):
        yield Reason(Point.NO_CHECKOUT)
    for step in before:
        yield from _by_action(step)
    for step in (*before, tests):
        for line in shell.lines_of(step.read):
            if _BUILT.search(line) and (step is tests or shell.installs(line)):
                yield Reason(Point.DIST, line)
            for part in re.split(r"\s(?:\|\||&&|;)\s|;\s", line):
                yield from _by_command(part.strip())


def _by_action(step: Step) -> Iterator[Reason]:
    """What an action does that a step uses."""
    given = step.data.get("with")
    settings = given if isinstance(given, Mapping) else {}
    if "actions/checkout" in step.uses and not _is_own_checkout(step):
        yield Reason(Point.OTHER_CODE, f"checkout of {settings.get('repository') or settings.get('ref')}")
    if _OTHER_SOURCE.search(step.uses):
        yield Reason(Point.OTHER_CODE, step.uses)
    if "actions/download-artifact" in step.uses and "dist" in str(settings.get("path", "")):
        yield Reason(Point.DIST, step.name)


def _by_command(command: str) -> Iterator[Reason]:
    """What a command does to the checkout."""
    if _changes_sources(command):
        yield Reason(Point.CHANGES_FILES, command)
    elif _OTHER_SOURCE.search(command):
        yield Reason(Point.OTHER_CODE, command)


def _is_own_checkout(step: Step) -> bool:
    given = step.data.get("with")
    settings = given if isinstance(given, Mapping) else {}
    repository, ref = str(settings.get("repository") or ""), str(settings.get("ref") or "")
    elsewhere = repository and not _OWN_REPOSITORY.search(repository)
    base = "base" in ref.lower()
    return "checkout" in step.uses.partition("@")[0].rpartition("/")[2] and not elsewhere and not base


def _changes_sources(line: str) -> bool:
    """Whether a command removes or changes files of the checkout that are its sources."""
    line = re.sub(r"^sudo\s+", "", line)
    if _PATCH.search(line):
        return True
    if not _REMOVAL.search(line):
        return False
    targets = [word.strip("'\"") for word in line.split()[1:] if not word.startswith("-")]
    return any(not _NOT_SOURCE.fullmatch(target) for target in targets)


def _as_root(line: str) -> bool:
    """Whether a line does something as root other than to install packages, which `setup` does too."""
    return line.startswith("sudo ") and not shell.installs_system(line) and not _REMOVAL.search(line[5:])


def absences(before: Sequence[Step]) -> Iterator[tuple[Absence, str]]:
    """What steps before the tests set up that a container does not have, each with the step's name."""
    for step in before:
        lines = [re.sub(r"^sudo\s+", "", line) for line in shell.lines_of(step.read)]
        if (_SERVER.search(step.uses) and step.uses) or any(_STARTS.search(line) for line in lines):
            yield Absence.SERVER, step.name
        elif _TOOLCHAIN.search(step.uses):
            yield Absence.ACTION, step.name
        elif any(_RUNNER.search(line) for line in lines) or any(
            _as_root(line) for line in shell.lines_of(step.read)
        ):
            yield Absence.RUNNER, step.name
