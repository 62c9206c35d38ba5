"""One frozen model from inputs, config file and defaults (precedence: input, config file, default)."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from hitrate.errors import InputError
from hitrate.limits import GLOB_CHARACTERS, GLOBS
from hitrate.report.model import Effort, GateRule

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?)?")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)i?b?")
_COMMENT_ID = r"^[A-Za-z0-9._-]{1,64}$"
_BYTES_PER = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_SECONDS_PER = {"s": 1, "m": 60, "h": 3600}
LONGEST_SECONDS = 7 * 24 * 3600.0
LARGEST_BYTES = 10**15


class CommentMode(StrEnum):
    """When the pull request gets a comment: ``auto`` is only with something to say."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def parse_fraction(value: object) -> object:
    """A share of one: ``20 %``, ``0.2``, or a number above 1, which is read as percent.

    Raises:
        ValueError: It is none of these, or the integer 1, which could be either.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("write it as 20 % or 0.2")
    text = str(value).strip()
    if match := _PERCENT.fullmatch(text):
        share = float(match[1]) / 100
    elif text == "1":
        raise ValueError("1 is ambiguous; write 1 % or 100 %")
    else:
        try:
            number = float(text)
        except ValueError:
            raise ValueError("write it as 20 % or 0.2") from None
        share = number / 100 if number > 1 else number
    if not 0 <= share <= 1:
        raise ValueError("must be between 0 % and 100 %")
    return share


def parse_seconds(value: object) -> object:
    """Seconds: ``90``, ``90s``, ``10 minutes``, ``1h``.

    Raises:
        ValueError: It is none of these, or longer than any job.
    """
    match = None if isinstance(value, bool) else _DURATION.fullmatch(str(value).strip().lower())
    if match is None:
        raise ValueError("write it as 90s, 10 minutes or 1h")
    seconds = float(match[1]) * _SECONDS_PER[(match[2] or "s")[0]]
    if seconds > LONGEST_SECONDS:
        raise ValueError("must be at most a week")
    return seconds


def parse_maxsize(value: object) -> object:
    """Cache entries at most: a whole number of at least 1, or ``none`` for unbounded.

    Raises:
        ValueError: It is neither.
    """
    if value is None or (isinstance(value, str) and value.strip().lower() in {"none", "unbounded"}):
        return None
    try:
        number = int(str(value).strip())
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError("must be a whole number of at least 1, or none for unbounded")
    return number


def parse_text(value: object) -> object:
    """Text; a number is read as it is written.

    Raises:
        ValueError: It is a number whose last digit YAML has dropped.
    """
    if isinstance(value, float) and len(str(value).partition(".")[2]) < 2:
        raise ValueError("put it in quotes, since 3.10 means 3.1 without them")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def parse_list(value: object) -> tuple[object, ...]:
    """A list, or text with one item a line or separated by commas; empty items are none.

    Raises:
        ValueError: It is neither.
    """
    if isinstance(value, str):
        return tuple(item.strip() for item in re.split(r"[,\n]", value) if item.strip())
    if not isinstance(value, list | tuple):
        raise ValueError("write it as [a, b] or as one item a line")
    return tuple(item for item in value if not isinstance(item, str) or item.strip())


def parse_globs(value: object) -> object:
    """A list of globs.

    Raises:
        ValueError: It is no list, too long a one, or a glob begins at the root of the machine.
    """
    globs = parse_list(value)
    if len(globs) > GLOBS:
        raise ValueError(f"write at most {GLOBS} globs")
    for glob in globs:
        if isinstance(glob, str) and len(glob) > GLOB_CHARACTERS:
            raise ValueError(f"a glob may have {GLOB_CHARACTERS} characters")
        if isinstance(glob, str) and glob.startswith("/"):
            raise ValueError(f"{glob} begins with a slash; write paths from the repository's root")
    return globs


def parse_rules(value: object) -> object:
    """Gate rules; ``never`` is none of them.

    Raises:
        ValueError: ``never`` stands beside others, or a rule is unknown.
    """
    named = [str(rule).lower() for rule in parse_list(value)]
    if named == ["never"]:
        return ()
    if "never" in named:
        raise ValueError("never stands alone")
    for rule in named:
        if rule not in set(GateRule):
            raise ValueError(f"there is no rule {rule}; choose of {', '.join([*GateRule, 'never'])}")
    return tuple(named)


def parse_command(value: object) -> object:
    """A command; a blank one is none."""
    return None if isinstance(value, str) and not value.strip() else value


def parse_size(value: object) -> object:
    """Bytes: ``4 GB``, ``512 MB``, ``2000000``.

    Raises:
        ValueError: It is none of these.
    """
    if value is None:
        return None
    match = None if isinstance(value, bool) else _SIZE.fullmatch(str(value).strip().lower())
    if match is None or not float(match[1]):
        raise ValueError("write it as 4 GB or 512 MB")
    size = float(match[1]) * _BYTES_PER[match[2] or ""]
    if size > LARGEST_BYTES:
        raise ValueError("must be at most 1000000 GB")
    return int(size)


def parse_comment_id(value: object) -> object:
    """Letters, digits, ``.``, ``_`` and ``-``, at most 64.

    Raises:
        ValueError: It is something else.
    """
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.fullmatch(_COMMENT_ID, text, re.ASCII):
        raise ValueError("use letters, digits, `.`, `_` and `-`, at most 64 of them")
    return text


_NUMBER_OR_TEXT = WithJsonSchema({"type": ["number", "string"]})
_TEXT_OR_LIST = WithJsonSchema(
    {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
)
_RULE = {"enum": [*GateRule, "never"]}

Share = Annotated[float, BeforeValidator(parse_fraction), _NUMBER_OR_TEXT]
Seconds = Annotated[float, BeforeValidator(parse_seconds), _NUMBER_OR_TEXT]
Maxsize = Annotated[
    int | None,
    BeforeValidator(parse_maxsize),
    WithJsonSchema({"oneOf": [{"type": "integer", "minimum": 1}, {"enum": ["none", "unbounded", None]}]}),
]
Size = Annotated[int | None, BeforeValidator(parse_size), _NUMBER_OR_TEXT]
Items = Annotated[tuple[str, ...], BeforeValidator(parse_list), _TEXT_OR_LIST]
Globs = Annotated[tuple[str, ...], BeforeValidator(parse_globs), _TEXT_OR_LIST]
Rules = Annotated[
    tuple[GateRule, ...],
    BeforeValidator(parse_rules),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "array", "items": _RULE}]}),
]
Command = Annotated[str | None, BeforeValidator(parse_command)]
Text = Annotated[str, BeforeValidator(parse_text), WithJsonSchema({"type": ["string", "number"]})]

CommentId = Annotated[
    str,
    BeforeValidator(parse_comment_id),
    WithJsonSchema({"type": ["string", "integer"], "pattern": _COMMENT_ID}),
]


class Override(BaseModel):
    """Other thresholds for some files of a repository that holds several projects."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: Globs = Field(description="Globs of the files that these values are for.", min_length=1)
    maxsize: Maxsize = Field(128, description="Cache size to try; none is unbounded.")
    min_hit_rate: Share = Field(0.2, description="Hit rate from which a cache is worth having.")
    min_saving: Share = Field(0.01, description="Share of the workload's CPU time that a cache must save.")
    min_cache_hit_rate: Share = Field(0.2, description="Hit rate below which an existing cache is wasteful.")

    @property
    def values(self) -> dict[str, Any]:
        """What it sets, by settings field."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"paths"}}


class Settings(BaseModel):
    """Everything a user can choose; names are those of the inputs with ``_`` for ``-``.

    The description of each field is the one text that action.yml, README and config schema show.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str | None = Field(None, description="What to compare with: a branch, tag or commit.")
    python_version: Text | None = Field(
        None,
        description="Python for the project's tests, such as 3.12; one that the project asks for or allows.",
    )
    setup: Command = Field(
        None,
        description="Shell command run as root first, such as apt-get install; not from the config file.",
    )
    install: Command = Field(
        None, description="Shell command that installs the project; detected by default."
    )
    test_command: Command = Field(None, description="Shell command that runs the tests; detected by default.")
    workload: Command = Field(
        None, description="A second command that stands for production, such as a benchmark script."
    )
    working_directory: str = Field(".", description="Folder of the project inside the repository.")
    paths: Globs = Field((), description="Globs of the files to look at; all Python files by default.")
    exclude: Globs = Field((), description="Globs of files, or functions as path::Qual.name, to leave out.")
    pass_env: Items = Field(
        (), description="Names of environment variables that install and tests get too, such as DATABASE_URL."
    )
    memory_limit: Size = Field(
        None, description="Memory that install and tests may use, such as 4 GB; nine tenths by default."
    )
    cache_dir: str | None = Field(
        None,
        description="Folder of the workspace that keeps built packages for actions/cache; none by default.",
    )
    disk_limit: Size = Field(
        None,
        description="What one run may write to the disk, such as 10 GB; four fifths of the free by default.",
    )
    maxsize: Maxsize = Field(128, description="Cache size to try; none is unbounded.")
    effort: Effort = Field(Effort.STANDARD, description="quick, standard or thorough.")
    time_budget: Seconds = Field(600.0, description="Time for measuring beyond the first two runs.")
    timeout: Seconds = Field(1800.0, description="Time limit of one run of the tests.")
    min_hit_rate: Share = Field(0.2, description="Hit rate from which a cache is worth having.")
    min_saving: Share = Field(0.01, description="Share of the workload's CPU time that a cache must save.")
    min_cache_hit_rate: Share = Field(0.2, description="Hit rate below which an existing cache is wasteful.")
    max_missed_saving: Share = Field(
        0.0, description="Share of CPU time that may be left on the table under fail-on: missed."
    )
    fail_on: Rules = Field(
        (GateRule.UNSAFE,),
        description="What fails the check: unsafe, wasteful, missed, broken, inconclusive, or never.",
    )
    comment: CommentMode = Field(
        CommentMode.AUTO, description="auto (only with something to say), always or never."
    )
    suggestions: bool = Field(False, description="Post one-click review suggestions.")
    comment_id: CommentId = Field(
        "hitrate", description="Tells several Hitrate comments on one pull request apart."
    )
    config: str = Field(".github/hitrate.yml", description="Config file, relative to the repository.")
    report_dir: str = Field(
        "hitrate-report", description="Folder for report.json, report.html and report.md."
    )
    dry_run: bool = Field(False, description="Say what would be done, and run and post nothing.")
    overrides: tuple[Override, ...] = Field((), description="Other thresholds for some files.")


