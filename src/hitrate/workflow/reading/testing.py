"""Whether a line of a script runs a project's tests, and by what: a runner, tox, nox, Hatch or a target."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hitrate.environment.declared import makefile, shell
from hitrate.environment.declared.naming import Purpose, by_name
from hitrate.workflow.reading.environments import JUDGES
from hitrate.workflow.reading.reasons import Point

_RUNNERS = frozenset({"pytest", "py.test", "unittest", "nosetests", "nose2", "stestr", "trial", "ward"})
_RUN_TESTS = re.compile(r"run_?-?tests?(?:\.py)?")
_NO_TESTS = re.compile(
    r"--(?:collect-only|co|lf|last-failed|codspeed|benchmark-only|version|help|fixtures|markers)\b"
)
_ARGUMENT_OF_PART = re.compile(
    r"\b(?:benchmarks?|memray|integration|plugins?|mypy|downstream|docs?|doctests?|e2e|smoke|slow|performance)\b"
)
_COVERED = frozenset({"cov", "coverage", "with-coverage", "cover", "check"})
_TARGETS = frozenset({"make", "gmake", "just", "task", "inv", "invoke", "ant", "doit"})
_SCRIPT = re.compile(r"(?:\./)?(?:[\w.-]+/)*[\w-]*(?:tests?|ci)[\w-]*(?:\.(?:sh|py|bash))?")
_BELOW_TESTS = re.compile(r"(?:[\w.-]+/)*tests?/(?!unit/?$)\w[\w./-]*")
_SHELLS = frozenset({"bash", "sh"})
_HATCH_ENVIRONMENT = re.compile(r"(?:\+\S+\s+)*(?:([\w.-]+):)?([\w-]+)")
_TOX_ELSEWHERE = frozenset(
    {"list", "l", "config", "c", "devenv", "d", "depends", "de", "schema", "quickstart", "q", "exec", "e"}
)
_NO_RUN = frozenset(
    {
        "--notest",
        "-n",
        "-l",
        "--listenvs",
        "-a",
        "--showconfig",
        "--list",
        "--list-sessions",
        "--install-only",
    }
)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A line that runs tests.

    Attributes:
        line: The line as a reader would see it.
        point: By what it runs them.
        runs: Which tests.
        environment: The environment of tox or session of nox that runs them; None for its default.
    """

    line: str
    point: Point
    runs: Purpose
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class Lookout:
    """What must be known to judge a line.

    Attributes:
        folder: The project's folder; None where only names can be judged.
        variables: Environment variables whose values are known.
    """

    folder: Path | None
    variables: Mapping[str, str]

    def subfolder(self, line: str) -> str | None:
        """The folder or file below the tests that a runner is limited to; None if to none."""
        words = shell.command(line).program[1:]
        return next((word for word in words if _BELOW_TESTS.fullmatch(word)), None)

    def finding(self, line: str) -> Invocation | None:
        """What a line does for the tests; None if nothing."""
        if shell.prepares(line):
            return None
        command = shell.command(line)
        program = command.program
        if not program:
            return None
        name, arguments = program[0], program[1:]
        if command.manager == ("pixi", "run") or (
            command.manager == ("hatch", "run") and not _is_runner(program)
        ):
            return self._managed(line, command.manager[0], " ".join(program))
        for decide in (self._runner, self._tox, self._nox, self._hatch, self._target):
            if found := decide(line, name, arguments):
                return found
        return None

    def _runner(self, line: str, name: str, arguments: tuple[str, ...]) -> Invocation | None:
        if not _is_runner((name, *arguments)) or _NO_TESTS.search(line):
            return None
        paths = [word for word in arguments if not word.startswith("--ignore")]
        part = any(_ARGUMENT_OF_PART.search(word) and "not" not in word.split() for word in paths)
        return Invocation(line, Point.RUNNER, Purpose.PART if part else Purpose.TESTS)

    def _tox(self, line: str, name: str, arguments: tuple[str, ...]) -> Invocation | None:
        if name != "tox" or _NO_RUN & set(arguments):
            return None
        if arguments and arguments[0] in _TOX_ELSEWHERE:
            return None
        given = _values(arguments, ("-e", "--env", "-f", "-m"))
        names = [one for value in given for one in value.split(",")] or self._named(
            "TOXENV", "TOX_ENV", "TOX_SKIP"
        )
        return self._of_environments(line, "tox", Point.TOX, names)

    def _nox(self, line: str, name: str, arguments: tuple[str, ...]) -> Invocation | None:
        if name != "nox" or _NO_RUN & set(arguments):
            return None
        own = arguments[: arguments.index("--")] if "--" in arguments else arguments
        names = _values(own, ("-s", "--session", "--sessions", "-e")) or self._named("NOXSESSION")
        return self._of_environments(line, "nox", Point.NOX, names)

    def _named(self, *variables: str) -> list[str]:
        value = next((self.variables[one] for one in variables if self.variables.get(one)), "")
        return [one.strip() for one in value.split(",") if one.strip()]

    def _of_environments(self, line: str, tool: str, point: Point, names: list[str]) -> Invocation | None:
        """By the environments that it runs; the tool's default is taken for the tests."""
        shown = f"{line} ({', '.join(names)})" if names and not any(name in line for name in names) else line
        if not names:
            return Invocation(shown, point, Purpose.TESTS)
        judged = {JUDGES[tool](name, self.folder): name for name in reversed(names)}
        best = next((runs for runs in (Purpose.TESTS, Purpose.UNKNOWN, Purpose.PART) if runs in judged), None)
        return Invocation(shown, point, best, judged[best]) if best else None

    def _hatch(self, line: str, name: str, arguments: tuple[str, ...]) -> Invocation | None:
        if name != "hatch" or not arguments:
            return None
        if arguments[0] in ("test", "cov"):
            return Invocation(line, Point.HATCH, Purpose.TESTS)
        return None

    def _managed(self, line: str, manager: str, rest: str) -> Invocation | None:
        """A script of Hatch's or a task of pixi's, with the environment before it."""
        point = Point.HATCH if manager == "hatch" else Point.TARGET
        found = _HATCH_ENVIRONMENT.match(rest)
        if found is None:
            return None
        if found[2].startswith("python"):
            return (
                Invocation(line, point, Purpose.TESTS)
                if _is_runner(shell.command(found[2] + rest[found.end() :]).program)
                else None
            )
        environment, script = by_name(found[1] or ""), by_name(found[2])
        script = Purpose.TESTS if found[2] in _COVERED else script
        if environment is Purpose.OTHER or script in (Purpose.OTHER, Purpose.UNKNOWN):
            return None
        part = Purpose.PART in (environment, script)
        return Invocation(line, point, Purpose.PART if part else Purpose.TESTS)

    def _target(self, line: str, name: str, arguments: tuple[str, ...]) -> Invocation | None:
        if name in ("make", "gmake") and self.folder and (made := self._made(line, arguments)):
            return made
        if name in _TARGETS or name in ("pdm", "poetry", "rye"):
            words = [word for word in arguments if not word.startswith("-") and "=" not in word]
            judged = [Purpose.TESTS if word in _COVERED else by_name(word) for word in words]
        elif name in _SHELLS and len(arguments) and _SCRIPT.fullmatch(arguments[0]):
            judged = [by_name(Path(arguments[0]).stem)]
        elif "/" in (first := shell.command(line).words[0]) and _SCRIPT.fullmatch(first):
            judged = [by_name(Path(first).stem)]
        else:
            return None
        best = next((runs for runs in (Purpose.TESTS, Purpose.PART) if runs in judged), None)
        return Invocation(line, Point.TARGET, best) if best else None

    def _made(self, line: str, arguments: tuple[str, ...]) -> Invocation | None:
        """By what the recipe of a Makefile's target runs, where it can be read."""
        judged = [
            found.runs
            for target in arguments
            if by_name(target) is not Purpose.OTHER or target in _COVERED
            for one in makefile.recipe(self.folder or Path(), target)
            if (found := self._runner(one, *_apart(one)))
        ]
        return (
            Invocation(line, Point.TARGET, Purpose.TESTS if Purpose.TESTS in judged else Purpose.PART)
            if judged
            else None
        )


