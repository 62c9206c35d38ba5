"""Small programs with tests, and edits of them, made up by a seed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

LETTERS = "abc"
FUNCTIONS = 4
SCOPES = ("function", "class", "module", "session")


@dataclass
class Program:
    """Files of one program; no other program in the same tree uses any of them.

    Attributes:
        number: Which program it is.
        files: Text by path.
    """

    number: int
    files: dict[str, str]

    @property
    def library(self) -> list[str]:
        """Paths of the modules that are no tests."""
        return sorted(path for path in self.files if path.startswith("p") and path.endswith(".py"))

    @property
    def suites(self) -> list[str]:
        """Paths of the files of tests."""
        return sorted(path for path in self.files if "/test_" in path)


def program(number: int, random: Random) -> Program:
    """A program of three modules and two files of tests."""
    files = {f"p{number}_{letter}.py": _module(number, letter, random) for letter in LETTERS}
    folder = f"t{number}"
    files |= {
        f"{folder}/data.txt": str(random.randrange(3)),
        f"{folder}/conftest.py": _conftest(number, random),
        f"{folder}/test_{number}_x.py": _suite(number, random),
        f"{folder}/test_{number}_y.py": _suite(number, random),
    }
    return Program(number, files)


def _call(number: int, random: Random, letters: str = LETTERS, own: str = "", below: int = FUNCTIONS) -> str:
    """A call of some function; of the module ``own`` only one of the first ``below``."""
    choices = [f"p{number}_{letter}.f{at}()" for letter in letters for at in range(FUNCTIONS)]
    choices += [f"f{at}()" for at in range(below)] if own else []
    return random.choice(choices) if choices else "0"


def _module(number: int, letter: str, random: Random) -> str:
    lower = LETTERS[: LETTERS.index(letter)]
    eager = [each for each in lower if random.random() < 0.7]
    lines = ["import functools", "import pathlib", *(f"import p{number}_{each}" for each in eager)]
    lines += [
        f"K = {random.randrange(3)}",
        "HOOKS = []",
        "",
        "def hook(f):",
        "    HOOKS.append(f)",
        "    return f",
        "",
    ]
    for at in range(FUNCTIONS):
        lines += _function(number, letter, at, eager, random)
    lines += ["def hooks():", "    return [each() for each in HOOKS]", ""]
    lines += ["class Kind:", f"    size = {random.randrange(3)}", "    def method(self):"]
    lines += [f"        return {_call(number, random, ''.join(eager), letter)}", ""]
    if random.random() < 0.3:
        lines += [f"AT_IMPORT = {_call(number, random, ''.join(eager), letter)}"]
    return "\n".join(lines) + "\n"


def _function(number: int, letter: str, at: int, eager: list[str], random: Random) -> list[str]:
    lower = LETTERS[: LETTERS.index(letter)]
    decorators = random.choice([[], [], [], ["@functools.lru_cache"], ["@hook"]])
    call = _call(number, random, "".join(eager), letter, at)
    lazy = random.choice(lower) if lower else None
    data = f"pathlib.Path(__file__).with_name('t{number}').joinpath('data.txt').read_text()"
    body = random.choice(
        [
            [f"return {random.randrange(9)}"],
            [f"return {call}"],
            [f"if K > 1: {call}", f"return {random.randrange(9)}"],
            [f"if int({data}) > 0: {call}", "return 1"],
            [f"def inner(): return {call}", "return inner()"],
            [f"import p{number}_{lazy}", f"return p{number}_{lazy}.f{at}()"] if lazy else ["return 2"],
        ]
    )
    return [*decorators, f"def f{at}():", *(f"    {line}" for line in body), ""]


def _conftest(number: int, random: Random) -> str:
    letter = random.choice(LETTERS)
    lines = ["import pytest", f"import p{number}_{letter}", ""]
    for name in ("one", "two"):
        scope = random.choice(SCOPES)
        lines += [f"@pytest.fixture(scope='{scope}')", f"def {name}():"]
        lines += [f"    yield {_call(number, random, letter)}", f"    {_call(number, random, letter)}", ""]
    return "\n".join(lines) + "\n"


def _suite(number: int, random: Random) -> str:
    eager = sorted(random.sample(LETTERS, random.randint(1, 2)))
    lines = ["import threading", "import unittest", "import pytest"]
    lines += [*(f"import p{number}_{each}" for each in eager), ""]
    for at in range(random.randint(2, 4)):
        lines += _test(number, f"test_{at}", "".join(eager), random)
    call = _call(number, random, "".join(eager))
    lines += [
        "class TestIt:",
        f"    def setup_method(self): {call}",
        "    def test_in(self, one): assert 1",
        "",
    ]
    lines += ["class TestCase(unittest.TestCase):", "    @classmethod", "    def setUpClass(cls):"]
    lines += [f"        {call}", "    def test_case(self): assert True", ""]
    return "\n".join(lines) + "\n"


def _test(number: int, name: str, eager: str, random: Random) -> list[str]:
    call = _call(number, random, eager)
    letter = random.choice(LETTERS)
    return random.choice(
        [
            [f"def {name}():", f"    {call}", ""],
            [f"def {name}():", f"    p{number}_{random.choice(eager)}.hooks()", ""],
            [f"def {name}(two):", f"    {call}", ""],
            [
                f"def {name}():",
                f"    import p{number}_{letter}",
                f"    p{number}_{letter}.Kind().method()",
                "",
            ],
            ["@pytest.mark.parametrize('n', range(2))", f"def {name}(n):", f"    n or {call}", ""],
            [f"@pytest.mark.parametrize('n', [{call}])", f"def {name}(n): pass", ""],
            [
                f"def {name}():",
                f"    thread = threading.Thread(target=lambda: {call})",
                "    thread.start()",
                "    thread.join()",
                "",
            ],
        ]
    )


def edited(before: Program, random: Random) -> Program:
    """The program after some edits."""
    after = Program(before.number, dict(before.files))
    for edit in random.choices(EDITS, k=random.randint(1, 3)):
        edit(after, random)
    return after


def _value(after: Program, random: Random) -> None:
    """Another value in a body, or another call."""
    path = random.choice(after.library)
    lines = after.files[path].split("\n")
    bodies = [at for at, line in enumerate(lines) if line.startswith("    return ")]
    at = random.choice(bodies)
    name = re.findall(r"import (p\d+_\w)", after.files[path])
    call = (
        f"{random.choice(name)}.f{random.randrange(FUNCTIONS)}()" if name and random.random() < 0.7 else "5"
    )
    lines[at] = f"    return {call} or 7"
    after.files[path] = "\n".join(lines)


def _constant(after: Program, random: Random) -> None:
    path = random.choice(after.library)
    name = random.choice(["K", "    size"])
    after.files[path] = re.sub(rf"(?m)^{name} = \d", f"{name} = {random.randrange(3)}", after.files[path])


def _data(after: Program, random: Random) -> None:
    after.files[f"t{after.number}/data.txt"] = str(random.randrange(3))


def _renamed(after: Program, random: Random) -> None:
    """A function under another name, everywhere."""
    at, letter = random.randrange(FUNCTIONS), random.choice(LETTERS)
    module = f"p{after.number}_{letter}"
    for path, text in after.files.items():
        found = re.sub(rf"\b{module}\.f{at}\b", f"{module}.g{at}", text)
        after.files[path] = re.sub(rf"(?<!\.)\bf{at}\b", f"g{at}", found) if path == f"{module}.py" else found
    if f"def g{at}" not in after.files[f"{module}.py"]:
        return
    after.files[f"{module}.py"] += f"f{at} = g{at}\n"  # others may still have it by its old name


def _new_function(after: Program, random: Random) -> None:
    """A new function that an old one calls, or only a new test."""
    path = random.choice(after.library)
    after.files[path] = after.files[path].replace(
        "HOOKS = []", "HOOKS = []\n\ndef fresh():\n    return 3\n", 1
    )
    if random.random() < 0.5:
        after.files[path] = after.files[path].replace("    return ", "    fresh()\n    return ", 1)
    suite = random.choice(after.suites)
    name = path.removesuffix(".py")
    after.files[suite] += f"def test_fresh():\n    import {name}\n    {name}.fresh()\n"


def _new_module(after: Program, random: Random) -> None:
    path = random.choice(after.library)
    after.files[f"p{after.number}_new.py"] = "def newest():\n    return 4\n"
    line = f"import p{after.number}_new\n"
    after.files[path] = line + after.files[path].replace(
        "    return ", f"    p{after.number}_new.newest()\n    return ", 1
    )


def _new_suite(after: Program, random: Random) -> None:
    name = random.choice(after.library).removesuffix(".py")
    path = f"t{after.number}/test_{after.number}_new.py"
    after.files[path] = f"import {name}\n\n\ndef test_new():\n    {name}.f{random.randrange(FUNCTIONS)}()\n"


def _fixture(after: Program, random: Random) -> None:
    path = f"t{after.number}/conftest.py"
    old = "    yield " if random.random() < 0.7 else "scope='"
    new = "    yield 1 and " if old.startswith(" ") else "autouse=True, scope='"
    after.files[path] = after.files[path].replace(old, new, 1)


def _test_changed(after: Program, random: Random) -> None:
    suite, name = random.choice(after.suites), random.choice(after.library).removesuffix(".py")
    call = f"__import__('{name}').f{random.randrange(FUNCTIONS)}()"
    old = random.choice(["    def test_in(self, one): assert 1", "    def test_case(self): assert True"])
    after.files[suite] = after.files[suite].replace(old, old.replace("assert", f"{call}; assert"))


def _test_gone(after: Program, random: Random) -> None:
    suite = random.choice(after.suites)
    after.files[suite] = after.files[suite].replace("    def test_in(self, one): assert 1\n", "", 1)


def _skipped(after: Program, random: Random) -> None:
    suite = random.choice(after.suites)
    mark = "@pytest.mark.parametrize('m', [1, 2])\ndef test_0("
    after.files[suite] = (
        after.files[suite].replace("def test_0()", f"{mark}m)").replace("def test_0(two)", f"{mark}m)")
    )


def _comment(after: Program, random: Random) -> None:
    path = random.choice(after.library)
    after.files[path] = "# only lines move\n" + after.files[path]


EDITS: tuple[Callable[[Program, Random], None], ...] = (
    *(_value, _value, _value, _constant, _data, _renamed, _new_function, _new_module, _new_suite, _fixture),
    *(_test_changed, _test_gone, _skipped, _comment),
)
