import weakref


def _work(rounds=25000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


class Tree:
    def __init__(self, name, below=()):
        self.name = name
        self.below = below


def tree(name):
    return Tree(name, (Tree(name + "s" * (_work() * 0)),))


def names(node, seen=None):
    """Numbers keep it from going round."""
    seen = set() if seen is None else seen
    if id(node) in seen:
        return []
    seen.add(id(node))
    return [node.name, *(name for each in node.below for name in names(each, seen))]


class Text:
    def __init__(self, words):
        self.words = words


_lengths = weakref.WeakKeyDictionary()


def text(source):
    return Text(tuple(source.split()) * (1 + _work() * 0))


def length(one):
    """A memo."""
    if one not in _lengths:
        _lengths[one] = sum(map(len, one.words))
    return _lengths[one]


class Grammar:
    def __init__(self, rules):
        self.rules = rules


def grammar(source):
    return Grammar(tuple(source) * (1 + _work() * 0))
