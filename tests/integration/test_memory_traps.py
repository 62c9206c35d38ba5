"""Edits by which a test comes to call a function that it did not call: it is among those that are run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from hitrate.analysis.memory.recollection import recall
from hitrate.analysis.session import Kept
from hitrate.change.comparison import ChangedFile, Lines
from hitrate.change.discovery import changed_functions
from tests.integration.repositories import write
from tests.integration.test_memory_reach import COMMAND, listed, made, project

pytestmark = pytest.mark.slow

FUNCTIONS = "def f(n):\n    return sum(range(n))\n\n\ndef g(n):\n    return n\n"
IMPORTS = "from lib.a import f, g\n"
TEST = "from lib import m\n\n\ndef test_it():\n    assert m.run(3) == 3\n"
OTHERS = "import pytest\n\n\n@pytest.mark.parametrize('n', range(12))\ndef test_other(n):\n    pass\n"
IT = "tests/test_it.py"


@dataclass(frozen=True)
class Edit:
    """An edit of a small project, besides that of the function.

    Attributes:
        before: Files as memory knows them; the project has others too.
        after: Those that are others then, by their paths; None is gone, and what begins with ``->`` a link.
        options: Of pytest.
        everything: Why all tests are run; None where only this one is.
        test: The file of it.
    """

    before: Mapping[str, str]
    after: Mapping[str, str | None]
    options: str = ""
    everything: str | None = None
    test: str = IT


def run(value: str) -> str:
    """The function that the test calls."""
    return f"\n\ndef run(n):\n    return {value}\n"


def module(before: str, after: str) -> Edit:
    """An edit of the module that the test calls; each text is what stands in it."""
    return Edit({"lib/m.py": IMPORTS + before, "tests/test_it.py": TEST}, {"lib/m.py": IMPORTS + after})


def swapped(text: str) -> Edit:
    """An edit of the module in which the one function comes into the place of the other."""
    return module(text.replace("HOW", "g"), text.replace("HOW", "f"))


def data(
    body: str, before: Mapping[str, str], after: Mapping[str, str | None], everything: str | None = None
) -> Edit:
    """An edit of data that the module looks at."""
    files = {"lib/m.py": IMPORTS + body, "tests/test_it.py": TEST}
    return Edit({**files, **before}, after, everything=everything)


def other(text: str, **more: str) -> Edit:
    """The one function comes into the place of the other in another module."""
    files = {"tests/test_it.py": TEST, **{f"lib/{name}.py": each for name, each in more.items()}}
    before, after = (IMPORTS + text.replace("HOW", name) for name in "gf")
    return Edit({**files, "lib/v.py": before}, {"lib/v.py": after})


TESTS = "from lib.a import f\n\n\n{}def test_it():\n    assert f(3) == 3\n\n\ndef test_more():\n    pass\n"
CLASS = "from lib.a import f\n\n\nclass TestIt:\n{}    def test_it(self):\n        assert f(3) == 3\n"
FIXTURE = "import pytest\nfrom lib.a import f, g\n\n\n@pytest.fixture\ndef value():\n    return HOW(3)\n"
BASES = """

class A({0}):
    '''Is one.'''
    h = staticmethod(g)


class B({1}):
    '''Is one.'''
    h = staticmethod(f)


class W({2}):
    '''Is one.'''


def run(n):
    try:
        raise W
    except B:
        return W.h(n)
    except Exception:
        return n
