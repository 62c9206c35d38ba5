import weakref

import kept


def test_names():
    for _ in range(40):
        assert kept.names(kept.tree("a")) == ["a", "a"]


def test_length():
    for _ in range(40):
        assert kept.length(kept.text("so it is")) == 6


def test_grammar():
    for _ in range(40):
        one = kept.grammar("ab")
        assert weakref.ref(one)().rules == ("a", "b")
