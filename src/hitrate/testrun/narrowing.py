"""Which tests to run: those that call a winner, as narrowly as the test command allows."""

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from hitrate.files.limits import PACKAGING_BYTES
from hitrate.testrun.shellwords import CommandLine, Word, parse

COMMAND_BYTES = 100_000
"""Linux takes 128 KiB for one argument, and the command line is one argument of the shell."""
NEARLY_ALL = 0.8

_PHASE = re.compile(r" \((?:setup|call|teardown)\)$")
_XDIST_GROUP = re.compile(r"@[^\[\]]*$")
_LAUNCHERS = re.compile(
    r"(?:py\.?test|python[\d.]*|pypy[\d.]*|coverage|uv|poetry|pdm|hatch|pipenv|rye|pixi|conda|mamba|micromamba"
    r"|nice|env|time|timeout|xvfb-run|exec)"
)
_SHORT_WITH_VALUE = "kmpconWr"
_LONG_WITH_PATH = re.compile(
    r"--(?:basetemp|confcutdir|cov|cov-config|cov-report|deselect|ignore|ignore-glob|junit-?xml|log-file|rootdir|rsyncdir)"
)
_LONG_WITHOUT_VALUE = re.compile(
    r"--(?:benchmark-(?:disable|skip)|cache-clear|continue-on-collection-errors|disable-warnings|doctest-modules"
    r"|exitfirst|failed-first|ff|full-trace|last-failed|lf|new-first|nf|no-cov|no-header|no-summary|noconftest"
    r"|pyargs|quiet|runxfail|showlocals|strict(?:-config|-markers)?|sw|stepwise|verbose)"
)
_SECTIONS = {
    "pytest.ini": None,
    ".pytest.ini": None,
    "pyproject.toml": re.compile(r"^\[tool\.pytest(?:\.ini_options)?\]", re.MULTILINE),
    "tox.ini": re.compile(r"^\[pytest\]", re.MULTILINE),
    "setup.cfg": re.compile(r"^\[tool:pytest\]", re.MULTILINE),
}


