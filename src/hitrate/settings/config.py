"""The config file: YAML below the repository, checked line by line."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from hitrate.errors import InputError
from hitrate.files import limits, untrusted
from hitrate.files.globs import matches
from hitrate.settings.model import ACTION_ONLY, Override, Settings, explain, nearest, option_name

SIZE_LIMIT = limits.CONFIG_BYTES
SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"

_KEYS = {option_name(field): field for field in Settings.model_fields if field not in ACTION_ONLY}
_INPUTS = {option_name(field) for field in ACTION_ONLY}
_OVERRIDE_KEYS = {option_name(field): field for field in Override.model_fields}


def read(tree: Path, named: str | None = None) -> dict[str, Any]:
    """The settings that the config file chooses, by field.

    Args:
        tree: Root of the working tree.
        named: The file asked for, relative to the root; None is the default, which may be absent.

    Raises:
        InputError: It is missing though asked for, or wrong; the message names file, line, key and remedy.
    """
    path = named or Settings.model_fields["config"].default
    try:
        content = untrusted.read(tree, path, SIZE_LIMIT)
    except ValueError as error:
        raise InputError(f"config: {error}; name a file of the repository") from None
    if content is None:
        if named:
            raise InputError(
                f"config: there is no file {path!r} in the repository; create it or drop the input"
            )
        return {}
    return parse(content, path)


def parse(content: bytes, path: str) -> dict[str, Any]:
    """The settings in the content of a config file, by field.

    Raises:
        InputError: It is wrong; the message names file, line, key and remedy.
    """
    document = _load(content, path)
    if document is None:
        return {}
    if not isinstance(document, CommentedMap):
        raise InputError(f"{path}:1: a config file holds keys and values, such as `effort: quick`")
    values = _fields(document, _KEYS, path)
    for position, override in enumerate(_overrides(document, path)):
        values["overrides"][position] = _fields(override, _OVERRIDE_KEYS, path)
    try:
        Settings(**values)
    except ValidationError as error:
        raise InputError(f"{path}:{_line(document, error)}: {explain(error)}") from None
    return values


def for_path(settings: Settings, path: str) -> Settings:
    """The settings for one file: those of every override that matches it, the last one winning."""
    chosen = [
        override.values
        for override in settings.overrides
        if any(matches(path, glob) for glob in override.paths)
    ]
    return settings.model_copy(update={name: value for values in chosen for name, value in values.items()})


def schema() -> dict[str, Any]:
    """The JSON Schema of the config file, for editors."""
    whole = Settings.model_json_schema()
    override = whole["$defs"]["Override"]
    return {
        "$schema": SCHEMA_ID,
        "title": "Hitrate's config file",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: whole["properties"][field] for key, field in _KEYS.items()},
        "$defs": {
            **whole["$defs"],
            "Override": {
                **override,
                "properties": {key: override["properties"][field] for key, field in _OVERRIDE_KEYS.items()},
            },
        },
    }


def _load(content: bytes, path: str) -> Any:
    try:
        limits.check_yaml(content)
        return limits.within(limits.FILE_SECONDS, lambda: YAML(typ="rt").load(BytesIO(content)))
    except limits.LimitError as error:
        raise InputError(f"{path}: {error}; make it shorter and less nested") from None
    except DuplicateKeyError as error:
        raise InputError(f"{path}:{_mark(error)}: the key appears twice; keep one of them") from None
    except MarkedYAMLError as error:
        raise InputError(f"{path}:{_mark(error)}: not YAML: {error.problem or error.context}") from None
    except (YAMLError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{path}: not YAML in UTF-8 ({type(error).__name__})") from None


def _mark(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _fields(given: CommentedMap, known: Mapping[str, str], path: str) -> dict[str, Any]:
    """Values by field name.

    Raises:
        InputError: A key is not known.
    """
    for key in given:
        if key in _INPUTS:
            where = f"{path}:{given.lc.key(key)[0] + 1}"
            raise InputError(
                f"{where}: {key!r} cannot be set here: a pull request could change it; use the input"
            )
        if key not in known:
            near = nearest(str(key), known)
            remedy = f"did you mean {near}?" if near else f"the keys are {', '.join(known)}"
            raise InputError(f"{path}:{given.lc.key(key)[0] + 1}: unknown key {str(key)!r}; {remedy}")
    return {known[key]: _plain(value) for key, value in given.items()}


def _overrides(document: CommentedMap, path: str) -> Iterator[CommentedMap]:
    given = document.get("overrides") or ()
    for override in given if isinstance(given, Sequence) and not isinstance(given, str) else ():
        if not isinstance(override, CommentedMap):
            line = document.lc.key("overrides")[0] + 1
            raise InputError(
                f"{path}:{line}: each of overrides holds paths and values, such as `paths: lib/**`"
            )
        yield override


def _plain(value: Any) -> Any:
    """The value without what it remembers of its file."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _line(document: CommentedMap, error: ValidationError) -> int:
    """Line of the deepest key that the error is about, 1-based."""
    here: Any = document
    line = 1
    for part in error.errors()[0]["loc"]:
        if isinstance(here, CommentedMap):
            key = option_name(str(part))
            if key not in here:
                break
            line = here.lc.key(key)[0] + 1
            here = here[key]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            line = here.lc.item(part)[0] + 1 if hasattr(here, "lc") else line
            here = here[part]
        else:
            break
    return line
