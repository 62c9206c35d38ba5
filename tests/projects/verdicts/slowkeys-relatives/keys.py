import dataclasses
import functools
import pathlib


class Molecule:
    def __init__(self, bonds):
        self.bonds = bonds

    def __hash__(self):
        value = 0
        for left, right in self.bonds * 40:
            value = value * 31 + hash((left, right)) & 0xFFFFFFFF
        return value

    def __eq__(self, other):
        return self.bonds == other.bonds


@functools.lru_cache(maxsize=128)
def atoms(molecule):
    return len(molecule.bonds)


@functools.lru_cache(maxsize=None)
def head(table):
    return table[0][0]


@dataclasses.dataclass(frozen=True)
class Page:
    title: str
    words: tuple


@functools.lru_cache(maxsize=64)
def heading(page):
    return page.title.upper()


class Place:
    """Equal if the same once resolved."""

    def __init__(self, path):
        self.path = path

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self._real() == other._real()

    def _real(self):
        return [part for part in pathlib.PurePosixPath(self.path).parts if part != "."]


@functools.lru_cache(maxsize=None)
def suffix(place):
    return place.path.rpartition(".")[2]


@functools.lru_cache(maxsize=16)
def odd(number):
    return number & 1


@functools.cache
def empty(numbers):
    return not numbers