class Narrowing(StrEnum):
    """How narrowly tests are chosen."""

    TESTS = "tests"
    FILES = "files"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run the tests that matter.

    Attributes:
        command: What to run.
        reach: How narrow it is.
        tests: Tests that were asked for; None where it is the whole command.
        note: Why it is not narrower, one plain sentence; None where it could not be.
    """

    command: str
    reach: Narrowing
    tests: int | None = None
    note: str | None = None


class _CannotNarrowError(Exception):
    """The reason why a command cannot be given test ids, as the second half of a sentence."""


def ways_to_run(
    command: str, directory: Path, tests: Sequence[str], suite_tests: int | None = None
) -> tuple[Way, ...]:
    """The ways to run the given tests, narrowest first; the last one is always the whole command.

    A later one is for when the runner does not accept an earlier one.

    Args:
        command: The project's test command, a shell line.
        directory: Where it is run.
        tests: Ids as pytest puts them into ``PYTEST_CURRENT_TEST``, relative to its root folder.
        suite_tests: Tests that the whole command runs, if known.
    """
    try:
        narrow = _narrowed(command, directory, _clean(tests), suite_tests)
    except _CannotNarrowError as reason:
        return (Way(command, Narrowing.ALL, note=f"The trial runs the whole test command: {reason}."),)
    refused = "The trial runs the whole test command, since it does not accept chosen tests."
    return (*narrow, Way(command, Narrowing.ALL, note=refused))


def is_pytest(command: str) -> bool:
    """Whether a command line is, or ends in, a plain call of pytest."""
    parsed = parse(command)
    return parsed is not None and _split_at_pytest(parsed) is not None


def without_tests(command: str, directory: Path, tests: Sequence[str]) -> str | None:
    """The command without the given tests; None where it cannot leave out tests, or nothing is named.

    Args:
        command: The project's test command, a shell line.
        directory: Where it is run.
        tests: Ids as pytest's summary shows them, or files that it could not import.
    """
    parsed = parse(command)
    split = parsed and _split_at_pytest(parsed)
    if not parsed or not split or not tests:
        return None
    try:
        place = _working_folder(parsed, directory)
        _, targets = _without_targets(split[1], place)
    except _CannotNarrowError:
        return None
    root = next(_likely_roots(split[1], targets, place))
    options = (option for test in _clean(tests) for option in _leaving_out(test, root, place))
    stem = " ".join([parsed.before, *(word.text for word in split[0])]).lstrip()
    longer = " ".join([stem, shlex.join(dict.fromkeys(options)), *(word.text for word in split[1])])
    return longer if len(longer.encode()) <= COMMAND_BYTES else None


def _leaving_out(test: str, root: Path, place: Path) -> Iterator[str]:
    """Options of pytest that leave a test out; its ids begin at its root folder, those of a summary here."""
    file, separator, name = test.partition("::")
    if not separator:
        yield f"--ignore={file}"
        return
    yield f"--deselect={test}"
    inner = (place / file).resolve()
    if inner.is_file() and inner.is_relative_to(root.resolve()):
        yield f"--deselect={inner.relative_to(root.resolve()).as_posix()}::{name}"


def _clean(tests: Sequence[str]) -> list[str]:
    """Ids without pytest's phase and xdist's group, each once, in their order."""
    return list(dict.fromkeys(_XDIST_GROUP.sub("", _PHASE.sub("", test)) for test in tests))


def _narrowed(
    command: str, directory: Path, tests: Sequence[str], suite_tests: int | None
) -> tuple[Way, ...]:
    if not tests:
        raise _CannotNarrowError("it is not known which tests call the functions")
    if suite_tests and len(tests) >= NEARLY_ALL * suite_tests:
        raise _CannotNarrowError(f"{len(tests)} of {suite_tests} tests call the functions")
    parsed = parse(command)
    split = parsed and _split_at_pytest(parsed)
    if not parsed or not split:
        raise _CannotNarrowError("it is not a plain pytest call, so it does not accept test ids")
    runner, arguments = split
    place = _working_folder(parsed, directory)
    kept, targets = _without_targets(arguments, place)
    root = _root(arguments, targets, place, tests)
    named = _named_configuration(kept, root, place, tests)
    stem = " ".join([parsed.before, *(word.text for word in (*runner, *kept)), *named]).lstrip()
    return tuple(_fitting(stem, [_for_command(test, root, place) for test in tests]))


def _split_at_pytest(command: CommandLine) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """The words up to ``pytest`` and its arguments; None where the program is another one."""
    names = [Path(word.value).name if word.value else "" for word in command.words]
    if not _LAUNCHERS.fullmatch(names[0]):
        return None
    for index, name in enumerate(names):
        is_module = index > 0 and command.words[index - 1].value == "-m"
        if name in ("pytest", "py.test") and (is_module or not index or not names[0].startswith("py")):
            return command.words[: index + 1], command.words[index + 1 :]
    return None


def _working_folder(command: CommandLine, directory: Path) -> Path:
    for step in command.steps:
        if step[0].value in ("cd", "pushd"):
            if len(step) != 2 or step[1].value is None:
                raise _CannotNarrowError("it changes its folder in a way that cannot be followed")
            directory = directory / step[1].value
    return directory


def _without_targets(arguments: Sequence[Word], place: Path) -> tuple[list[Word], list[str]]:
    """Arguments of pytest without the files, folders and ids that it was told to run, and these."""
    kept: list[Word] = []
    targets: list[str] = []
    options = True
    for index, word in enumerate(arguments):
        before = arguments[index - 1].value if index and options else None
        is_option = options and word.text.startswith("-")
        if word.value == "--":
            options = False
        elif is_option or (before and before.startswith("-") and _takes_value(before, word, place)):
            kept.append(word)
        elif word.value is None:
            raise _CannotNarrowError(f"the shell decides what {word.text} means")
        else:
            targets.append(word.value)
    return kept, targets


def _takes_value(option: str, word: Word, place: Path) -> bool:
    """Whether an option takes the word behind it as its value."""
    if not option.startswith("--"):
        takers = [index for index, letter in enumerate(option) if letter in _SHORT_WITH_VALUE]
        return bool(takers) and takers[0] == len(option) - 1
    if "=" in option or _LONG_WITHOUT_VALUE.fullmatch(option):
        return False
    if _LONG_WITH_PATH.fullmatch(option) or word.value is None or not _exists(place, word.value):
        return True
    raise _CannotNarrowError(
        f"whether {word.text} belongs to {option} cannot be told; write {option}={word.text}"
    )


def _exists(place: Path, target: str) -> bool:
    return (place / target.partition("::")[0]).exists()


def _root(arguments: Sequence[Word], targets: Sequence[str], place: Path, tests: Sequence[str]) -> Path:
    """The folder that pytest's ids are relative to: the first likely one in which all of them exist."""
    files = {test.partition("::")[0] for test in tests}
    for root in _likely_roots(arguments, targets, place):
        if all((root / file).is_file() for file in files):
            return root
    raise _CannotNarrowError("the files of its tests were not found")


