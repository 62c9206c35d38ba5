"""Functions and their caches put in each other's place, under every CPython that is there."""

import subprocess
from pathlib import Path

import pytest

from tests.integration.interpreters import INTERPRETERS

pytestmark = pytest.mark.slow

SWITCH = Path(__file__).parents[2] / "src/hitrate/probe/passes/switch.py"
HELD = {
    "partial": "import functools\nHELD = functools.partial(f, 1)",
    "tuple": "HELD = (f, f)",
    "default": "def g(call=f):\n    return call(1)",
    "bound method": "class A:\n    pass\nA.f = f\nHELD = A().f",
    "set": "HELD = {f}",
    "key": "HELD = {f: 1}",
    "iterator": "HELD = map(f, [1])",
    "generator": "def g(h):\n    yield h(1)\n    yield h(2)\nHELD = g(f)\nnext(HELD)",
    "property": "class A:\n    f = property(f)",
    "slot": "class A:\n    __slots__ = ('f',)\nHELD = A()\nHELD.f = f",
    "exit": "import atexit\natexit.register(f, 1)",
    "subclass": "class S(staticmethod):\n    pass\nclass A:\n    f = S(f)",
}
FINE = {
    "alone": "",
    "closure": "def g():\n    h = f\n    return lambda number: h(number)\nLOOK = g()",
    "wraps": "import functools\n@functools.wraps(f)\ndef LOOK(number):\n    return LOOK.__wrapped__(number)",
    "module": "import sys, types\nM = types.ModuleType('m')\nM.f = f\nLOOK = lambda number: M.f(number)",
    "static": "class A:\n    f = staticmethod(f)\nclass B(A):\n    pass\nLOOK = lambda number: B().f(number)",
    "class": "class A:\n    f = classmethod(lambda cls, n: f(n))\nLOOK = lambda number: A.f(number)",
    "method": "class A:\n    def __hash__(self):\n        return 1\n    def __eq__(self, other):\n"
    "        return 1\nA.f = f2\nLOOK = lambda number: A().f(number)",
    "meta": "class T(type):\n    def __setattr__(self, name, value):\n        raise TypeError\n"
    "class A(metaclass=T):\n    g = staticmethod(f)\nLOOK = lambda number: A.g(number)",
    "enum": "import enum\nclass E(enum.Enum):\n    A = 1\n    g = staticmethod(f)\nLOOK = lambda n: E.g(n)",
    "ordered": "import collections\nH = collections.OrderedDict(a=f)\nLOOK = lambda number: H['a'](number)",
    "list": "H = [f, f]\nLOOK = lambda number: H[1](number)",
    "weakly": "import weakref\nHELD = sys.version_info < (3, 9) or weakref.ref(f)",
    "last exception": "import sys\ndef g(h):\n    kept = h\n    raise ValueError\n"
    "try:\n    g(f)\nexcept ValueError as e:\n    sys.last_value, sys.last_traceback = e, e.__traceback__\n",
}
BEGIN = """
import gc, importlib.util, sys
spec = importlib.util.spec_from_file_location("switch", {switch!r})
switch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(switch)
RAN = []
def f(number):
    RAN.append(number)
    return number
f = switch.add(f, 0, 128, False, {lifted})
def f2(self, number):
    return f(number)
LOOK = lambda number: f(number)
"""
SWITCHED = """
for on in (False, True, False, False, True, True):
    switch.turn(on)
    switch.empty({})
    RAN.clear()
    assert [LOOK(1), LOOK(1), LOOK(2)] == [1, 1, 2]
    assert RAN == ([1, 2] if on else [1, 1, 2]), (on, RAN)
    assert switch.counts(1) == ([(1, 2)] if on else [(0, 0)])
"""
REFUSED = """
gc.collect()
try:
    switch.turn(False)
except switch.HeldError as error:
    assert str(error)
else:
    raise AssertionError("not refused")
assert [f(1), f(1)] == [1, 1] and RAN.count(1) <= 1
"""


def run(interpreter: str, tmp_path: Path, cases: dict[str, str], end: str, lifted: bool = False) -> None:
    for number, (name, text) in enumerate(cases.items()):
        script = tmp_path / f"case{number}.py"
        script.write_text(BEGIN.format(switch=str(SWITCH), lifted=lifted) + text + "\n" + end)
        done = subprocess.run([interpreter, "-I", str(script)], capture_output=True, text=True, check=False)
        assert not done.returncode, f"{name}: {done.stderr}"


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_what_can_hold_another_is_switched(interpreter, tmp_path):
    run(interpreter, tmp_path, FINE, SWITCHED)


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_what_cannot_is_refused_and_nothing_is_changed(interpreter, tmp_path):
    run(interpreter, tmp_path, HELD, REFUSED)


def test_a_lifted_cache_is_switched_like_a_function(tmp_path):
    run(INTERPRETERS[0], tmp_path, FINE, SWITCHED, lifted=True)
    run(INTERPRETERS[0], tmp_path, HELD, REFUSED, lifted=True)
