"""What makes runs of the same tests differ, or hides which of them fail, is switched off in the analysis."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hitrate.analysis.session import Project
from hitrate.files.untrusted import read_regular
from hitrate.testrun.interpreter import Interpreter
from hitrate.testrun.run import TestRun
from hitrate.trace import deployment
from hitrate.trace.deployment import Instrument

_MODULES = (
    "pytest_randomly",
    "random_order",
    "pytest_reverse",
    "pytest_rerunfailures",
    "flaky",
    "pytest_retry",
    "pytest_split",
    "hypothesis",
)
_CONFIGURED = ("pytest.ini", ".pytest.ini", "pytest.toml", "tox.ini", "setup.cfg", "pyproject.toml")
_BY_CACHE = re.compile(
    rb"--(?:lf|last-failed|ff|failed-first|nf|new-first|sw|stepwise)\b(?!-no-failures|-skip)"
)
_REPORTED = re.compile(rb"(?<![\w-])-r[ =]?([fEsxXpPwaAN]+)(?![\w./-])")
_UNSUMMARISED = re.compile(rb"--no-summary\b")
_CONFIGURATION_BYTES = 1 << 20
_SAID = {
    "pytest-randomly": "pytest-randomly's order",
    "pytest-random-order": "pytest-random-order's order",
    "pytest-reverse": "pytest-reverse's order",
    "pytest-rerunfailures": "pytest-rerunfailures",
    "flaky": "flaky",
    "pytest-retry": "pytest-retry",
    "pytest-split": "pytest-split's record of durations",
    "pytest-cache": "the choice of tests by how they ended last time",
}


@dataclass(frozen=True, slots=True)
class Steadied:
    """A project whose runs are alike.

    Attributes:
        project: The project, with what its tests need for that.
        plugin: The plugin that sees to it; None where nothing would make runs differ.
    """

    project: Project
    plugin: Instrument | None = None

    def was_kept_away(self, run: TestRun) -> bool:
        """Whether pytest did not find the plugin: what starts it gave it another ``PYTHONPATH``."""
        return self.plugin is not None and f'Error importing plugin "{self.plugin.package}' in run.tail

    def notes(self) -> tuple[str, ...]:
        """What was switched off, one plain sentence; none where nothing was."""
        if self.plugin is None:
            return ()
        said = [words for name, words in _SAID.items() if (self.plugin.records / name).is_file()]
        if not said:
            return ()
        return (f"Switched off while measuring, so that runs can be compared: {', '.join(said)}.",)


def steadied(project: Project, interpreter: Interpreter | None, scratch: Path) -> Steadied:
    """The project with pytest told to run the same tests in the same order and to name those that fail.

    It stays as it is where pytest does so by itself.

    Args:
        project: What is analysed.
        interpreter: The Python that runs the tests; None where it did not answer.
        scratch: A private folder.
    """
    folders = [Path(folder) for folder in interpreter.path] if interpreter else []
    asked = (project.suite.command.encode(), *_configurations(project.suite.directory))
    if not (any(map(_has, folders)) or any(map(_chooses, asked[1:])) or any(map(_conceals, asked))):
        return Steadied(project)
    plugin = deployment.steadying(scratch / "steady", "steadying")
    workload = deployment.loading(project.workload, plugin) if project.workload else None
    return Steadied(
        replace(project, suite=deployment.loading(project.suite, plugin), workload=workload), plugin
    )


def _has(folder: Path) -> bool:
    return any((folder / name).is_dir() or (folder / f"{name}.py").is_file() for name in _MODULES)


def _configurations(directory: Path) -> Iterator[bytes]:
    """Files that may configure pytest."""
    for name in _CONFIGURED:
        try:
            yield read_regular(directory / name, _CONFIGURATION_BYTES) or b""
        except (OSError, ValueError):
            continue


def _chooses(text: bytes) -> bool:
    """Whether a configuration of pytest asks for its cache's choice."""
    return _BY_CACHE.search(text) is not None


def _conceals(text: bytes) -> bool:
    """Whether pytest is asked for a summary that does not name what failed, as by ``-rxXs``."""
    if _UNSUMMARISED.search(text):
        return True
    return any(not (set(chars) >= set(b"fE") or set(chars) & set(b"aA")) for chars in _REPORTED.findall(text))