def _apart(line: str) -> tuple[str, tuple[str, ...]]:
    program = shell.command(line).program
    return (program[0], program[1:]) if program else ("", ())


def _is_runner(program: tuple[str, ...]) -> bool:
    name, *arguments = program
    if name == "coverage":
        return arguments[:1] == ["run"]
    if name.rpartition("/")[2] in ("manage.py", "setup.py"):
        return arguments[:1] == ["test"]
    stem = name.rpartition("/")[2]
    return (
        stem in _RUNNERS
        or [name, *arguments[:1]] == ["django", "test"]
        or bool(_RUN_TESTS.fullmatch(stem) and name.endswith(".py"))
        or name.endswith((".test", ".tests"))
    )


def _values(arguments: tuple[str, ...], options: tuple[str, ...]) -> list[str]:
    """The values of options; all words up to the next option, as nox takes them."""
    found: list[str] = []
    taking = False
    for word in arguments:
        option, equals, value = word.partition("=")
        if option in options:
            taking = not equals
            found += [value] if equals else []
        elif word.startswith("-"):
            glued = next(
                (
                    one
                    for one in options
                    if len(one) == 2 and word.startswith(one) and len(word) > 2 and not word.startswith("--")
                ),
                None,
            )
            found += [word[2:]] if glued and not word[2:].startswith(("v", "q")) else []
            taking = False
        elif taking:
            found.append(word)
    return found
