"""Scripts of a workflow's steps: their commands, without what a package manager puts around them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_BALANCED = re.compile(r"(?:[^'\"(){}`]|'[^']*'|\"[^\"]*\"|`[^`]*`|\$\([^()]*\)|\$\{\{[^}]*\}\}|\$\{\w+\})*")
_BRANCHES = re.compile(
    r"<<-?\s*['\"]?\w|(?:^|[\s;])(?:if|for|while|case|until)\s|^\s*\w+\s*\(\)", re.MULTILINE
)
_WORD = re.compile(r"(?:\$\{\{.*?\}\}|'[^']*'|\"[^\"]*\"|\\.|[^\s'\"\\])+")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_ACTIVATION = re.compile(r"^(?:source|\.)\s+\S+(?:\s|$)")
_SYSTEM = re.compile(r"(?:^|\s)(?:apt-get|apt)\s+(?:-\S+\s+)*(?:install|update|upgrade)\b")
_PIP = re.compile(r"(?:^|\s)(?:uv\s+)?pip3?\s+install\s")
_OF_PIP = frozenset({"pip", "setuptools", "wheel", "uv", "build", "virtualenv"})
_NAME = re.compile(r"['\"]?([\w.-]+)")
_TOOL = re.compile(
    r"(?:^|\s)(?:poetry|uv|pdm|pipenv|hatch|rye|conda|mamba)\s+"
    r"(?:install|sync|add|env|venv|lock|self|config|init|python)\b"
    r"|(?:^|\s)(?:pipx|uv\s+tool)\s+install\b"
)
_PREFIXES = frozenset(
    {"sudo", "time", "exec", "command", "nice", "if", "then", "else", "do", "while", "until", "!"}
)
_PREFIXES_WITH_OPTIONS = {"xvfb-run": 0, "timeout": 1, "env": 0}
_RUNNERS = {
    ("uv", "tool", "run"),
    ("uv", "run"),
    ("uvx",),
    ("pipx", "run"),
    ("poetry", "run"),
    ("pdm", "run"),
    ("pipenv", "run"),
    ("rye", "run"),
    ("hatch", "run"),
    ("pixi", "run"),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VALUED = _words(
    """
    --cache-dir --color --config-file --default-index --directory --env-file --environment --extra
    --extra-index-url --from --group --index --index-url --link-mode --manifest-path --no-extra
    --no-group --only-group --package --pip-args --project --python --resolution --spec --with
    --with-editable --with-requirements -e -p
    """
)
_PYTHON = re.compile(r"python3?(?:\.\d+)?")
_MODULE_OPTION = re.compile(r"-[a-zA-Z]*m")


@dataclass(frozen=True, slots=True)
class BareCommand:
    """A command less what a package manager puts before it.

    Attributes:
        words: As they stand in the script, quotes and expressions included; the program first.
        assignments: Variables that are set for it, as ``NAME=value``.
        python: The interpreter that the package manager is told to use.
        manager: The words of the package manager that runs it, such as ``("uv", "run")``.
    """

    words: tuple[str, ...]
    assignments: tuple[str, ...] = ()
    python: str | None = None
    manager: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As a line of a script."""
        return " ".join((*self.assignments, *self.words))

    @property
    def program(self) -> tuple[str, ...]:
        """Name of the program and its arguments; for ``python -m NAME`` those of the module."""
        words = tuple(word.rstrip(";").strip("'\"") for word in self.words)
        if words and _PYTHON.fullmatch(words[0].rpartition("/")[2]):
            for number, word in enumerate(words[1:], 1):
                if _MODULE_OPTION.fullmatch(word):
                    return words[number + 1 :]
                if not word.startswith("-") and words[number - 1] not in ("-W", "-X"):
                    return words[number:]
        return (
            (words[0].rpartition("/")[2] if words[0].count("/") == 1 else words[0], *words[1:])
            if words
            else ()
        )


