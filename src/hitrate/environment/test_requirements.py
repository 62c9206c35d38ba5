"""What a project's tests need beside the project itself, by the names that projects give to such things."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hitrate.environment.declared import hatch
from hitrate.environment.declared.poetry import poetry_groups, poetry_requirements
from hitrate.environment.declared.session import DeclaredSession
from hitrate.environment.manifest import (
    Manifest,
    normalised,
    requirement_lines,
    requirement_names,
    strings,
)
from hitrate.environment.tox_nox import session_of_tests

_FOR_TESTS = re.compile(r"(?:^|-)(?:tests?|testing|pytest|unittests?|unit|ci)(?:-|$)")
_SHUFFLING = re.compile(r"(?:^|-)(?:random(?:ly|ized?|order)?|shuffled?)(?:-|$)")
_FOR_DOCUMENTATION = re.compile(r"(?:^|-)(?:docs?|documentation|sphinx|mkdocs)(?:-|$)")
_FOR_DEVELOPING = re.compile(r"(?:all-)?(?:dev|devel|develop|development)(?:-all)?")
_REQUIREMENTS_WORD = re.compile(r"(?:^|-)(?:requirements?|reqs?)(?=-|$)")
_REQUIREMENTS_FILES = ("*req*.txt", "requirements/*.txt", "reqs/*.txt", "test*/*req*.txt", "dev/*req*.txt")

# What `hatch test` installs by itself, less what shuffles the tests and what measures coverage.
_OF_HATCH_TEST = ("pytest", "pytest-mock", "pytest-rerunfailures", "pytest-xdist[psutil]")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Requirements that a project has given a name.

    Attributes:
        name: What the project calls them.
        source: Where they stand, for the log.
        requirements: The requirements themselves.
        words: Arguments of ``pip install`` that install them.
        extras: Extras of the project that are these requirements.
        groups: Dependency groups (PEP 735) that are.
        beforehand: Arguments of a ``pip install`` of its own, before the project's, whose needs then prevail.
    """

    name: str
    source: str
    requirements: tuple[str, ...]
    words: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    beforehand: tuple[str, ...] = ()

    @property
    def for_tests(self) -> bool:
        """Whether the name says that they are for tests."""
        return for_tests(self.name)

    @property
    def brings_pytest(self) -> bool:
        """Whether pytest, or a plugin that brings it, is among them."""
        return any(
            name == "pytest" or name.startswith("pytest-") for name in requirement_names(self.requirements)
        )


def for_tests(name: str) -> bool:
    """Whether a group's, extra's or file's name says that it is for tests, and not for shuffling them."""
    plain = normalised(name)
    return _FOR_TESTS.search(plain) is not None and _SHUFFLING.search(plain) is None


def for_documentation(name: str) -> bool:
    """Whether a group's name says that it is for building documents, and not also for tests."""
    return _FOR_DOCUMENTATION.search(normalised(name)) is not None and not for_tests(name)


def for_developing(name: str) -> bool:
    """Whether a name says that it is for whoever works on the project."""
    return _FOR_DEVELOPING.fullmatch(normalised(name)) is not None


def needs(project: Manifest) -> tuple[Bundle, ...]:
    """Ask what the project declares, then requirements files, then tox and nox, until one brings pytest.

    Extras and groups that tox or nox names for the tests are taken in any case.
    """
    declared = list(_declared(project))
    session = session_of_tests(project.folder, project.pyproject)
    chosen: list[Bundle] = []
    files, sessions = list(_requirements_files(project)), list(_sessions(project.folder, session))
    if _bring_pytest(sessions):  # the session says what tests need, a file for developers all that they use
        files = [bundle for bundle in files if not _for_developers(bundle)]
    for bundles in (declared, files, sessions):
        chosen += _relevant(bundles)
        if _bring_pytest(chosen):
            break
    named = [bundle for bundle in declared if session and _is_named_by(session, bundle)]
    # A session that installs what is declared too says what else the tests are run with.
    with_them = [one for one in sessions if one.beforehand] if set(named) & set(chosen) else []
    return tuple(dict.fromkeys([*chosen, *named, *with_them]))


