"""How a project wants to be installed: recognised from its files, with the reason.

The order is that of certainty: a lock file says exactly what the tests ran with; then the project's metadata
with what is for tests (`hitrate.needs`); then requirements alone; then nothing.
"""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hitrate.manifest import Manifest, text
from hitrate.needs import Bundle, for_tests, needs, plain_requirements


@dataclass(frozen=True, slots=True)
class Plan:
    """How a project is installed.

    Attributes:
        commands: Shell command lines, run in the project's folder, in order.
        reasons: The files, and parts of files, that speak for them.
    """

    commands: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def detect(project: Manifest, *, tool_python: str) -> Plan:
    """The plan of the first recogniser that knows the project; an empty one if none does.

    Args:
        project: What its files say.
        tool_python: Interpreter for the project's own package manager, where one is needed.
    """
    return next((plan for recognise in _RECOGNISERS if (plan := recognise(project, tool_python))), Plan())


def _uv(project: Manifest, tool_python: str) -> Plan | None:
    del tool_python
    if not project.has("uv.lock"):
        return None
    extras = [name for name in project.extras if for_tests(name)]
    groups = [name for name in project.groups if for_tests(name)]  # its default groups it installs by itself
    members = ["--all-packages"] if "workspace" in project.tool("uv") else []
    command = ["uv", "sync", "--frozen", "--inexact", *members, *_options("--extra", extras)]
    return Plan((shlex.join([*command, *_options("--group", groups)]),), ("uv.lock", *extras, *groups))


def _poetry(project: Manifest, tool_python: str) -> Plan | None:
    groups = project.tool("poetry", "group")
    locked = project.has("poetry.lock")
    if not (locked or groups or project.tool("poetry", "dev-dependencies")):
        return None
    optional = [
        name for name in groups if for_tests(name) and project.tool("poetry", "group", name).get("optional")
    ]
    extras = [name for name in {**project.tool("poetry", "extras"), **project.extras} if for_tests(name)]
    command = [*_tool(tool_python, "poetry"), "install", "--no-interaction"]
    command += [*_options("--with", optional), *_options("--extras", extras)]
    source = "poetry.lock" if locked else "pyproject.toml [tool.poetry]"
    return Plan((shlex.join(command),), (source, *optional, *extras))


def _pdm(project: Manifest, tool_python: str) -> Plan | None:
    if not project.has("pdm.lock"):
        return None
    extras = [name for name in project.extras if for_tests(name)]
    # "locked" are the versions that pdm itself was released with.
    command = [*_tool(tool_python, "--from=pdm[locked]", "pdm"), "install", "--frozen-lockfile", "--dev"]
    return Plan((shlex.join([*command, *_options("--group", extras)]),), ("pdm.lock", *extras))


def _pipenv(project: Manifest, tool_python: str) -> Plan | None:
    if not project.has("Pipfile.lock"):
        return None
    listing = shlex.join([*_tool(tool_python, "pipenv"), "requirements", "--dev", "--hash"])
    return _locked(f"set -o pipefail; {listing} | uv pip install -r -", "Pipfile.lock", project)


def _pylock(project: Manifest, tool_python: str) -> Plan | None:
    del tool_python
    if not project.has("pylock.toml"):
        return None
    return _locked("uv pip install -r pylock.toml", "pylock.toml", project)


def _locked(command: str, source: str, project: Manifest) -> Plan:
    """Install what is locked, then the project without what it needs: that is there."""
    if project.installable is None:
        return Plan((command,), (source,))
    return Plan((command, "uv pip install --no-deps -e ."), (source, project.installable))


def _metadata(project: Manifest, tool_python: str) -> Plan | None:
    del tool_python
    if project.installable is None:
        return None
    chosen = needs(project)
    extras = list(dict.fromkeys(name for bundle in chosen for name in bundle.extras))
    plain = None if project.declares_dependencies else plain_requirements(project.folder)
    bundles = _joined(plain, chosen)
    if project.is_package:
        target = ["-e", f".[{','.join(extras)}]" if extras else "."]
    else:
        target = ["-r", "pyproject.toml", *_options("--extra", extras)]
    return _installation(target, bundles, project.installable)


def _requirements(project: Manifest, tool_python: str) -> Plan | None:
    del tool_python
    plain = plain_requirements(project.folder)
    bundles = _joined(plain, needs(project))
    return _installation([], bundles) if bundles else None


def _joined(plain: Bundle | None, chosen: Sequence[Bundle]) -> list[Bundle]:
    return list(dict.fromkeys([*([plain] if plain else []), *chosen]))


def _installation(target: Sequence[str], bundles: Sequence[Bundle], *reasons: str) -> Plan:
    words = [word for bundle in bundles for word in bundle.words]
    return Plan(
        (shlex.join(["uv", "pip", "install", *target, *words]),),
        (*reasons, *(bundle.source for bundle in bundles)),
    )


def _options(option: str, names: Sequence[str]) -> list[str]:
    return [word for name in names for word in (option, name)]


def _tool(python: str, *name: str) -> list[str]:
    """The project's own package manager, run from an environment of its own."""
    return ["uv", "tool", "run", f"--python={python}", *name]


_RECOGNISERS: tuple[Callable[[Manifest, str], Plan | None], ...] = (
    _uv,
    _poetry,
    _pdm,
    _pipenv,
    _pylock,
    _metadata,
    _requirements,
)


PYTEST = "python -m pytest"
DJANGO = "python manage.py test"
_NAMING_PYTEST = ("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "Pipfile", "noxfile.py")


def command_for_tests(project: Manifest) -> str:
    """The command that runs a project's tests: pytest, but for a Django project that never heard of it."""
    if not project.has("manage.py"):
        return PYTEST
    files = [project.folder / name for name in _NAMING_PYTEST]
    files += [project.folder / bundle.source for bundle in needs(project) if bundle.brings_pytest]
    files += list(project.folder.glob("*req*.txt"))
    named = any("pytest" in text(file) for file in files)
    return PYTEST if named else DJANGO
