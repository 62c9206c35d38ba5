"""The analysed project's environment: an interpreter, the project, and what its tests need."""

import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from hitrate.environment.causes import APT, EMPTY, cause_of, snippet
from hitrate.environment.declared.built import QUESTION, extras_of_build
from hitrate.environment.declared.checkout import left_empty, left_out
from hitrate.environment.detect import Installation, detect
from hitrate.environment.manifest import Manifest, read, text
from hitrate.environment.runners import NeededPlugin, plugins_wanted
from hitrate.environment.test_requirements import extras_for_tests
from hitrate.environment.testcommand import SuiteCommands, choice_for_tests
from hitrate.environment.workflows import packages_of_jobs
from hitrate.errors import AnalysisError
from hitrate.files.limits import COMMAND_BYTES, PINNED_BYTES, FirstLook
from hitrate.progress.progress import Progress
from hitrate.sandbox.sandbox import Host
from hitrate.settings.model import Settings
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Limits, Outcome, Suite

# What a user tells an installer is for the installer alone: it may hold a password, and tests do not get it.
INSTALLERS = ("UV_", "PIP_", "POETRY_", "PDM_", "PIPENV_")
_QUIET = {"UV_NO_PROGRESS": "1", "NO_COLOR": "1", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
# Every installer trusts what the system trusts, so that a certificate added by ``setup`` counts for all.
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
_TRUST = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")
_UNATTENDED = {"DEBIAN_FRONTEND": "noninteractive"}
_PYTHON_VERSION_FILE = ".python-version"
_VERSION = re.compile(r"^[^\S\n]*([A-Za-z]*-?\d[\w.+-]*)", re.MULTILINE)
_VENV_VERSION = re.compile(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", re.MULTILINE)
_OF_KILLING = (-9, 137)
_KILLED = "Out of memory"  # what the system does not say of whom it ends for that
_OF_OLD_SETUPTOOLS = re.compile(r"No module named ['\"]?pkg_resources\b")
_WITH_OLD_SETUPTOOLS = (
    'export UV_BUILD_CONSTRAINT="$XDG_CACHE_HOME/builds.txt"; echo "setuptools<82" >"$UV_BUILD_CONSTRAINT";'
)
"""What is put before a command of uv: versions of what its builds need."""
_FAILURES = 30
_RUNS_PYTEST = re.compile(r"\b(?:pytest|py\.test)\b")


@dataclass(frozen=True, slots=True)
class Environment:
    """What an installation made.

    Attributes:
        python: The interpreter of the project's virtual environment.
        variables: The whole environment of its tests.
        test_command: Runs the tests: what the user said, or what was detected.
        others: What was detected too, to be tried where that runs no test.
        suspect: What may be wrong with it, to be told where the tests fail.
    """

    python: Path
    variables: Mapping[str, str]
    test_command: str
    others: tuple[str, ...] = ()
    suspect: tuple[str, ...] = ()


def install(
    project: Path, settings: Settings, host: Host, progress: Progress, look: FirstLook | None = None
) -> Environment:
    """Make the environment of a project.

    Args:
        project: The project's folder in the private tree.
        settings: What the user chose; what was not chosen is detected.
        host: Where and as whom everything runs, ``setup`` apart, which runs as Hitrate does: as root.
        progress: Told what was detected and what is run.
        look: The look that the project's packaging files are a part of; None gives them one of their own.

    Raises:
        AnalysisError: A command failed; its last lines are the error's ``output``. Or the packaging files go
            over a limit.
    """
    site = _Site(project, host, settings.timeout, progress)
    if settings.setup:
        site.set_up(settings.setup)
    said = (look or FirstLook()).spend(
        "the packaging files",
        "set install, test-command and python-version",
        lambda: what_is_said(project, settings),
    )
    manifest, plan, tests, (request, reason) = said.manifest, said.plan, said.tests, said.python
    progress.say(f"Python: {request} ({reason})")
    site.install(
        shlex.join(["uv", "venv", "--no-project", "--seed", f"--python={request}", str(site.prefix)]),
        "python-version",
    )
    missing = site.install_as(plan)
    progress.say(f"Tests: {tests.command} ({'test-command' if settings.test_command else 'detected'})")
    if _RUNS_PYTEST.search(tests.command):
        site.complete_pytest(said.plugins)
    if settings.cache_dir:
        site.install("uv cache prune --ci --quiet", "cache-dir")
    suspect = () if settings.python_version else newer_python(manifest, site.version)
    return Environment(
        host.python, host.environment(), tests.command, tests.others, (*missing, *suspect, *said.left_out)
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """What the user and the packaging files say, before anything of the project runs.

    What the project's own code makes while it is installed is thus not read.
    """

    manifest: Manifest
    python: tuple[str, str]
    plan: Installation
    tests: SuiteCommands
    left_out: tuple[str, ...]
    plugins: tuple[NeededPlugin, ...]


def what_is_said(project: Path, settings: Settings) -> _Said:
    """What is to be installed and run, as the user or else the packaging files say.

    Raises:
        AnalysisError: A packaging file is malformed or goes over a limit, and the user does not say it all.
    """
    try:
        manifest = read(project)
    except AnalysisError:
        if not (settings.install and settings.test_command):
            raise
        manifest = Manifest(project)  # the user has said all that it would tell
    plan = (
        Installation((settings.install,), ("install",))
        if settings.install
        else detect(manifest, tool_python=own_python())
    )
    tests = SuiteCommands(settings.test_command) if settings.test_command else choice_for_tests(manifest)
    python = python_request(manifest, settings.python_version)
    packages = () if settings.setup else packages_of_jobs(project)
    missing = (f"Its own workflow installs packages of the system: setup: {APT} {' '.join(packages)}",)
    plugins = () if settings.install else plugins_wanted(manifest)
    return _Said(
        manifest, python, plan, tests, (*left_out(manifest), *(missing if packages else ())), plugins
    )


def own_python() -> str:
    """The interpreter under Hitrate's own environment."""
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")


def python_request(project: Manifest, chosen: str | None) -> tuple[str, str]:
    """Which Python to ask uv for, and who says so.

    A range of versions is met by Hitrate's own interpreter where possible, since that needs no download.
    """
    if chosen:
        return chosen, "python-version"
    try:
        pinned = _VERSION.search(text(project.folder / _PYTHON_VERSION_FILE, PINNED_BYTES))
    except AnalysisError:
        error = f"{_PYTHON_VERSION_FILE}: is larger than {PINNED_BYTES} bytes; set python-version"
        raise AnalysisError(error) from None
    if pinned:
        return pinned[1], _PYTHON_VERSION_FILE
    return project.requires_python or (own_python(), "the project does not say")


def newer_python(project: Manifest, used: tuple[int, int] | None) -> tuple[str, ...]:
    """A sentence where the tests are run with a newer Python than the project's classifiers name."""
    newest = project.newest_python
    if newest is None or used is None or used <= newest:
        return ()
    named, run = (".".join(map(str, version)) for version in (newest, used))
    told = f"The project names no Python newer than {named}, and its tests were run with {run}: "
    return (f'{told}python-version: "{named}" may be what they need.',)


@dataclass(frozen=True, slots=True)
class _Site:
    """Runs the commands of one installation."""

    project: Path
    host: Host
    timeout_seconds: float
    progress: Progress

    @property
    def prefix(self) -> Path:
        """The virtual environment's folder."""
        return self.host.python.parent.parent

    @property
    def version(self) -> tuple[int, int] | None:
        """The version of its Python; None where that cannot be read."""
        found = _VENV_VERSION.search(text(self.prefix / "pyvenv.cfg"))
        return (int(found[1]), int(found[2])) if found else None

    def set_up(self, command: str) -> None:
        """Run the user's ``setup``."""
        self._run(Suite(command, self.project, self.host.environment() | _UNATTENDED), "setup")

    def install(self, command: str, setting: str) -> None:
        """Run one command as the project's user, told what the user says to installers."""
        told = {name: value for name, value in self.host.environ.items() if name.startswith(INSTALLERS)}
        own = {
            "XDG_CACHE_HOME": str(self.host.cache),
            "UV_PROJECT_ENVIRONMENT": str(self.prefix),
            "UV_PYTHON_INSTALL_DIR": str(self.host.home / "python"),
        }
        trust = dict.fromkeys(_TRUST, str(_AUTHORITIES)) if _AUTHORITIES.is_file() else {}
        environment = _QUIET | trust | self.host.environment() | told | own
        suite = Suite(command, self.project, environment, launcher=self.host.launcher)
        try:
            self._run(suite, setting)
        except _CommandError as error:
            if setting != "install" or not _OF_OLD_SETUPTOOLS.search(error.output):
                raise
            self.progress.say(
                "A build asks for pkg_resources, which setuptools has had up to its version 81."
            )
            with suppress(_CommandError):
                self._run(replace(suite, command=f"{_WITH_OLD_SETUPTOOLS} {command}"), setting)
                return
            raise

    def install_as(self, plan: Installation) -> tuple[str, ...]:
        """Install what a plan says, or else what it says instead, and what only the built project names.

        Returns:
            Sentences on what could not be installed.
        """
        try:
            self._install_exactly(plan)
        except _CommandError as error:
            if plan.otherwise is None:
                raise
            self.progress.output(error.output)
            self.progress.say(f"This cannot be installed here: {error.reason}.")
            try:
                told = self.install_as(plan.otherwise)
            except _CommandError:
                raise error from None  # what else was tried is not what the user has to mend
            return (f"`{error.command}` could not be run: {error.reason}.", *told)
        return tuple(
            f"The tests' {requirement} could not be installed: {error.reason}."
            for requirement, error in self._install_what_can_be(plan)
        )

    def _install_exactly(self, plan: Installation) -> None:
        self.progress.say(
            f"Installed as declared by: {', '.join(plan.reasons)}"
            if plan.reasons
            else "No packaging: nothing is installed."
        )
        for command in plan.commands:
            self.install(command, "install")
        answer = self._asked(QUESTION).tail if plan.asks_build else ""
        if extras := extras_for_tests(extras_of_build(answer)):
            named = ", ".join(f"extra {name!r}" for name in extras)
            self.progress.say(f"Its built metadata names what tests need: {named}")
            self.install(shlex.join(["uv", "pip", "install", "-e", f".[{','.join(extras)}]"]), "install")

    def _install_what_can_be(self, plan: Installation) -> "list[tuple[str, _CommandError]]":
        """Install those of the wanted requirements that can be; the others, each with why not.

        Raises:
            AnalysisError: None of them can be, or too many attempts fail.
        """
        failures = 0
        lost: list[tuple[str, _CommandError]] = []
        found: list[str] = []
        rest = [list(plan.wanted)] if plan.wanted else []
        while rest:
            some = rest.pop()
            try:
                self.install(" ".join([plan.joined, shlex.join([*found, *some])]), "install")
                found += some
            except _CommandError as error:
                failures += 1
                if failures == _FAILURES:  # an index that is down, rather than some requirements
                    raise
                if len(some) == 1:
                    self.progress.say(
                        f"Left out, since it cannot be installed here: {some[0]} ({error.reason})"
                    )
                    lost.append((some[0], error))
                else:
                    half = len(some) // 2
                    rest += [some[half:], some[:half]]
        if lost and not found:
            raise lost[0][1]
        return lost

    def complete_pytest(self, plugins: Sequence[NeededPlugin]) -> None:
        """Install pytest where the project does not, and plugins that its configuration or its tests name."""
        if not self.imports("pytest"):
            self.progress.say("The project does not install pytest: the newest one is added.")
            self.install("uv pip install pytest", "install")
        for plugin in plugins:
            if not self.imports(plugin.module):
                self.progress.say(f"{plugin.asked}: {plugin.requirement} is added.")
                with suppress(_CommandError):  # what pytest says to the option is told instead
                    self.install(f"uv pip install {plugin.requirement}", "install")

    def imports(self, module: str) -> bool:
        """Whether the project's interpreter finds a module."""
        return self._asked(f"python -c 'import {module}'").outcome is Outcome.PASSED

    def _asked(self, command: str) -> testrun.TestRun:
        suite = Suite(command, self.project, self.host.environment(), launcher=self.host.launcher)
        limited = replace(suite, limits=Limits(timeout_seconds=self.timeout_seconds))
        return testrun.run(limited, bytecode=self.host.bytecode)

    def _run(self, suite: Suite, setting: str) -> None:
        if len(suite.command.encode("utf-8", "replace")) > COMMAND_BYTES or "\0" in suite.command:
            raise AnalysisError(
                f"{setting}: what the packaging files declare does not fit into one command; set {setting}"
            )
        self.progress.say(f"$ {suite.command}")
        limited = replace(suite, limits=Limits(timeout_seconds=self.timeout_seconds))
        done = testrun.run(limited, bytecode=self.host.bytecode)
        if done.outcome is Outcome.TIMED_OUT:
            raise AnalysisError(
                f"{setting}: `{suite.command}` took more than {self.timeout_seconds:.0f} s; raise timeout",
                output=done.tail,
                snippet=snippet("", "timeout"),
            )
        if done.exit_code != 0:
            known = "\n".join([done.tail, *(f"{EMPTY}{path}" for path in left_empty(self.project)[:1])])
            raise _CommandError(suite.command, setting, done.exit_code, known, done.tail)


class _CommandError(AnalysisError):
    """A command of an installation ended with an exit code that is not 0."""

    def __init__(self, command: str, setting: str, exit_code: int, known: str, output: str) -> None:
        said = _with_killing(exit_code, known)
        super().__init__(
            failure(command, setting, exit_code, known),
            output=output,
            snippet="" if setting == "cache-dir" else snippet(said, setting),
        )
        self.command = command
        self.reason = cause_of(said) or f"exit code {exit_code}"


def _with_killing(exit_code: int, output: str) -> str:
    """The output, or that memory ran out, where it tells no cause and the system ended it without a word."""
    return _KILLED if exit_code in _OF_KILLING and cause_of(output) is None else output


def failure(command: str, setting: str, exit_code: int, output: str) -> str:
    """Why the project could not be installed, and what to do about it.

    Args:
        command: What was run.
        setting: The input that would override it.
        exit_code: Of the command.
        output: Its last lines.
    """
    remedy = {
        "setup": "fix the command",
        "cache-dir": "leave it away",
        "python-version": "name a version that exists, or install one by setup",
        "install": "set install to a command that installs the project and what its tests need",
    }[setting]
    if setting == "install":
        remedy = cause_of(_with_killing(exit_code, output)) or remedy
    return f"{setting}: `{command}` failed with exit code {exit_code}; {remedy}"
