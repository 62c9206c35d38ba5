import functools
from dataclasses import dataclass
from fractions import Fraction
@dataclass(frozen=True)
class Doc:
    lines: tuple
@functools.lru_cache(maxsize=None)
def big_tuple(rows):
    return rows[0]
@functools.lru_cache(maxsize=None)
def dataclass_key(doc):
    return len(doc.lines)
class Money:
    def __init__(self, cents):
        self.cents = cents
    def __hash__(self):
        return hash(str(sorted(str(self.cents * i) for i in range(60))))
    def __eq__(self, other):
        return str(self.cents) == str(other.cents)
@functools.lru_cache(maxsize=None)
def fraction_key(money):
    return money.cents * 2
class Node:
    def __init__(self, kids):
        self.kids = kids
    def __hash__(self):
        return hash(tuple(self.kids)) ^ 7
    def __eq__(self, other):
        return self.kids == other.kids
@functools.lru_cache(maxsize=None)
def deep_frozen(node):
    return len(node.kids)
