"""tox's ini files, read as tox reads them: environments by their names, factors, substitutions."""

import configparser
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from hitrate.environment.declared.naming import Purpose, by_name

_CALLED = re.compile(
    r"(?:unit[-_]?)?(?:py|python|tests?|testing|pytest|unit)(?:$|[-_.\d])|3(?:\.\d+)?(?:$|-)"
)
_FACTORS = re.compile(r"([!\w{},.-]+):\s+(.*)")
_REFERENCE = re.compile(r"\{\[([^\]]+)\](\w+)\}")
_PATTERN = re.compile(r"(?:[^\s,{}]|\{[^{}]*\})+")
_PIECE = re.compile(r"\{([^{}]*)\}|([^{}]+)")
_RANGE = re.compile(r"(\d{1,3})-(\d{1,3})")
_SUBSTITUTION = re.compile(r"\{([^{}]*)\}")
_OF_PYTHON = re.compile(r"(?:py|python|^)3?\.?(\d{1,2})(t?)(?:$|[-_])")
_UNRELEASED = re.compile(
    r"(?:main|master|trunk|latest|edge|canary|unstable|dev(?:el)?|nightly|pre|lowest)(?:$|[-_])"
)
_WITH_SERVICE = re.compile(
    r"(?:^|[-_])(?:postgres(?:ql)?|psycopg|pgsql|pg|postgis|mysql(?:client)?|mariadb|oracle|mssql|redis|valkey|mongo(?:db)?"
    r"|rabbitmq|kafka|elasticsearch|memcached?)\d*(?:$|[-_])"
)
"""A factor of tests against what has to be started beside them; their sister with SQLite needs nothing."""
_UNKNOWN = "\0"
_ONE_NAMED = 200
_ROUNDS = 20
_FOLLOWED = 100
_LONGEST = 20_000
_FOLDER = re.compile(r"\{(?:toxinidir|tox_root|root)\}(?:/|\{/\})")
_FOLDERS = frozenset({"toxinidir", "tox_root", "root"})
_PROGRAMS = frozenset({"envbindir", "env_bin_dir"})
_PYTHONS = frozenset({"envpython", "env_python", "basepython", "base_python"})


def called_for_tests(name: str) -> bool:
    """Whether an environment's or session's name begins as those do that run the tests."""
    return _CALLED.match(name) is not None and by_name(name) is not Purpose.OTHER


def expanded(pattern: str) -> list[str]:
    """Names that a pattern of tox stands for: ``py{310,311}-{a,b}, c`` and ranges such as ``py3{10-13}``."""
    named = (name for one in _PATTERN.findall(pattern) for name in map("".join, product(*_pieces(one))))
    return list(dict.fromkeys(islice(named, _ONE_NAMED)))


def _pieces(pattern: str) -> Iterator[list[str]]:
    for braces, plain in _PIECE.findall(pattern):
        yield [plain] if plain else [one for item in braces.split(",") for one in _ranged(item.strip())]


def _ranged(item: str) -> list[str]:
    found = _RANGE.fullmatch(item)
    return [str(one) for one in range(int(found[1]), int(found[2]) + 1)] if found else [item]


def holds(condition: str, factors: frozenset[str]) -> bool:
    """Whether a line holds under these factors, as ``py{310,311}-!win,lint`` says it."""
    return any(
        all((one.lstrip("!") in factors) is not one.startswith("!") for one in each.split("-"))
        for each in expanded(condition)
    )


def filled(line: str, lookup: Callable[[str, str], str | None] | None = None) -> str:
    """A command line as it is where the user of tox or Hatch adds nothing, less what only they understand.

    Args:
        line: The line, with its substitutions.
        lookup: The value that ``{[section]key}`` stands for.
    """
    line = _FOLDER.sub("", line)
    for _ in range(_ROUNDS):
        replaced = _SUBSTITUTION.sub(lambda found: _substituted(found[1], lookup), line)
        if replaced == line or len(replaced) > _LONGEST:
            break
        line = replaced
    words = line.removeprefix("- ").removeprefix("! ").split()
    # A word [] is what {posargs} was called before; tox still takes it for that.
    return " ".join(word for word in words if word != "[]" and _UNKNOWN not in word and "{" not in word)


