"""What source alone suggests."""

import ast
import textwrap

import pytest

from hitrate.hazards.sentences import doubt_sentence, warning_sentence
from hitrate.source import purity
from hitrate.source.doubt import Topic


def found(text: str, name: str = "f") -> dict[Topic, str]:
    module = ast.parse(textwrap.dedent(text))
    functions = [node for node in ast.walk(module) if isinstance(node, purity.Def) and node.name == name]
    return {
        each.topic: warning_sentence(each) for each in purity.suspicions(functions[-1], purity.Scene(module))
    }


@pytest.mark.parametrize(
    ("source", "topic"),
    [
        ("import os\ndef f(p): return os.path.abspath(p)", Topic.CWD),
        ("from os import getcwd as here\ndef f(p): return here() + p", Topic.CWD),
        ("from pathlib import Path\ndef f(p): return Path(p).resolve()", Topic.CWD),
        ("import pathlib as pl\ndef f(p): return pl.Path.cwd() / p", Topic.CWD),
        ("import os.path\ndef f(p):\n  if p:\n    return os.path.realpath(p)", Topic.CWD),
        ("import datetime as dt\ndef f(y): return dt.datetime.now().year - y", Topic.CLOCK),
        ("from datetime import date\ndef f(y): return date.today().year - y", Topic.CLOCK),
        ("import time\ndef f(): return time.localtime()", Topic.CLOCK),
        ("def f(x):\n  import random\n  return random.choice(x)", Topic.RANDOM),
        ("from uuid import uuid4\ndef f(x): return f'{x}-{uuid4()}'", Topic.RANDOM),
        ("import os\ndef f(n): return os.environ[n]", Topic.ENVIRONMENT),
        ("import os\ndef f(n): return os.environ.get(n)", Topic.ENVIRONMENT),
        ("from os import environ\nimport os\ndef f(n): return os.getenv(n)", Topic.ENVIRONMENT),
        ("def f(n):\n  with open(n) as s: return s.read()", Topic.FILE),
        ("import os\ndef f(n): return os.path.exists(n)", Topic.FILE),
        ("import locale\ndef f(n): return locale.localeconv()[n]", Topic.LOCALE),
        ("def f(n): print(n)", Topic.OUTPUT),
        ("TABLE = {}\ndef add(k): TABLE[k] = 1\ndef f(k): return TABLE.get(k)", Topic.GLOBAL),
        ("RATE = 1\ndef change():\n  global RATE\n  RATE = 2\ndef f(n): return n * RATE", Topic.GLOBAL),
        (
            "NAMES = []\nclass A:\n  def add(self, n): NAMES.append(n)\ndef f(n): return n in NAMES",
            Topic.GLOBAL,
        ),
        ("class A:\n  def g(self): self.x = 1\n  def f(self, n): return self.x + n", Topic.STATE),
        (
            "class A:\n  def add(self, n): self.x.append(n)\n  def f(self, n): return sum(self.x) + n",
            Topic.GROWN,
        ),
        (
            "class A:\n  def __setitem__(self, k, n): self.x[k] = n\n  def f(self, n): return self.x[n]",
            Topic.GROWN,
        ),
        ("import numpy as np\ndef f(n): return np.random.standard_normal(n)", Topic.RANDOM),
        ("import torch\ndef f(n): return torch.randn(n)", Topic.RANDOM),
        ("def f(n): return (x for x in n)", Topic.ONE_SHOT),
        ("def f(n): return map(int, n)", Topic.ONE_SHOT),
        ("def f(n): return [n]", Topic.SHARED),
        ("def f(n): return {a: n for a in n}", Topic.SHARED),
        ("import click\n@click.command()\ndef f(n): return n", Topic.DECORATOR),
    ],
)
def test_suspected(source: str, topic: Topic) -> None:
    assert topic in found(source)


@pytest.mark.parametrize(
    "source",
    [
        "import time\ndef f(t): return time.localtime(t)",
        "import random\ndef f(seed): return random.Random(seed).random()",
        "MEMO = {}\ndef f(k):\n  if k not in MEMO: MEMO[k] = k * 2\n  return MEMO[k]",
        "TABLE = {'a': 1}\ndef f(k): return TABLE[k]",
        "TABLE = {}\ndef add(k): TABLE[k] = 1\ndef f(TABLE, k): return TABLE.get(k)",
        "class A:\n  def __init__(self): self.x = 1\n  def f(self, n): return self.x + n",
        "import dns\ndef f(n): return dns.name(n).resolve()",
        "def f(n):\n  def inner(): return [n]\n  return inner",
        "def f(n): return sum(x for x in n)",
        "import datetime\ndef f(n): return datetime.datetime.fromisoformat(n)",
        "def open(n): return n\n",
    ],
)
def test_not_suspected(source: str) -> None:
    assert found(source, "open" if "def open" in source else "f") == {}


def test_through_functions_of_the_module() -> None:
    text = """
        import os
        def deepest(path): return os.getcwd() + path
        def deeper(path): return deepest(path)
        class Files:
            @classmethod
            def strip(cls, path): return deeper(path)
            def f(self, path): return self.strip(path)
    """
    assert found(text) == {Topic.CWD: "reads the current directory (os.getcwd) through Files.strip"}
    assert found(text, "deeper") == {Topic.CWD: "reads the current directory (os.getcwd) through deepest"}


def test_recursion_ends() -> None:
    text = "import time\ndef g(n): return f(n)\ndef f(n): return g(n) or time.time()"
    assert found(text) == {Topic.CLOCK: "reads the clock (time.time)"}


def test_only_what_no_test_can_clear_is_a_doubt() -> None:
    module = ast.parse("import os\ndef f(n):\n  print(n)\n  return os.getenv(n) or os.getcwd()\n")
    function = module.body[1]
    assert isinstance(function, ast.FunctionDef)
    suspected = purity.suspicions(function, purity.Scene(module))
    assert {each.topic for each in suspected} == {Topic.OUTPUT, Topic.ENVIRONMENT, Topic.CWD}
    (doubt,) = purity.doubts(suspected)
    assert doubt_sentence(doubt) == "it reads the current directory (os.getcwd) (line 4)"