"""
DATA_CLASS = "from dataclasses import dataclass\n\n\n@dataclass\nclass P:\n    x: int = 3\n"
EQUAL = "\n    def __eq__(self, other):\n        return bool(f(3))\n"
BASE = "\n\nclass A:\n    h = staticmethod(g)\n"
LAST = run("([*A.__subclasses__()] or [A])[-1]().h(n)")
DOCTEST = 'def run(n):\n    """\n    >>> from lib import v; v.how(3)\n    3\n    """\n'
EDITS = {
    "data that is read at import": data(
        "HOW = {'f': f, 'g': g}[open('lib/how.txt').read()]" + run("HOW(n)"),
        {"lib/how.txt": "g"},
        {"lib/how.txt": "f"},
    ),
    "source that is read at import": data(
        "SPACE = {}\nexec(open('lib/how.py').read(), SPACE)" + run("(f if SPACE['X'] else g)(n)"),
        {"lib/how.py": "X = 0\n"},
        {"lib/how.py": "X = 1\n"},
    ),
    "data of a package": data(
        "import pkgutil" + run("(f if pkgutil.get_data('lib', 'how.txt') == b'f' else g)(n)"),
        {"lib/how.txt": "g"},
        {"lib/how.txt": "f"},
    ),
    "data that is there": data(
        "import os" + run("(f if os.path.exists('lib/flag.txt') else g)(n)"), {}, {"lib/flag.txt": ""}
    ),
    "data whose name is put together": data(
        "from pathlib import Path" + run("(f if Path(f'lib/case_{n}.txt').is_file() else g)(n)"),
        {},
        {"lib/case_3.txt": ""},
    ),
    "data that is gone": data(
        "import os" + run("(g if os.path.exists('lib/flag.txt') else f)(n)"),
        {"lib/flag.txt": ""},
        {"lib/flag.txt": None},
    ),
    "data of another size": data(
        "import os\nFLAG = 'lib/flag.txt'" + run("(f if os.path.getsize(FLAG) else g)(n)"),
        {"lib/flag.txt": ""},
        {"lib/flag.txt": "1"},
    ),
    "a link": data(
        run("(f if open('lib/how.txt').read() == 'f' else g)(n)"),
        {"lib/one.txt": "g", "lib/two.txt": "f", "lib/how.txt": "->one.txt"},
        {"lib/how.txt": "->two.txt"},
        "lib/how.txt is a link, and another one",
    ),
    "compiled source": data(
        run("g(n)"),
        {"lib/_fast.pyx": "1"},
        {"lib/_fast.pyx": "2"},
        "lib/_fast.pyx may be compiled into what they test",
    ),
    "a test that its marker left out": Edit(
        {"tests/test_it.py": TESTS.format("@__import__('pytest').mark.skipped\n")},
        {"tests/test_it.py": TESTS.format("")},
        options="-m 'not skipped' -W ignore",
    ),
    "a class that was none of tests": Edit(
        {"tests/test_it.py": CLASS.format("    __test__ = False\n\n")},
        {"tests/test_it.py": CLASS.format("")},
    ),
    "a class that could not be collected": Edit(
        {"tests/test_it.py": CLASS.format("    def __init__(self):\n        pass\n\n")},
        {"tests/test_it.py": CLASS.format("")},
        options="-W ignore",
    ),
    "a fixture of the folder above": Edit(
        {
            "tests/conftest.py": FIXTURE.replace("HOW", "g"),
            "tests/test_it.py": "def test_it(value):\n    assert value\n",
        },
        {"tests/conftest.py": FIXTURE.replace("HOW", "f")},
    ),
    "a default": swapped("\n\ndef run(n, how=HOW):\n    return how(n)\n"),
    "an attribute of a class": swapped(
        "\n\nclass C:\n    how = staticmethod(HOW)\n" + run("C().how(n)"),
    ),
    "another base": module(
        BASES.format("Exception", "Exception", "A"), BASES.format("Exception", "Exception", "B")
    ),
    "a base of another one": module(BASES.format("Exception", "Exception", "A"), BASES.format("B", "A", "B")),
    "a subclass among others": module(BASE + LAST, f"{BASE}\n\nclass B(A):\n    h = staticmethod(f)\n{LAST}"),
    "a method of a data class": module(
        DATA_CLASS + run("n if P() == P() else 0"), DATA_CLASS + EQUAL + run("n if P() == P() else 0")
    ),
    "another function of the same name": module(
        "from lib.a import g as how" + run("how(n)"), "from lib.a import f as how" + run("how(n)")
    ),
    "names of the module": swapped("how_a = HOW\n" + run("globals()['how_' + 'a'](n)")),
    "names of a star import": other(
        "how_a = HOW\n", m="from lib.v import *" + run("globals()['how_' + 'a'](n)")
    ),
    "an attribute of a module that another file gives": other(
        "how_a = HOW\n",
        w="from lib import v\n\n\ndef give():\n    return v\n",
        m="from lib.w import give" + run("getattr(give(), 'how_' + 'a')(n)"),
    ),
    "an attribute of an instance that another file makes": other(
        "\n\nclass K:\n    how_a = staticmethod(HOW)\n\n\ndef make():\n    return K()\n",
        m="from lib.v import make" + run("getattr(make(), 'how_' + 'a')(n)"),
    ),
    "an attribute of a package": other(
        "how_a = HOW\n",
        __init__="from lib.v import how_a\n",
        m="import lib" + run("getattr(lib, 'how_' + 'a')(n)"),
    ),
    "a test in a docstring of another file": Edit(
        {"lib/v.py": f"{IMPORTS}how = g\n", "lib/m.py": DOCTEST},
        {"lib/v.py": f"{IMPORTS}how = f\n"},
        options="--doctest-modules",
        test="lib/m.py",
    ),
}


def differing(before: Mapping[str, str], after: Mapping[str, str | None]) -> frozenset[str]:
    """Files other than Python that are others."""
    return frozenset(path for path in after if not path.endswith(".py") and before.get(path) != after[path])


def laid_out(tree: Path, files: Mapping[str, str | None]) -> None:
    """Write files, make links, and take away what is gone."""
    links = {path: text[2:] for path, text in files.items() if text is not None and text.startswith("->")}
    write(tree, {path: text for path, text in files.items() if text is not None and path not in links})
    for path, text in files.items():
        if text is None or path in links:
            (tree / path).unlink(missing_ok=True)
    for path, target in links.items():
        (tree / path).symlink_to(target)


@pytest.mark.parametrize("name", EDITS)
def test_a_test_that_comes_to_call_the_function_is_run(name: str, tmp_path: Path) -> None:
    edit = EDITS[name]
    tree, command = tmp_path / "tree", f"{COMMAND} {edit.options}".strip()
    common = {"lib/__init__.py": "", "lib/a.py": FUNCTIONS, "conftest.py": "", "tests/test_other.py": OTHERS}
    laid_out(tree, {**common, **edit.before})
    memory = made(tmp_path, {}, command)
    laid_out(tree, {**edit.after, "lib/a.py": FUNCTIONS.replace("sum", "0 + sum")})
    changed = changed_functions(tree, [ChangedFile("lib/a.py", (Lines(2, 2),))]).functions
    others = differing(edit.before, edit.after)
    links = frozenset(path for path in others if (tree / path).is_symlink())
    found = recall(project(tree, command), Kept(memory, listed(tree), 0.0, others, links), changed)
    assert found.everything == edit.everything
    if edit.everything is None:
        assert edit.test in found.commands[0]
        assert "tests/test_other.py" not in found.commands[0]