def extras_for_tests(known: Mapping[str, bool]) -> tuple[str, ...]:
    """The extras to install for the tests, of those that a project has.

    Args:
        known: By name, whether it brings pytest.
    """
    bundles = [
        Bundle(name, f"extra {name!r}", ("pytest",) if brings else (), extras=(name,))
        for name, brings in known.items()
    ]
    return tuple(name for bundle in _relevant(bundles) for name in bundle.extras)


def _for_developers(bundle: Bundle) -> bool:
    """Whether a file is for whoever works on the project: one of no name that brings pytest is too."""
    return for_developing(bundle.name) or (not bundle.name and bundle.brings_pytest)


def _is_named_by(session: DeclaredSession, bundle: Bundle) -> bool:
    names = (*session.extras, *session.groups)
    return bool(bundle.extras or bundle.groups) and normalised(bundle.name) in map(normalised, names)


def plain_requirements(folder: Path) -> Bundle | None:
    """``requirements.txt`` and its like: what the project itself needs to run."""
    for file in ("requirements.txt", "requirements/base.txt", "requirements/requirements.txt"):
        if (folder / file).is_file():
            return Bundle("", file, tuple(requirement_lines(folder / file)), ("-r", file))
    return None


def _relevant(bundles: list[Bundle]) -> list[Bundle]:
    """Those for tests; until one brings pytest those for developing, then those of no name that bring it."""
    testing = [bundle for bundle in bundles if bundle.for_tests]
    if _bring_pytest(testing):
        return testing
    testing += [bundle for bundle in bundles if for_developing(bundle.name)]
    if _bring_pytest(testing):
        return testing
    return testing + [bundle for bundle in bundles if not bundle.name and bundle.brings_pytest]


def _bring_pytest(bundles: Iterable[Bundle]) -> bool:
    return any(bundle.brings_pytest for bundle in bundles)


def _declared(project: Manifest) -> Iterator[Bundle]:
    for name, lines in project.extras.items():
        yield Bundle(name, f"extra {name!r}", lines, extras=(name,))
    for name, lines in project.groups.items():
        yield Bundle(name, f"group {name!r}", lines, groups=(name,))
    for name, lines in project.tool("pdm", "dev-dependencies").items():
        yield _listed(name, f"tool.pdm.dev-dependencies {name!r}", strings(lines))
    if lines := strings(project.tool("uv").get("dev-dependencies")):
        yield _listed("dev", "tool.uv.dev-dependencies", lines)
    for name, table in poetry_groups(project.pyproject).items():
        yield _listed(name, f"group {name!r}", poetry_requirements(table))
    for name, environment in hatch.environments(project.hatch).items():
        own = strings(environment.get("dependencies"))
        if name == "hatch-test" and "dependencies" not in environment:
            own = _OF_HATCH_TEST
        lines = own + strings(environment.get("extra-dependencies"))
        # The default environment is where a Hatch project is worked on.
        called = "dev" if name == "default" else name
        yield _listed(called, f"Hatch's environment {name!r}", lines, strings(environment.get("features")))


def _listed(name: str, source: str, lines: tuple[str, ...], extras: tuple[str, ...] = ()) -> Bundle:
    """Requirements that a tool keeps where pip does not find them: they are handed to it one by one."""
    return Bundle(name, source, lines, lines, extras)


def _requirements_files(project: Manifest) -> Iterator[Bundle]:
    found = {
        file for pattern in _REQUIREMENTS_FILES for file in project.folder.glob(pattern) if file.is_file()
    }
    for file in sorted(found):
        path = file.relative_to(project.folder).as_posix()
        yield Bundle(_purpose(path), path, tuple(requirement_lines(file)), ("-r", path))


def _purpose(path: str) -> str:
    """What is left of a requirements file's path without the word: ``requirements/test.txt`` is ``test``."""
    return _REQUIREMENTS_WORD.sub("", normalised(path.removesuffix(".txt").replace("/", "-"))).strip("-")


def _sessions(folder: Path, session: DeclaredSession | None) -> Iterator[Bundle]:
    if session is not None:
        lines = (*_without_files(session.arguments), *_from_files(folder, session.arguments))
        yield Bundle(
            "test",
            session.source,
            lines,
            extras=session.extras,
            groups=session.groups,
            beforehand=session.arguments,
        )


def _without_files(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if not word.startswith("-") and not word.endswith(".txt"))


def _from_files(folder: Path, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for word in words if word.endswith(".txt") for line in requirement_lines(folder / word))
