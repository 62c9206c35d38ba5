"""Nothing is left out on the way through a tree but what says how another node is used."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from hitrate.memory.nodes import nodes, statements

HERE = Path(__file__)
ALL = """
try:
    with a as b:
        for c in d:
            class A:
                def f(self, n=lambda: 1): yield n
        else: x = 1
except* E:
    match m:
        case {"a": K(b=1), **rest}: y = 2
else:
    while True: z = 3
finally:
    async def g(): await h
"""
USES = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)


@pytest.mark.parametrize("text", [ALL, HERE.read_text(), "", "x = -1 + 2 < 3 and 4"])
def test_all_nodes_and_all_statements_are_met(text: str) -> None:
    tree = ast.parse(text)
    known = [each for each in ast.walk(tree) if not isinstance(each, USES)]
    found = [each for each in nodes(tree) if not isinstance(each, USES)]
    assert Counter(map(id, found)) == Counter(map(id, known))
    assert Counter(map(id, statements(tree))) == Counter(
        id(each) for each in known if isinstance(each, ast.stmt)
    )
