"""GitHub's expressions, as far as a workflow's text settles them: what only a run would tell is UNKNOWN."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?(?:0x[\da-fA-F]+|\d+(?:\.\d+)?))"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>&&|\|\||==|!=|<=|>=|[!<>()\[\].,*]))"
)
_INSERTED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_WHOLE = re.compile(r"\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*", re.DOTALL)
_LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_TOKENS_LIMIT = 400


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
"""A value that only a run would tell."""

Contexts = Mapping[str, Any]
"""Names such as ``matrix`` with what is known of them; a name that is missing is unknown."""


class _MalformedError(ValueError):
    """It is no expression."""


def evaluate(text: str, contexts: Contexts) -> Any:
    """The value of an expression without its ``${{ }}``; UNKNOWN too where it is malformed."""
    try:
        tokens = list(_tokens(text))
        parser = _Parser(tokens, contexts)
        value = parser.either()
        return value if parser.at_end else UNKNOWN
    except (_MalformedError, RecursionError):
        return UNKNOWN


def filled_in(value: object, contexts: Contexts) -> Any:
    """A value of the workflow with its expressions evaluated; text with an unknown part is UNKNOWN.

    A value that is one expression keeps its type, so that it may be a mapping.
    """
    if not isinstance(value, str):
        return value
    whole = _WHOLE.fullmatch(value)
    if whole:
        return evaluate(whole[1], contexts)
    parts = [evaluate(found[1], contexts) for found in _INSERTED.finditer(value)]
    if UNKNOWN in parts:
        return UNKNOWN
    given = iter(parts)
    return _INSERTED.sub(lambda _: as_text(next(given)), value)


def holds(condition: object, contexts: Contexts) -> bool | None:
    """Whether an ``if`` holds; None if only a run would tell. Without one it holds."""
    if condition is None or isinstance(condition, bool):
        return condition is not False
    text = str(condition)
    whole = _WHOLE.fullmatch(text)
    if whole is None and "${{" in text:
        return None
    value = evaluate(whole[1] if whole else text, contexts)
    return None if value is UNKNOWN else truth(value)


def truth(value: object) -> bool:
    """What counts as true."""
    return value not in (None, False, 0, "")


def as_text(value: object) -> str:
    """A value as text has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place, number = 0, 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        number += 1
        if found is None or number > _TOKENS_LIMIT:
            raise _MalformedError
        place = found.end()
        kind = found.lastgroup or ""
        yield kind, found[kind]


class _Parser:
    """Parses and evaluates at once, in GitHub's order of precedence."""

    def __init__(self, tokens: list[tuple[str, str]], contexts: Contexts) -> None:
        self._tokens = tokens
        self._contexts = contexts
        self._place = 0

    @property
    def at_end(self) -> bool:
        return self._place == len(self._tokens)

    def either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            if value is UNKNOWN:
                value = True if other is True else UNKNOWN
            elif not truth(value):
                value = other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            if value is UNKNOWN:
                value = UNKNOWN if other is UNKNOWN or truth(other) else other
            elif truth(value):
                value = other
        return value

    def _compared(self) -> Any:
        value = self._single()
        for sign, compare in _COMPARISONS.items():
            if self._takes(sign):
                other = self._single()
                return UNKNOWN if UNKNOWN in (value, other) else compare(value, other)
        return value

    def _single(self) -> Any:
        if self._takes("!"):
            value = self._single()
            return UNKNOWN if value is UNKNOWN else not truth(value)
        if self._takes("("):
            value = self.either()
            self._expect(")")
        else:
            value = self._atom()
        while self._next() in (("sign", "."), ("sign", "[")):
            value = self._part_of(value)
        return value

    def _atom(self) -> Any:
        kind, text = self._take()
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(int(text, 16)) if "x" in text.lower() else float(text)
        if kind != "name":
            raise _MalformedError
        if self._takes("("):
            return self._called(text.lower())
        return _LITERALS.get(text.lower(), self._contexts.get(text.lower(), UNKNOWN))

    def _called(self, name: str) -> Any:
        arguments: list[Any] = []
        while not self._takes(")"):
            arguments.append(self.either())
            if self._next() != ("sign", ")"):
                self._expect(",")
        function = _FUNCTIONS.get(name)
        if function is None or UNKNOWN in arguments:
            return UNKNOWN
        try:
            return function(*arguments)
        except (TypeError, IndexError, ValueError):
            return UNKNOWN

    def _part_of(self, value: Any) -> Any:
        if self._takes("["):
            key = self.either()
            self._expect("]")
        else:
            self._expect(".")
            kind, key = self._take()
            if kind != "name":
                return UNKNOWN
        if value is UNKNOWN or key is UNKNOWN:
            return UNKNOWN
        return value.get(as_text(key)) if isinstance(value, Mapping) else None

    def _next(self) -> tuple[str, str] | None:
        return None if self.at_end else self._tokens[self._place]

    def _take(self) -> tuple[str, str]:
        token = self._next()
        if token is None:
            raise _MalformedError
        self._place += 1
        return token

    def _takes(self, sign: str) -> bool:
        found = self._next() == ("sign", sign)
        self._place += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise _MalformedError


def equal(left: object, right: object) -> bool:
    """Whether GitHub takes two values for equal."""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if isinstance(left, Mapping | list) or isinstance(right, Mapping | list):
        return left is right
    return _number(left) == _number(right)


def _number(value: Any) -> float:
    if value is None or value == "":
        return 0.0
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<=": lambda left, right: _number(left) <= _number(right),
    ">=": lambda left, right: _number(left) >= _number(right),
    "<": lambda left, right: _number(left) < _number(right),
    ">": lambda left, right: _number(left) > _number(right),
}


def _contains(where: object, what: object) -> bool:
    if isinstance(where, list):
        return any(equal(item, what) for item in where)
    return as_text(what).lower() in as_text(where).lower()


def _format(pattern: str, *values: object) -> str:
    return re.sub(r"\{(\d+)\}", lambda found: as_text(values[int(found[1])]), pattern)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "contains": _contains,
    "startswith": lambda text, start: as_text(text).lower().startswith(as_text(start).lower()),
    "endswith": lambda text, end: as_text(text).lower().endswith(as_text(end).lower()),
    "format": _format,
    "always": lambda: True,
    "success": lambda: True,
    "failure": lambda: False,
    "cancelled": lambda: False,
}
