"""Values as users write them: percent, durations, sizes, lists."""

import re

from hitrate.files.limits import GLOB_CHARACTERS, GLOBS
from hitrate.vocabulary import GateRule, is_finding

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?)?")


_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]?)i?b?")


COMMENT_ID = r"^[A-Za-z0-9._-]{1,64}$"


_BYTES_PER = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


_SECONDS_PER = {"s": 1, "m": 60, "h": 3600}


LONGEST_SECONDS = 7 * 24 * 3600.0


LARGEST_BYTES = 10**15


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


def parse_names(value: object) -> object:
    """A list of functions, each alone or with what was found about it.

    Raises:
        ValueError: It is no list, or one is not written as ``path::Qual.name`` or ``path::Qual.name:resize``.
    """
    names = parse_list(value)
    for name in names:
        if not isinstance(name, str):
            continue
        path, _, rest = name.partition("::")
        function, marked, found = rest.partition(":")
        if not path or not function:
            raise ValueError(f"{name} is not a function; write it as path::Qual.name")
        if marked and not is_finding(found):
            raise ValueError(f"{name} ends in no finding; write one after the function, such as :resize")
    return names


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
            raise ValueError(f"there is no rule {rule}; choose from {', '.join([*GateRule, 'never'])}")
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
    if not isinstance(text, str) or not re.fullmatch(COMMENT_ID, text, re.ASCII):
        raise ValueError("use letters, digits, `.`, `_` and `-`, at most 64 of them")
    return text