def _likely_roots(arguments: Sequence[Word], targets: Sequence[str], place: Path) -> Iterator[Path]:
    """Where pytest looks for its root folder (its manual: "determining rootdir and configfile")."""
    values = [word.value or "" for word in arguments]
    for value, following in pairwise([*values, ""]):
        if value == "--rootdir" or value.startswith("--rootdir="):
            yield place / (value.partition("=")[2] or following)
        elif value == "-c":
            yield (place / following).parent
    folders = [str((place / target.partition("::")[0]).resolve()) for target in targets]
    start = Path(os.path.commonpath(folders)) if folders else place.resolve()
    above = [start, *start.parents]
    yield from (folder for folder in above if _configuration(folder))
    yield from (folder for folder in above if (folder / "setup.py").is_file())
    yield from (place, *place.resolve().parents)


def _configuration(folder: Path) -> Path | None:
    """The file that makes a folder pytest's root, if any."""
    for name, section in _SECTIONS.items():
        file = folder / name
        if file.is_file() and (section is None or section.search(_beginning(file))):
            return file
    return None


def _beginning(file: Path) -> str:
    with file.open("rb") as opened:
        return opened.read(PACKAGING_BYTES).decode("utf-8", "replace")


def _named_configuration(
    options: Sequence[Word], root: Path, place: Path, tests: Sequence[str]
) -> tuple[str, ...]:
    """Options by which chosen tests are run under the configuration that the whole command reads.

    Only where one is nearer to all of them, which pytest would take instead.
    """
    nearer = _nearer_configuration(root, tests)
    if nearer is None or any(_is_configuration(word.value or "") for word in options):
        return ()
    own = _configuration(root) or root / "pyproject.toml"  # which counts in pytest 8 as it is
    if not own.is_file():
        raise _CannotNarrowError(f"chosen tests would be run under {nearer.relative_to(root)}")
    return ("-c", shlex.quote(_shown(own, place)))


def _is_configuration(option: str) -> bool:
    """Whether an option of pytest names its configuration."""
    if option.startswith("--"):
        return option.partition("=")[0] == "--config-file"
    takers = [letter for letter in option if letter in _SHORT_WITH_VALUE]
    return option.startswith("-") and takers[:1] == ["c"]


def _nearer_configuration(root: Path, tests: Sequence[str]) -> Path | None:
    """A configuration below pytest's root that is nearer to all of the tests."""
    shared = Path(os.path.commonpath([(root / test.partition("::")[0]).parent for test in tests]))
    while shared != root and root in shared.parents:
        if nearer := _configuration(shared):
            return nearer
        shared = shared.parent
    return None


def _for_command(test: str, root: Path, place: Path) -> str:
    """An id as pytest takes it on the command line: its file relative to the working folder."""
    file, separator, name = test.partition("::")
    return f"{_shown(root / file, place)}{separator}{name}"


def _shown(file: Path, place: Path) -> str:
    """A file relative to the working folder, if it lies in it."""
    path, folder = file.resolve(), place.resolve()
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


def _fitting(stem: str, tests: Sequence[str]) -> Iterator[Way]:
    """Narrowest first: the ids, the ids without parameters, the files; what is too long is left out."""
    exact = [_plain(test) for test in tests]
    bare = [test.partition("[")[0] for test in tests]
    files = [test.partition("::")[0] for test in tests]
    previous = ""
    for reach, targets, note in (
        (Narrowing.TESTS, exact, None),
        (Narrowing.TESTS, bare, "The trial runs the chosen tests with all of their parameters."),
        (
            Narrowing.FILES,
            files,
            "The trial runs whole test files, since the test ids are too many or too unusual.",
        ),
    ):
        command = f"{stem} {shlex.join(dict.fromkeys(targets))}"
        if len(command.encode()) <= COMMAND_BYTES and command != previous:
            yield Way(command, reach, len(tests), note)
            previous = command


def _plain(test: str) -> str:
    """The id, without parameters that pytest might not recognise on its command line."""
    function, bracket, parameters = test.partition("[")
    odd = "::" in parameters or "(null)" in parameters or not parameters.isprintable()
    return function if odd else f"{function}{bracket}{parameters}"
