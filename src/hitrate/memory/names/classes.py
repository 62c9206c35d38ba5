"""Which classes of a module only bind names: their methods, their attributes, and their own. Pure."""

import ast
import builtins
import copy
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

_HARMLESS_BASES = frozenset({"object", "Generic"})
_EXCEPTIONS = frozenset(
    name
    for name, each in vars(builtins).items()
    if isinstance(each, type) and issubclass(each, BaseException)
)
_LISTING_BASES = frozenset({"Enum", "Flag", "IntEnum", "IntFlag", "NamedTuple", "StrEnum"})
_LISTING_DECORATOR = "dataclass"
"""What makes classes by their attributes, and takes functions among these for methods."""
_SUBCLASS_HOOK = "__init_subclass__"


@dataclass(frozen=True, slots=True)
class PlainClass:
    """A class of a module.

    Attributes:
        node: It.
        has_attributes: Whether its attributes only bind names too, and not only its methods.
        is_silent: Whether to make it does nothing but that.
    """

    node: ast.ClassDef
    has_attributes: bool
    is_silent: bool


def plain_classes(module: ast.Module, counts: Counter[str]) -> list[PlainClass]:
    """Classes that are made of no library's, which would call their methods by their names.

    Args:
        module: Where they stand.
        counts: How often each name is bound in it.
    """
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    is_heard = any(getattr(each, "name", None) == _SUBCLASS_HOOK for node in classes for each in node.body)
    plain, listing = set[str](), set[str]()
    found = []
    for node in classes:
        is_plain = not node.keywords and all(_is_plain_base(each, plain, counts) for each in node.bases)
        is_listing = not is_plain and _is_listing(node, plain | listing)
        for known, belongs in ((plain, is_plain), (listing, is_listing)):
            (known.add if belongs else known.discard)(node.name)
        if is_plain and not node.decorator_list:
            found.append(PlainClass(node, has_attributes=True, is_silent=not is_heard))
        elif is_listing or (is_plain and _makes_by_attributes(node.decorator_list)):
            found.append(PlainClass(node, has_attributes=False, is_silent=False))
    return found


def head_of(node: ast.ClassDef) -> ast.ClassDef:
    """A class without all that stands in it."""
    head = copy.copy(node)
    head.body = []
    return head


def _is_plain_base(base: ast.expr, plain: Collection[str], counts: Counter[str]) -> bool:
    match base.value if isinstance(base, ast.Subscript) else base:
        case ast.Name(id=name):
            return name in plain or name in _HARMLESS_BASES or (name in _EXCEPTIONS and not counts[name])
        case ast.Attribute(attr=name):
            return name in _HARMLESS_BASES
        case _:
            return False


def _is_listing(node: ast.ClassDef, known: Collection[str]) -> bool:
    """Whether a class is an enumeration or a named tuple."""
    names = [base.id if isinstance(base, ast.Name) else getattr(base, "attr", None) for base in node.bases]
    return (
        not node.keywords
        and not node.decorator_list
        and all(name in known or name in _LISTING_BASES or name in ("int", "str") for name in names)
    )


def _makes_by_attributes(decorators: Collection[ast.expr]) -> bool:
    """Whether all that decorates a class is ``dataclass``."""
    called = [each.func if isinstance(each, ast.Call) else each for each in decorators]
    return all(
        (each.id if isinstance(each, ast.Name) else getattr(each, "attr", None)) == _LISTING_DECORATOR
        for each in called
    )
