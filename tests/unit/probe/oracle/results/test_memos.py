"""What an object fills in when it is used, told from what changed in it."""

import copy
import functools

import pytest

from hitrate.probe.oracle import difference, snapshot
from hitrate.probe.oracle.results.memos import all_below, is_container


class CachedProperty(property):
    """Can be set, as Werkzeug's and Kombu's, and keeps what it gives among the attributes."""

    def __init__(self, name: str) -> None:
        super().__init__(lambda owner: 3)
        self.name = name

    def __set__(self, owner: object, value: object) -> None:
        vars(owner)[self.name] = value

    def __get__(self, owner: object, kind: type | None = None) -> object:
        return self if owner is None else vars(owner).setdefault(self.name, 3)


class LazyProperty(CachedProperty):
    """As Astropy calls it."""


class Setting(CachedProperty):
    """A descriptor by another name, of which only what it inherits from tells."""


class Column:
    """Keeps what it is given, as a mapped column does."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __set__(self, owner: object, value: object) -> None:
        vars(owner)[self.name] = value

    def __get__(self, owner: object, kind: type | None = None) -> object:
        return self if owner is None else vars(owner).get(self.name)


class Thing:
    """With attributes as a test says."""

    def __init__(self, **attributes: object) -> None:
        self.__dict__.update(attributes)

    @functools.cached_property
    def size(self) -> int:
        return 3

    cookies = CachedProperty("cookies")
    unit = LazyProperty("unit")
    setting = Setting("setting")
    column = Column("column")


def differs(before: Thing, after: Thing) -> bool:
    """Whether a result that was used is another thing than it was, and not only one that remembers."""
    return difference.compare(snapshot.take(before), snapshot.take(after)).difference is not None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"_cache": {}}, {"_cache": {1: 2}}, False),
        ({"memo": {}}, {"memo": {1: 2}}, False),
        ({"value": None}, {"value": 3}, True),
        ({"_value": None}, {"_value": 3}, False),
        ({}, {"_parsed": [1]}, False),
        ({}, {"size": 3}, False),
        ({}, {"cookies": 3}, False),
        ({"unit": 3}, {}, False),
        ({}, {"setting": 3}, False),
        ({"cookies": 2}, {"cookies": 3}, True),
        ({}, {"column": 3}, True),
        ({"items": [1]}, {"items": [1, 2]}, True),
        ({"memory": [1]}, {"memory": [1, 2]}, True),
        ({"value": 2}, {"value": 3}, True),
        ({}, {"public": 3}, True),
    ],
)
def test_what_is_filled_in_is_no_change(
    before: dict[str, object], after: dict[str, object], expected: bool
) -> None:
    assert differs(Thing(**copy.deepcopy(before)), Thing(**copy.deepcopy(after))) is expected


def test_containers_and_what_is_below() -> None:
    assert is_container(snapshot.take([1]).tree)
    assert is_container(snapshot.take({}).tree)
    assert not is_container(snapshot.take(Thing()).tree)
    assert not is_container(snapshot.take(1).tree)
    tree = snapshot.take([[1], {"a": [Thing(inner=[2])]}]).tree
    assert len([*all_below(tree)]) == 6
