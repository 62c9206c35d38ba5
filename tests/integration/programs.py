"""Small programs with tests, and edits of them, made up by a seed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

LETTERS = "abc"
FUNCTIONS = 4
MOSTLY_OFF = (0, 0, 0, 2)
"""What decides about a call that is made or not, so that most edits make one more."""
SHORT, LONG = '"""Short."""', '"""Rather long."""'
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
        f"{folder}/data.txt": str(random.choice(MOSTLY_OFF)),
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
        f"from p{number}_{random.choice(eager)} import {random.choice(('K', 'L'))} as J" if eager else "J = 0"
    ]
    lines += [
        f"K = {random.choice(MOSTLY_OFF)}",
        "L = K",
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
    lines += ["def told():", f"    {LONG if random.choice(MOSTLY_OFF) else SHORT}", "    return 1", ""]
    lines += [f"def part(n={random.choice([*MOSTLY_OFF, 'K'])}):", "    return n", ""]
    lines += _switch(number, letter, eager, random)
    lines += ["class Kind:", f"    size = {random.choice(MOSTLY_OFF)}", "    def method(self):"]
    lines += [f"        return {_call(number, random, ''.join(eager), letter)}"]
    lines += [f"    def more(self, n={random.choice(MOSTLY_OFF)}):", "        return n", ""]
    lines += ["class Own(Kind):", "    pass", ""]
    if random.random() < 0.3:
        lines += [f"AT_IMPORT = {_call(number, random, ''.join(eager), letter)}"]
    return "\n".join(lines) + "\n"


def _function(number: int, letter: str, at: int, eager: list[str], random: Random) -> list[str]:
    lower = LETTERS[: LETTERS.index(letter)]
    cache = ["@functools.lru_cache"] if number % 5 == 3 else []  # where there are some, less can be asked for
    decorators = random.choice([[], [], [], [], cache, ["@hook"]])
    call = _call(number, random, "".join(eager), letter, at)
    lazy = random.choice(lower) if lower else None
    data = f"pathlib.Path(__file__).with_name('t{number}').joinpath('data.txt').read_text()"
    body = random.choice(
        [
            [f"return {random.randrange(9)}"],
            [f"return {call}"],
            *[[f"if K > 1: {call}", f"return {random.randrange(9)}"]] * 2,
            *[[f"if int({data}) > 0: {call}", "return 1"]] * 2,
            [f"def inner(): return {call}", "return inner()"],
            [f"import p{number}_{lazy}", f"return p{number}_{lazy}.f{at}()"] if lazy else ["return 2"],
        ]
    )
    return [*decorators, f"def f{at}():", *(f"    {line}" for line in body), ""]


def _switch(number: int, letter: str, eager: list[str], random: Random) -> list[str]:
    """A function that calls another one or not, by what stands somewhere else."""
    told = random.choice([*(f"p{number}_{each}.told" for each in eager), "told"])
    data = f"pathlib.Path(__file__).with_name('t{number}').joinpath('data.txt')"
    module = random.choice([f"p{number}_{each}." for each in eager] or [""])
    bound = [
        f"{module}K",
        f"{module}L",
        "L",
        "J",
        "part()",
        f"{module}part()",
        f"{module}Own().size",
        "Kind.size",
    ]
    bound += [
        "globals()['K']",
        "getattr(Kind(), 'si' + 'ze')",
        f"getattr({module}Own(), 'size')",
        "Own().more()",
    ]
    by = random.choice(
        [
            *["K > 1", f"int({data}.read_text())", f"len({told}.__doc__) > 9", "len(HOOKS) > 4"] * 2,
            *(f"{each} > 1" for each in random.sample(bound, 4)),
        ]
    )
    call = _call(number, random, "".join(eager), letter)
    return ["def switch():", f"    return {call} if {by} else 3", ""]


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
    by = f"p{number}_{random.choice(eager)}.{random.choice('KL')}"
    return random.choice(
        [
            [f"def {name}():", f"    {call}", ""],
            [f"def {name}():", f"    p{number}_{random.choice(eager)}.hooks()", ""],
            *[[f"def {name}():", f"    p{number}_{random.choice(eager)}.switch()", ""]] * 5,
            [f"def {name}(two):", f"    {call}", ""],
            [
                f"def {name}():",
                f"    import p{number}_{letter}",
                f"    p{number}_{letter}.Kind().method()",
                "",
            ],
            ["@pytest.mark.parametrize('n', range(2))", f"def {name}(n):", f"    n or {call}", ""],
            [f"@pytest.mark.parametrize('n', [{call}])", f"def {name}(n): pass", ""],
            *[[f"@pytest.mark.parametrize('n', range({by} + 1))", f"def {name}(n): {call}", ""]] * 2,
            *[[f"@pytest.mark.skipif(not {by}, reason='no')", f"def {name}(): {call}", ""]] * 2,
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
    EDITS[before.number % len(EDITS)](after, random)
    if random.random() < 0.2:  # not often, since one may hide what another one does
        random.choice(EDITS)(after, random)
    return after


def _tested(after: Program, random: Random) -> tuple[str, str]:
    """A module, and a function of it that a test may call itself."""
    calls = [
        call
        for path in after.suites
        for call in re.findall(r"\b(p\d+_\w)\.([fg]\d|switch)\(", after.files[path])
    ]
    module, function = random.choice(calls) if calls else (after.library[0].removesuffix(".py"), "f0")
    return f"{module}.py", function


def _value(after: Program, random: Random) -> None:
    """Another value in a body, or another call."""
    path, function = _tested(after, random)
    name = re.findall(r"import (p\d+_\w)", after.files[path])
    call = (
        f"{random.choice(name)}.f{random.randrange(FUNCTIONS)}()" if name and random.random() < 0.8 else "5"
    )
    head = f"def {function}():"
    after.files[path] = after.files[path].replace(head, f"{head}\n    {call}", 1)


def _constant(after: Program, random: Random) -> None:
    """Another value of what a name is bound to, or of a parameter; mostly one that decides about a call."""
    path, _ = _tested(after, random)
    path = random.choice([path, path, *after.library])
    name = random.choice(["K = ", "K = ", "    size = ", r"def part\(n=", r"def more\(self, n="])
    asked = [found for module in _switched(after) for found in _asked(module, after.files[module])]
    if asked and random.random() < 0.8:
        path, name = random.choice(asked)
    old = re.search(rf"(?m)^\s*{name}(\d)", after.files[path])
    value = 0 if old and int(old[1]) > 1 else 2
    after.files[path] = re.sub(rf"(?m)^(\s*{name})\d", rf"\g<1>{value}", after.files[path])


def _switched(after: Program) -> list[str]:
    """Modules of which tests call the switch."""
    return [
        f"{module}.py"
        for suite in after.suites
        for module in re.findall(r"(p\d+_\w)\.switch\(", after.files[suite])
    ]


def _asked(path: str, text: str) -> list[tuple[str, str]]:
    """By what a switch calls another function or not: the file, and what stands there before the value."""
    found = re.search(r"return .* if (?:getattr\()?(?:(p\d+_\w)\.)?(.*) > 1 else 3", text)
    if found is None:
        return []
    place = f"{found[1]}.py" if found[1] else path
    if found[2] == "J":
        source = re.search(r"from (\w+) import", text)
        return [(f"{source[1]}.py", "K = ")] if source else []
    names = {"K": "K = ", "L": "K = ", "globals()['K']": "K = ", "part()": r"def part\(n="}
    names["Own().more()"] = r"def more\(self, n="
    return [(place, names.get(found[2], "    size = "))]


def _bound_anew(after: Program, random: Random) -> None:
    """A name that a module had from elsewhere, or did not have at all."""
    path, _ = _tested(after, random)
    new = random.choice(["J = 2", "L = J", "from functools import wraps as J", "K, L = 2, 2"])
    name = new.partition(" ")[0].rstrip(",") if "import" not in new else "J"
    lines = after.files[path].splitlines()
    at = next(
        at for at, line in enumerate(lines) if re.match(rf"{name} = |from \w+ import \w as {name}$", line)
    )
    lines[at] = new if "import" not in new else f"{new}; J = 2"
    if "K, L" in new:
        lines.remove("L = K")
    after.files[path] = "\n".join(lines) + "\n"


def _done_at_import(after: Program, random: Random) -> None:
    """A statement that does more than to bind a name."""
    path, function = _tested(after, random)
    new = random.choice(["if True:\n    K = 2", f"HOOKS += [{function}] * 5", f"HOOKS += [{function}] * 5"])
    after.files[path] += f"{new}\n"


def _overridden(after: Program, random: Random) -> None:
    """A class gets a method, or another attribute, of its own."""
    path, _ = _tested(after, random)
    new = random.choice(["size = 2", "def more(self, n=2): return n", "def __len__(self): return 3"])
    after.files[path] = after.files[path].replace(
        "class Own(Kind):\n    pass", f"class Own(Kind):\n    {new}"
    )


def _data(after: Program, random: Random) -> None:
    path = f"t{after.number}/data.txt"
    after.files[path] = "0" if int(after.files[path]) else str(random.randint(1, 2))


def _new_import(after: Program, random: Random) -> None:
    """A function that imports, when it is called, a module that its own may not have imported so far."""
    path, function = _tested(after, random)
    lower = [each.removesuffix(".py") for each in after.library if each < path]
    if lower:
        module, head = random.choice(lower), f"def {function}():"
        call = f"\n    import {module}\n    {module}.f{random.randrange(FUNCTIONS)}()"
        after.files[path] = after.files[path].replace(head, f"{head}{call}", 1)


def _documented(after: Program, random: Random) -> None:
    """Other docstrings, which functions may read."""
    other = {SHORT: LONG, LONG: SHORT}
    for path in after.library:
        pattern = "|".join(map(re.escape, other))
        after.files[path] = re.sub(pattern, lambda found: other[found[0]], after.files[path])


def _new_test(after: Program, random: Random) -> None:
    """A new test of an old function."""
    suite, name = random.choice(after.suites), random.choice(after.library).removesuffix(".py")
    call = f"__import__('{name}').f{random.randrange(FUNCTIONS)}()"
    after.files[suite] += f"def test_more():\n    {call}\n"


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
    module = re.findall(r"import (p\d+_\w)", after.files[path])[0]
    edits = [("    yield ", f"    yield {module}.f{random.randrange(FUNCTIONS)}() or ")] * 4
    old, new = random.choice(
        [*edits, ("    yield ", "    yield 1 and "), ("scope='", "autouse=True, scope='")]
    )
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
    *(_value, _constant, _data, _new_import, _documented, _fixture, _new_test, _renamed, _new_function),
    *(_value, _constant, _data, _new_import, _documented, _fixture, _new_module, _new_suite, _skipped),
    *(_value, _constant, _data, _new_import, _documented, _fixture, _test_changed, _test_gone, _comment),
    *(_constant, _bound_anew, _overridden, _done_at_import, _done_at_import),
    *(_done_at_import, _done_at_import, _bound_anew, _constant),
    *(_documented, _fixture, _new_test, _documented, _fixture, _new_test, _documented),
)
