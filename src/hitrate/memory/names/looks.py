"""What may find a name that it does not name, by how its source looks. Pure."""

import re
from collections.abc import Iterable
from enum import Enum, auto


class Search(Enum):
    """Where something looks for names."""

    ANYWHERE = auto()
    """In modules that it finds by itself."""
    HERE = auto()
    """Among the names of its own module."""
    GIVEN = auto()
    """In a module, a class or an object that it has got from somewhere."""


_FINDING = (
    "__globals__|__subclasses__|annotationlib|doctest|f_builtins|f_globals|f_locals|get_objects"
    "|import_module|import_object|import_string|load_object|locate|pickle|pkgutil|pydoc|reload|resolve_name"
    "|run_module|run_path|symbol_by_name"
)
_EVALUATING = "__import__|compile|eval|exec"
_TELLING = r"cleandoc|is[a-z]+"
"""Of ``inspect``, what looks for no name."""
_READING = r"Parameter|Signature|getmembers|signature|unwrap"
"""Of ``inspect``, what looks in what it is given."""
_LOOKING = (
    "__annotations__|__code__|__defaults__|__kwdefaults__|__signature__|attrgetter|autospec|create_autospec"
    "|get_type_hints|getmembers|methodcaller|spec_set"
)
_ATTRIBUTES = "getattr|hasattr|setattr|delattr"
_ATTRIBUTE = f"(?:{_ATTRIBUTES})"
_NAMESPACES = "dir|vars"
_CONSTANT = r"(?!\s*\(\s*[\w.\[\]()]+\s*,\s*[bru]?(?:'\w+'|\"\w+\")\s*[,)])"
_ONE = r"(?!\s*(?:\[|\.\s*(?:get|pop|setdefault)\s*\()\s*(?:'\w+'|\"\w+\")\s*[,)\]])"
"""Not behind it: a key that is named."""
_SOURCE = {
    Search.ANYWHERE: rf"(?<![\w.])(?:{_EVALUATING})\s*\(|\b(?:{_FINDING})\b|\bsys\s*\.\s*modules\b"
    rf"|\binspect\b(?!\s*\.\s*(?:{_TELLING}|{_READING})\b)",
    Search.HERE: r"(?<![\w.])(?:globals|locals)\s*\(|(?<![\w.])(?:dir|vars)\s*\(\s*\)",
    Search.GIVEN: rf"(?<![\w.])(?:dir|vars)\s*\((?!\s*\))|\b(?:{_LOOKING})\b|\b__dict__\b{_ONE}"
    rf"|\bsignature\s*\(|\binspect\s*\.\s*(?:{_READING})\b|\b{_ATTRIBUTE}\b{_CONSTANT}",
}
"""As it is written."""
_NAME = r"Name\(id='(?:{})'"
_SHOWN = {
    Search.ANYWHERE: rf"{_NAME.format(f'{_EVALUATING}|{_FINDING}')}|attr='(?:{_FINDING}|modules)'"
    rf"|Name\(id='inspect'(?:, ctx=Load\(\))?\)(?!, attr='(?:{_TELLING}|{_READING})')",
    Search.HERE: _NAME.format("globals|locals|dir|vars"),
    Search.GIVEN: rf"{_NAME.format(f'dir|vars|signature|{_LOOKING}|{_ATTRIBUTE}|{_READING}')}"
    rf"|attr='(?:{_LOOKING}|{_READING}|__dict__)'",
}
"""In a tree that is shown."""
_IN_SOURCE, _IN_SHOWN = (
    {look: re.compile(pattern.encode()) for look, pattern in patterns.items()}
    for patterns in (_SOURCE, _SHOWN)
)
_SAID = {
    look: frozenset(word.encode() for each in words for word in each.split("|"))
    for look, words in {
        Search.ANYWHERE: (_EVALUATING, _FINDING, "modules|inspect"),
        Search.HERE: ("globals|locals", _NAMESPACES),
        Search.GIVEN: (_NAMESPACES, _LOOKING, _ATTRIBUTES, "__dict__|signature|inspect"),
    }.items()
}
"""Words of which one stands in whatever looks so; to look for these first takes a tenth of the time."""
_WORD = re.compile(rb"\w+")
_COMMENT = re.compile(rb"^[ \t]*#.*$", re.MULTILINE)
_STARS = re.compile(rb"\bimport\s*\(?\s*\*")


def looks_of(source: bytes, among: Iterable[Search] = Search) -> frozenset[Search]:
    """Where source as it is written may look for names that it does not name, or only tells of it.

    Args:
        source: It.
        among: Where the file that it stands in does.
    """
    words = frozenset(_WORD.findall(source))
    looks = [look for look in among if not _SAID[look].isdisjoint(words)]
    text = _COMMENT.sub(b"", source) if looks else b""
    return frozenset(look for look in looks if _IN_SOURCE[look].search(text))


def shown_looks_of(tree: bytes) -> frozenset[Search]:
    """The same of a tree that is shown."""
    return frozenset(look for look, pattern in _IN_SHOWN.items() if pattern.search(tree))


def has_stars(source: bytes) -> bool:
    """Whether names of other modules may be in a module without being named there."""
    return _STARS.search(source) is not None