def _substituted(name: str, lookup: Callable[[str, str], str | None] | None) -> str:
    key, _, default = name.partition(":")
    if key in ("posargs", "args", "env"):
        return (default.partition(":")[2] if key == "env" else default).lstrip()
    if key in _PYTHONS:
        return "python"
    if key in _FOLDERS:
        return "."
    if key in _PROGRAMS:
        return ""
    if reference := _REFERENCE.fullmatch(f"{{{name}}}"):
        found = lookup(reference[1], reference[2]) if lookup else None
        return _UNKNOWN if found is None else " ".join(found.split())
    return "/" if name == "/" else _UNKNOWN


@dataclass(frozen=True, slots=True)
class ToxIni:
    """An ini file of tox.

    Attributes:
        parser: What it says.
    """

    parser: configparser.ConfigParser

    def environments(self) -> list[str]:
        """Names of those that run tests, the one that fits this Python and has fewest factors first."""
        listed = [
            name
            for section in ("tox", "tox:tox")
            for key in ("envlist", "env_list")
            for name in expanded(self.parser.get(section, key, fallback=""))
        ]
        own = [name for one in self._sections() for name in expanded(one.removeprefix("testenv:"))]
        names = [name for name in dict.fromkeys([*listed, *own]) if called_for_tests(name)]
        ordered = sorted(names, key=lambda name: (*_unlikely(name), -names.index(name)))
        plain = [] if "py" in ordered else ["py"]
        return [*plain, *ordered] if not any(name in listed for name in names) else [*ordered, *plain]

    def section(self, name: str) -> str:
        """The section that is for one environment alone, or else the one for all."""
        own = (one for one in self._sections() if name in expanded(one.removeprefix("testenv:")))
        return next(own, "testenv")

    def has(self, name: str, *keys: str) -> bool:
        """Whether one of the settings is made for an environment."""
        return any(self.parser.has_option(one, key) for one in self._bases(name) for key in keys)

    def lines(self, name: str, *keys: str) -> Iterator[str]:
        """Lines of a setting that hold for an environment; references to other settings are followed."""
        places = ((one, key) for one in self._bases(name) for key in keys)
        place = next((one for one in places if self.parser.has_option(*one)), None)
        if place is not None:
            yield from self._applying(place, frozenset(name.split("-")), set())

    def filled(self, lines: Iterable[str], name: str) -> list[str]:
        """Lines with their substitutions made."""
        return [filled(line, lambda section, key: self._plain(section, key, name)) for line in lines]

    def _sections(self) -> list[str]:
        return [one for one in self.parser.sections() if one.startswith("testenv:")]

    def _bases(self, name: str) -> list[str]:
        own = self.section(name)
        bases = expanded(self.parser.get(own, "base", fallback="testenv"))
        return list(dict.fromkeys([own, *bases]))

    def _plain(self, section: str, key: str, name: str) -> str | None:
        if not self.parser.has_option(section, key):
            return None
        return " ".join(self._applying((section, key), frozenset(name.split("-")), set()))

    def _applying(
        self, place: tuple[str, str], factors: frozenset[str], seen: set[tuple[str, str]]
    ) -> Iterator[str]:
        """The lines of a setting that hold; each setting is followed once, however often it is named."""
        if place in seen or len(seen) >= _FOLLOWED:
            return
        seen.add(place)
        for raw in self.parser.get(*place, fallback="").replace("\\\n", " ").splitlines():
            text = raw.strip()
            conditional = _FACTORS.fullmatch(text)
            if conditional:
                text = conditional[2].strip() if holds(conditional[1], factors) else ""
            if reference := _REFERENCE.fullmatch(text):
                yield from self._applying((reference[1], reference[2]), factors, seen)
            elif text and not text.startswith("#"):
                yield text


def _unlikely(name: str) -> tuple[bool, bool, int, int]:
    """How little an environment looks like the tests on this Python and nothing more."""
    found = _OF_PYTHON.search(name)
    here = sys.version_info.minor
    if found is None:
        distance = 1
    elif found[2]:
        distance = 100
    else:
        distance = abs(2 * (here - int(found[1]))) + (int(found[1]) > here)
    other = by_name(name) is not Purpose.TESTS or bool(_UNRELEASED.search(name))
    return other, bool(_WITH_SERVICE.search(name)), distance, name.count("-")
