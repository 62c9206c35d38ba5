"""One frozen model from inputs, config file and defaults (precedence: input, config file, default)."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from hitrate.errors import InputError
from hitrate.settings.values import (
    COMMENT_ID,
    parse_command,
    parse_comment_id,
    parse_fraction,
    parse_globs,
    parse_list,
    parse_maxsize,
    parse_names,
    parse_rules,
    parse_seconds,
    parse_size,
    parse_text,
)
from hitrate.vocabulary import Effort, GateRule


class Drafts(StrEnum):
    """What becomes of a draft: it is measured as any other pull request, or held back."""

    MEASURE = "measure"
    SKIP = "skip"


class CommentMode(StrEnum):
    """When the pull request gets a comment: ``auto`` is only with something to say."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


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
Names = Annotated[tuple[str, ...], BeforeValidator(parse_names), _TEXT_OR_LIST]
Rules = Annotated[
    tuple[GateRule, ...],
    BeforeValidator(parse_rules),
    WithJsonSchema({"oneOf": [{"type": "string"}, {"type": "array", "items": _RULE}]}),
]
Command = Annotated[str | None, BeforeValidator(parse_command)]
Text = Annotated[str, BeforeValidator(parse_text), WithJsonSchema({"type": ["string", "number"]})]

Label = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1)]
CommentId = Annotated[
    str,
    BeforeValidator(parse_comment_id),
    WithJsonSchema({"type": ["string", "integer"], "pattern": COMMENT_ID}),
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
    memory: str | None = Field(
        None,
        description="Folder kept by actions/cache, to run only tests the change reaches; none by default.",
    )
    disk_limit: Size = Field(
        None,
        description="Disk that one run may fill, such as 10 GB; four fifths of what is free by default.",
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
    skip_label: Label = Field(
        "hitrate:skip",
        description="Label that holds a pull request back; so does [skip hitrate] in title or head commit.",
    )
    drafts: Drafts = Field(
        Drafts.MEASURE, description="measure or skip: what to do with a draft pull request."
    )
    dry_run: bool = Field(False, description="Only say what would be done; run and post nothing.")
    acknowledged: Names = Field(
        (), description="Findings that are known and accepted, as path::Qual.name or path::Qual.name:resize."
    )
    overrides: tuple[Override, ...] = Field((), description="Other thresholds for some files.")


ACTION_ONLY = frozenset({"config", "setup"})
"""Settings that a config file cannot choose: what runs as root must not come from the pull request's head."""

CONFIG_ONLY = frozenset({"acknowledged", "overrides"})
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