def command(line: str) -> BareCommand:
    """A line taken apart."""
    words = _WORD.findall(line)
    assignments: list[str] = []
    python: str | None = None
    manager: tuple[str, ...] = ()
    while words:
        name = words[0]
        if _ASSIGNMENT.fullmatch(name):
            assignments.append(words.pop(0))
        elif name in _PREFIXES:
            words = _without_options(words[1:])[0]
        elif name in _PREFIXES_WITH_OPTIONS:
            words = _without_options(words[1:])[0][_PREFIXES_WITH_OPTIONS[name] :]
        elif found := next((one for one in _RUNNERS if tuple(words[: len(one)]) == one), ()):
            words, given = _without_options(words[len(found) :])
            python, manager = given or python, manager or found
        else:
            break
    return BareCommand(tuple(words), tuple(assignments), python, manager)


def _without_options(words: list[str]) -> tuple[list[str], str | None]:
    """The words after leading options, and the interpreter that these name."""
    python = None
    while words and words[0].startswith("-"):
        option, equals, value = words[0].partition("=")
        if option == "--":
            return words[1:], python
        takes = option in _VALUED and not equals
        if option in ("-p", "--python"):
            python = words[1] if takes and len(words) > 1 else value
        words = words[2 if takes else 1 :]
    return words, python


def lines_of(script: str) -> Iterator[str]:
    """The script's commands: continued lines joined, those of an ``&&`` apart, empty ones left out."""
    for line in re.sub(r"\\\r?\n\s*", "", script).splitlines():
        parts = line.split(" && ")
        # Only commands that are whole in themselves: nothing quoted or grouped goes over the `&&`.
        apart = parts if all(_BALANCED.fullmatch(part) for part in parts) else [line]
        yield from (part.strip() for part in apart if part.strip())


def branches(script: str) -> bool:
    """Whether a script has branches, loops, functions or text within it, so that no line stands alone."""
    return bool(_BRANCHES.search(script))


def torn(script: str) -> bool:
    """Whether something quoted or grouped goes over the end of a line, so that no line can be taken out."""
    texts = [line for line in lines_of(script) if not line.startswith("#")]
    return any(not _BALANCED.fullmatch(line) for line in texts)


def without_variables(text: str, variables: Mapping[str, str]) -> str:
    """Text with the variables that are known put in."""
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2], found[0]), text)


def installs(line: str) -> bool:
    """Whether a line installs Python packages by pip, and more than pip itself."""
    found = _PIP.search(line)
    wanted = (
        [word for word in _WORD.findall(line[found.end() :]) if not word.startswith("-")] if found else []
    )
    names = [found[1] if (found := _NAME.match(word)) else "" for word in wanted]
    return bool(wanted) and not all(name in _OF_PIP for name in names)


def installs_system(line: str) -> bool:
    """Whether a line installs packages of the system."""
    return bool(_SYSTEM.search(line))


def prepares(line: str) -> bool:
    """Whether a line prepares an environment, which Hitrate does otherwise, or says nothing."""
    found = _PIP.search(line) or _TOOL.search(line) or _SYSTEM.search(line) or _ACTIVATION.search(line)
    return bool(found) or line.startswith("#")


def system_script(lines: Iterable[str]) -> list[str]:
    """Lines that install packages of the system, for a shell of root's that nobody answers."""
    kept = [re.sub(r"\bsudo\s+(?:-\S+\s+)*", "", line) for line in lines]
    kept = [
        re.sub(
            r"\b(apt(?:-get)?)\s+((?:-\S+\s+)*install)\b(?!.*\s(?:-y|-\w*y\w*|--yes|--assume-yes)\b)",
            r"\1 \2 -y",
            line,
        )
        if not re.search(r"\s-(?:\w*y\w*|-yes|-assume-yes)\b", line)
        else line
        for line in kept
    ]
    if kept and not any(re.search(r"\bupdate\b", line) for line in kept):
        kept.insert(0, "apt-get update")
    return kept


def script(lines: Iterable[str]) -> str:
    """One command for all lines, which ends at the first that fails, as a workflow's shell does."""
    kept = list(lines)
    strict = len(kept) > 1 and not kept[0].startswith("set -")
    return "\n".join(["set -e", *kept] if strict else kept)
