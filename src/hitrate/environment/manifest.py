"""What a project's packaging files say: Python versions, groups of requirements, whether it can be installed.

Reads files and runs nothing: ``setup.py`` and ``noxfile.py`` are parsed, never imported. What goes over the
limits of `hitrate.files.limits` is refused: a file that was passed over would leave tests without what they
need.
"""

import ast
import configparser
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hitrate.environment.declared.static import Names, assigned
from hitrate.errors import AnalysisError
from hitrate.files import limits, untrusted
from hitrate.source.names import written

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_SEPARATORS = re.compile(r"[-_.]+")
_OF_PYTHON = re.compile(r"Programming Language :: Python :: 3\.(\d{1,3})")
_INCLUDED = re.compile(r"^\s*(?:-r|--requirement)[=\s]+(\S+)")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the packaging files of a project's folder say.

    Attributes:
        folder: The project's folder.
        pyproject: ``pyproject.toml``; empty if there is none.
        requires_python: Versions of Python that it allows (a PEP 440 specifier), and the file that says so.
        installable: The file that makes it installable with pip; None if nothing does.
        declares_dependencies: Whether ``pyproject.toml`` says what it needs at run time.
        extras: Requirements of its optional dependencies.
        groups: Requirements of its dependency groups (PEP 735), includes resolved.
        hatch: What Hatch is told: ``hatch.toml``, whose tables override those of ``[tool.hatch]``.
        classifiers: What it calls itself in a package index.
        test_suite: The module of its tests, as ``setup.py test`` was told.
    """

    folder: Path
    pyproject: Mapping[str, Any] = field(default_factory=dict)
    requires_python: tuple[str, str] | None = None
    installable: str | None = None
    declares_dependencies: bool = False
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hatch: Mapping[str, Any] = field(default_factory=dict)
    classifiers: tuple[str, ...] = ()
    test_suite: str | None = None

    @property
    def name(self) -> str:
        """The name that ``pyproject.toml`` gives it; empty if it gives none."""
        said = _at(self.pyproject, "project", "name") or _at(self.pyproject, "tool", "poetry", "name")
        return said if isinstance(said, str) else ""

    @property
    def newest_python(self) -> tuple[int, int] | None:
        """The newest Python that its classifiers name; None if they name none."""
        named = filter(None, map(_OF_PYTHON.fullmatch, self.classifiers))
        return max(((3, int(match[1])) for match in named), default=None)

    @property
    def is_package(self) -> bool:
        """Whether the folder can be installed, and not only what it depends on.

        Without a build system, installers take every folder for a package or refuse to guess: then ``src``
        or a folder of the project's name must be there.
        """
        if self.installable != "pyproject.toml" or "build-system" in self.pyproject or self.has("setup.py"):
            return self.installable is not None
        name = normalised(self.name)
        folders = {normalised(entry.name) for entry in self.folder.iterdir() if entry.is_dir()}
        return bool({name, "src"} & folders)

    @property
    def has_hidden_extras(self) -> bool:
        """Whether its build may name extras that no file here says: ``setup.py`` is a program."""
        dynamic = "optional-dependencies" in strings(_at(self.pyproject, "project", "dynamic"))
        return self.is_package and (dynamic or (self.has("setup.py") and "project" not in self.pyproject))

    def has(self, name: str) -> bool:
        """Whether the folder has that file."""
        return (self.folder / name).is_file()

    def tool(self, *path: str) -> Mapping[str, Any]:
        """A table below ``[tool]`` of ``pyproject.toml``; empty if it is missing or no table."""
        return table(self.pyproject, "tool", *path)


def read(folder: Path) -> Manifest:
    """Read the packaging files of a folder.

    Raises:
        AnalysisError: ``pyproject.toml``, ``hatch.toml`` or ``setup.cfg`` is malformed.
    """
    pyproject = toml(folder / "pyproject.toml")
    cfg = _setup_cfg(folder)
    call = _setup_call(folder)
    return Manifest(
        folder=folder,
        pyproject=pyproject,
        requires_python=_requires_python(folder, pyproject, cfg, call),
        installable=_installable(folder, pyproject),
        declares_dependencies="dependencies" in table(pyproject, "project")
        or "dependencies" in strings(_at(pyproject, "project", "dynamic")),
        extras=_extras(pyproject, cfg, call),
        groups=_groups(pyproject),
        hatch={**table(pyproject, "tool", "hatch"), **toml(folder / "hatch.toml")},
        classifiers=_classifiers(pyproject, cfg, call),
        test_suite=_test_suite(cfg, call),
    )


def toml(file: Path) -> Mapping[str, Any]:
    """A TOML file's content, empty if there is no such file.

    Raises:
        AnalysisError: It is malformed, or goes over a limit.
    """
    try:
        return limits.parse_toml(content(file) or b"")
    except limits.LimitError as error:
        raise over(file.name, error) from None
    except ValueError as error:
        raise AnalysisError(f"{file.name}: not valid TOML ({error}); fix it, or set install") from None


def over(name: str, error: limits.LimitError) -> AnalysisError:
    """What to raise for a packaging file that goes over a limit."""
    return AnalysisError(f"{name}: {error}, so it was not read; set install and test-command")


def text(file: Path, limit: int = limits.PACKAGING_BYTES) -> str:
    """What a file says; nothing where there is none that can be read.

    Raises:
        AnalysisError: It is larger than ``limit`` bytes.
    """
    return (content(file, limit) or b"").decode("utf-8", "replace")


def content(file: Path, limit: int = limits.PACKAGING_BYTES) -> bytes | None:
    """The bytes of a file; None where there is none that can be read, such as a link to a device.

    Raises:
        AnalysisError: It is larger than ``limit`` bytes.
    """
    with suppress(OSError, ValueError):
        status = file.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size > limit:
            raise over(file.name, limits.LimitError(f"is larger than {limit} bytes"))
        return untrusted.read_regular(file, limit)
    return None


def requirement_names(lines: Iterable[str]) -> frozenset[str]:
    """Normalised names of the packages that requirement lines ask for."""
    found = (_NAME.match(line) for line in lines)
    return frozenset(normalised(match[1]) for match in found if match)


def normalised(name: str) -> str:
    """A package's or group's name in its one normal form (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def requirement_lines(file: Path) -> Iterator[str]:
    """The lines of a requirements file and of those that it includes, each file once.

    Raises:
        AnalysisError: A file, or their number, goes over a limit.
    """
    files = [file]
    for one in files:
        for line in text(one).splitlines():
            if included := _INCLUDED.match(line):
                inner = Path(os.path.normpath(one.parent / included[1]))
                files += [inner] if inner not in files else []
            elif not line.lstrip().startswith("#"):
                yield line
            if len(files) > limits.REQUIREMENT_FILES:
                error = limits.LimitError(f"includes more than {limits.REQUIREMENT_FILES} files")
                raise over(file.name, error)


def table(document: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """A table within a document; empty if it is missing or no table."""
    found = _at(document, *path, default={})
    return found if isinstance(found, Mapping) else {}


def _at(document: Mapping[str, Any], *path: str, default: Any = None) -> Any:
    found: Any = document
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            return default
        found = found[key]
    return found


def _setup_cfg(folder: Path) -> configparser.ConfigParser:
    try:
        return limits.parse_ini(text(folder / "setup.cfg"))
    except limits.LimitError as error:
        raise over("setup.cfg", error) from None
    except configparser.Error as error:
        reason = str(error).splitlines()[0]
        raise AnalysisError(f"setup.cfg: cannot be read ({reason}); fix it, or set install") from None


def _setup_call(folder: Path) -> Mapping[str, Any]:
    """Those arguments of ``setup(…)`` in ``setup.py`` that its text says, as far as it does."""
    tree = parsed(folder / "setup.py")
    try:
        return {} if tree is None else limits.within(limits.FILE_SECONDS, lambda: _arguments_of_setup(tree))
    except limits.LimitError as error:
        raise over("setup.py", error) from None


def _arguments_of_setup(tree: ast.Module) -> Mapping[str, Any]:
    names = Names(assigned(tree.body), hole="")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node).rpartition(".")[2] == "setup":
            found: dict[str, Any] = {}
            for keyword in node.keywords:
                value = names.value(keyword.value)
                if keyword.arg:
                    found |= {keyword.arg: value} if value is not None else {}
                elif isinstance(value, Mapping):
                    found |= {key: one for key, one in value.items() if isinstance(key, str)}
            return found
    return {}


def parsed(file: Path) -> ast.Module | None:
    """The syntax tree of a Python file; None if it does not exist or is not valid here."""
    try:
        return None if (data := content(file)) is None else limits.parse_python(data)
    except limits.LimitError as error:
        raise over(file.name, error) from None
    except (SyntaxError, ValueError):
        return None


def _called(call: ast.Call) -> str:
    return written(call.func) if isinstance(call.func, ast.Name | ast.Attribute) else ""


def _requires_python(
    folder: Path, pyproject: Mapping[str, Any], cfg: configparser.ConfigParser, call: Mapping[str, Any]
) -> tuple[str, str] | None:
    poetry = _at(pyproject, "tool", "poetry", "dependencies", "python")
    pipfile = toml(folder / "Pipfile")
    exact = _at(pipfile, "requires", "python_version") or _at(pipfile, "requires", "python_full_version")
    said: Sequence[tuple[Any, str]] = (
        (_at(pyproject, "project", "requires-python"), "pyproject.toml"),
        (pep440(poetry) if isinstance(poetry, str) else None, "pyproject.toml"),
        (cfg.get("options", "python_requires", fallback=None), "setup.cfg"),
        (call.get("python_requires"), "setup.py"),
        (f"=={exact}.*" if isinstance(exact, str) and exact.count(".") == 1 else None, "Pipfile"),
    )
    return next(((text, file) for text, file in said if isinstance(text, str) and text.strip()), None)


def _classifiers(
    pyproject: Mapping[str, Any], cfg: configparser.ConfigParser, call: Mapping[str, Any]
) -> tuple[str, ...]:
    lines = (
        *strings(_at(pyproject, "project", "classifiers")),
        *strings(_at(pyproject, "tool", "poetry", "classifiers")),
        *cfg.get("metadata", "classifiers", fallback="").splitlines(),
        *strings(call.get("classifiers")),
    )
    return tuple(line.strip() for line in lines)


def _test_suite(cfg: configparser.ConfigParser, call: Mapping[str, Any]) -> str | None:
    said = call.get("test_suite") or cfg.get("options", "test_suite", fallback=None)
    return said if isinstance(said, str) and _MODULE.fullmatch(said) and "collector" not in said else None


def pep440(constraint: str) -> str | None:
    """Poetry's version constraint as a PEP 440 specifier; None where it has no such form (``||``)."""
    if "|" in constraint:
        return None
    clauses = re.sub(r"([\^~<>=!])\s+", r"\1", constraint).replace(",", " ").split()
    try:
        return ",".join(map(_clause, clauses))
    except ValueError:  # a number of over 4,300 digits
        return None


def _clause(part: str) -> str:
    if part[:1] not in ("^", "~") or part.startswith("~="):
        return part if part[:1] in "<>=!~" else f"=={part}"
    version = part[1:]
    numbers = [int(number) for number in re.findall(r"\d+", version)]
    # A caret keeps the first number that is not zero, a tilde the first two.
    kept = 2 if part[0] == "~" and len(numbers) > 1 else 1
    while part[0] == "^" and kept < len(numbers) and not any(numbers[:kept]):
        kept += 1
    above = [*numbers[: kept - 1], numbers[kept - 1] + 1]
    return f">={version},<{'.'.join(map(str, above))}"


def _installable(folder: Path, pyproject: Mapping[str, Any]) -> str | None:
    if {"project", "build-system"} & pyproject.keys() or _at(pyproject, "tool", "poetry"):
        return "pyproject.toml"
    return "setup.py" if (folder / "setup.py").is_file() else None


def _extras(
    pyproject: Mapping[str, Any], cfg: configparser.ConfigParser, call: Mapping[str, Any]
) -> Mapping[str, tuple[str, ...]]:
    declared = _at(pyproject, "project", "optional-dependencies")
    if isinstance(declared, Mapping):
        return {name: strings(lines) for name, lines in declared.items()}
    if cfg.has_section("options.extras_require"):
        return {name: tuple(text.split("\n")) for name, text in cfg.items("options.extras_require")}
    called = call.get("extras_require")
    if not isinstance(called, Mapping):
        return {}
    return {name: strings(lines) for name, lines in called.items() if isinstance(name, str)}


def _groups(pyproject: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    declared = table(pyproject, "dependency-groups")
    known = {normalised(name): _Group.of(entries) for name, entries in reversed(list(declared.items()))}
    try:
        return limits.within(
            limits.FILE_SECONDS, lambda: {name: tuple(_expanded(known, name)) for name in declared}
        )
    except limits.LimitError as error:
        raise over("pyproject.toml", error) from None


@dataclass(frozen=True, slots=True)
class _Group:
    """A dependency group's own requirements, and the normalised names of those that it includes."""

    own: tuple[str, ...] = ()
    included: tuple[str, ...] = ()

    @classmethod
    def of(cls, entries: object) -> "_Group":
        named = [entry.get("include-group") for entry in _items(entries) if isinstance(entry, Mapping)]
        return cls(strings(entries), tuple(normalised(name) for name in named if isinstance(name, str)))


def _items(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _expanded(groups: Mapping[str, _Group], name: str) -> Iterator[str]:
    """Requirements of a group and of those that it includes, each group once."""
    names = dict.fromkeys([normalised(name)])
    pending = list(names)
    for one in pending:
        group = groups.get(one, _Group())
        yield from group.own
        new = [included for included in group.included if included not in names]
        names |= dict.fromkeys(new)
        pending += dict.fromkeys(new)


def strings(value: object) -> tuple[str, ...]:
    """The texts in a list; none if it is no list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()