ACTION_ONLY = frozenset({"config", "setup"})
"""Settings that a config file cannot choose: what runs as root must not come from the pull request's head."""

CONFIG_ONLY = frozenset({"overrides"})
"""Settings that only a config file can choose."""

CONTAINER_ONLY = frozenset(
    {"python_version", "setup", "install", "pass_env", "memory_limit", "disk_limit", "cache_dir"}
)
"""What has a meaning only where Hitrate makes the project's environment."""

_SHARES = frozenset({"min_hit_rate", "min_saving", "min_cache_hit_rate", "max_missed_saving"})
_DURATIONS = frozenset({"time_budget", "timeout"})


def option_name(field: str) -> str:
    """A field's name as users write it: ``fail_on`` is ``fail-on``."""
    return field.replace("_", "-")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The name that was probably meant; None if none is near."""
    names = list(known)
    parts = [one for one in names if name.lower() in one.split("-")]
    return next(iter(get_close_matches(name.replace("_", "-").lower(), names, n=1) or parts), None)


def shown_default(field: str) -> str:
    """A field's default as users would write it; empty where nothing is the default."""
    value = Settings.model_fields[field].default
    if value in (None, ()):
        return ""
    if field in _SHARES:
        return f"{value * 100:g} %"
    if field in _DURATIONS:
        return f"{value / 60:g} minutes"
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def described(field: str) -> str:
    """What a field is, and its default where it has one."""
    return with_default(Settings.model_fields[field].description or "", shown_default(field))


def with_default(text: str, default: str) -> str:
    """A description that ends with the default, where there is one."""
    return f"{text.removesuffix('.')} (default: {default})." if default else text


def build_settings(given: Mapping[str, Any], configured: Mapping[str, Any]) -> Settings:
    """Join what was given as input with what the config file says.

    Args:
        given: Values by field name; an absent one was not given.
        configured: Values of the config file by field name.

    Raises:
        InputError: A value does not fit; the message names the first one and the remedy.
    """
    try:
        return Settings(**{**configured, **given})
    except ValidationError as error:
        raise InputError(explain(error)) from None


def explain(error: ValidationError) -> str:
    """The first thing that does not fit: its name, its value, the remedy."""
    first = error.errors(include_url=False)[0]
    name = ".".join(option_name(str(part)) for part in first["loc"])
    why = str(first["msg"]).removeprefix("Value error, ").replace("Input should be", "must be")
    return f"{name}: {shortened(first.get('input'))} does not fit: {why}"


def shortened(value: object) -> str:
    """A value as it was written, on one line, short enough for a message."""
    try:
        shown = " ".join(repr(value).split())
    except ValueError:  # Python writes out no number of over 4,300 digits
        shown = "a number of thousands of digits"
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
