"""Which tests a change reaches, by what a real run of pytest noted: never is one left out that would."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from hitrate.analysis.memory.recollection import recall
from hitrate.analysis.memory.remembering import Moment, circumstances, remember
from hitrate.analysis.session import Kept, Project
from hitrate.change.comparison import Change
from hitrate.change.discovery import Selection
from hitrate.memory.model import Memory, Piece
from hitrate.memory.reachlog import IncompleteError
from hitrate.memory.selection import ChosenTests, Wanted, choose
from hitrate.memory.sources import digests_of, imports_of
from hitrate.progress.progress import Silent
from hitrate.testrun.run import Suite
from tests.integration.repositories import write

COMMAND = "python -m pytest -q -p no:cacheprovider"

FILES = {
    "lib/__init__.py": "",
    "lib/a.py": """
import functools
from lib import b

LIMIT = 3


def plain(n, most=LIMIT):
    return n + b.add(1)


@functools.lru_cache
def kept(n):
    return n * 2


def unused():
    return 1


class Kind:
    def method(self):
        return plain(3)

    @property
    def value(self):
        return [each for each in self.each()][0]

    def each(self):
        yield 7


def threaded(into):
    into.append(5)


def closing():
    return 4
""",
    "lib/b.py": """
def add(n):
    return n


TABLE = [add(i) for i in range(3)]


def lazily():
    import lib.c
    return lib.c.value()
""",
    "lib/c.py": "from lib.b import add\nX = add(2)\n\n\ndef value():\n    return X\n",
    "lib/alone.py": "def alone():\n    return 8\n\n\nSIZE = 1\n",
    "data/read.json": '{"a": 1}',
    "data/other.json": "{}",
    "tests/conftest.py": """
import pytest
from lib import a


@pytest.fixture(scope="session")
def session_wide():
    return a.plain(1)


@pytest.fixture(params=[1, 2], scope="module")
def closed(request):
    yield request.param
    a.closing()


@pytest.fixture
def own():
    return a.Kind().method()
""",
    "tests/test_a.py": """
import json
import os
import pathlib
import threading

import pytest

from lib import a, b

DATA = pathlib.Path(__file__).parents[1] / "data"


def test_plain():
    assert a.plain(1) == 2


def test_first():
    assert a.kept(2) == 4


def test_second():
    assert a.kept(2) == 4


def test_own(own):
    assert own == 4


def test_value():
    assert a.Kind().value == 7


def test_lazy():
    assert b.lazily() == 2


def test_data():
    assert json.loads((DATA / "read.json").read_text())


def test_folder():
    assert len(os.listdir(DATA)) == 2


@pytest.mark.parametrize("n", [1, 2, "x::y"])
def test_each(n):
    assert n


def test_thread():
    into = []
    thread = threading.Thread(target=a.threaded, args=(into,))
    thread.start()
    thread.join()
    assert into == [5]


def test_nothing():
    pass
""",
    "tests/test_fixtures.py": """
def test_wide(session_wide):
    assert session_wide == 2


def test_wide_again(session_wide):
    assert session_wide == 2


def test_closed(closed):
    assert closed


def test_closed_too(closed):
    assert closed
""",
    "tests/test_alone.py": """
import unittest

from lib import alone


class TestAlone(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.eight = alone.alone()

    def test_it(self):
        self.assertEqual(self.eight, 8)

    def test_parts(self):
        for n in range(2):
            with self.subTest(n=n):
                self.assertTrue(True)


class TestSize(unittest.TestCase):
    def test_size(self):
        self.assertEqual(alone.SIZE, 1)
""",
    "tests/test_process.py": """
import subprocess
import sys


def test_process():
    assert subprocess.run([sys.executable, "-c", "from lib import alone; alone.alone()"]).returncode == 0


def test_no_process():
    pass
""",
}


def project(tree: Path, command: str = COMMAND, **environment: str) -> Project:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    suite = Suite(command, tree, {"PATH": path, "HOME": str(tree.parent), **environment})
    return Project(tree, suite, None, Change(None, None), Selection(()))


def listed(tree: Path) -> frozenset[str]:
    return frozenset(
        path.relative_to(tree).as_posix()
        for path in tree.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def made(root: Path, files: Mapping[str, str], command: str = COMMAND) -> Memory:
    """What a run of all tests in a new tree reached."""
    write(root / "tree", files)
    scratch = root / "scratch"
    scratch.mkdir()
    told = project(root / "tree", command)
    return remember(told, listed(told.tree), Moment("1" * 40, 1_700_000_000), scratch, Silent())


@pytest.fixture(scope="module", params=["", " -n 2"], ids=["one process", "xdist"])
def memory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Memory:
    return made(tmp_path_factory.mktemp("memory"), FILES, COMMAND + request.param)


def chosen(memory: Memory, tree: Path, files: Mapping[str, str | None]) -> ChosenTests:
    """Tests that are chosen where these files are as they are given, None being gone."""
    write(tree, {**FILES, **{path: text for path, text in files.items() if text is not None}})
    for path in (path for path, text in files.items() if text is None):
        (tree / path).unlink()
    data = [path for path in memory.sources if not path.endswith(".py")]
    now = digests_of(tree, listed(tree), data, memory.sources)
    return choose(memory, now, memory.circumstances)


def edited(path: str, before: str, after: str) -> dict[str, str | None]:
    assert FILES[path].count(before) == 1
    return {path: FILES[path].replace(before, after)}


A, FIXTURES, ALONE = "tests/test_a.py", "tests/test_fixtures.py", "tests/test_alone.py"
PLAIN = {f"{A}::test_plain", f"{A}::test_own", f"{FIXTURES}::test_wide", f"{FIXTURES}::test_wide_again"}
CLOSED = {f"{FIXTURES}::test_closed{also}[{n}]" for also in ("", "_too") for n in (1, 2)}
IN_ALONE = {f"{ALONE}::TestAlone::test_it", f"{ALONE}::TestAlone::test_parts"}
PROCESS = "tests/test_process.py::test_process"
EDITS = {
    "function": (edited("lib/a.py", "return n + b.add(1)", "return b.add(1) + n"), PLAIN),
    "cached function": (
        edited("lib/a.py", "return n * 2", "return 2 * n"),
        {f"{A}::test_first", f"{A}::test_second"},
    ),
    "called by no test": (edited("lib/a.py", "return 1\n", "return 2\n"), set()),
    "generator": (edited("lib/a.py", "yield 7", "yield 9"), {f"{A}::test_value"}),
    "in a thread": (edited("lib/a.py", "into.append(5)", "into += [5]"), {f"{A}::test_thread"}),
    "end of a fixture": (edited("lib/a.py", "return 4", "return 5"), CLOSED),
    "fixture": (edited("tests/conftest.py", "return a.Kind().method()", "return 4"), {f"{A}::test_own"}),
    "imported late": (edited("lib/c.py", "return X", "return X + 0"), {f"{A}::test_lazy"}),
    "class fixture": (edited("lib/alone.py", "return 8", "return 4 + 4"), IN_ALONE),
    "docstring": (edited("lib/a.py", "class Kind:\n", "class Kind:\n    '''Is one.'''\n\n"), set()),
    "test": (edited(A, "assert own == 4", "assert own"), {f"{A}::test_own"}),
    "parametrised": (
        edited(A, "assert n\n", "assert n or 1\n"),
        {f"{A}::test_each"},
    ),
    "data": ({"data/read.json": '{"a": 2}'}, {f"{A}::test_data"}),
    "data that nothing reads": ({"data/other.json": "[]"}, set()),
    "data that is gone": ({"data/read.json": None}, {f"{A}::test_data", f"{A}::test_folder"}),
    "data that is new": ({"data/new.json": "[]"}, {f"{A}::test_folder"}),
    "file of tests that is gone": ({FIXTURES: None}, set()),
    "new class of tests": (
        edited(ALONE, "class TestSize", "class TestMore(unittest.TestCase):\n    pass\n\n\nclass TestSize"),
        {f"{ALONE}::TestMore"},
    ),
    "new test": (
        edited(A, "def test_thread", "def test_new():\n    pass\n\n\ndef test_thread"),
        {f"{A}::test_new"},
    ),
    "test that is gone": (edited(A, "def test_nothing():\n    pass\n", ""), set()),
    "nothing": ({}, set()),
}
LOOSE = {"function", "cached function", "end of a fixture"}
"""Others are chosen too: while a fixture of the session lives, what it reached belongs to all tests, and what
a cache may answer belongs to all that come later."""


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITS)
def test_those_are_chosen_that_reach_a_change_and_no_others(
    name: str, memory: Memory, tmp_path: Path
) -> None:
    files, wanted = EDITS[name]
    choice = chosen(memory, tmp_path, files)
    assert (choice.everything, choice.files) == (None, ())
    assert wanted | {PROCESS} <= set(choice.tests)
    assert set(choice.tests) == wanted | {PROCESS} or name in LOOSE


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (edited("lib/alone.py", "SIZE = 1", "SIZE = 2 - 1"), {ALONE}),
        (edited("lib/c.py", "X = add(2)", "X = add(1) + 1"), {A, FIXTURES, ALONE}),
        (
            edited(ALONE, "class TestSize", "class Helper:\n    pass\n\n\nclass TestSize"),
            {ALONE},
        ),
        ({"tests/test_new.py": "def test_new():\n    pass\n"}, {"tests/test_new.py"}),
        (edited("tests/conftest.py", "import pytest\n", "import pytest\n\nMORE = 1\n"), {A, FIXTURES, ALONE}),
    ],
    ids=["imported", "imported late", "new class", "new file", "conftest"],
)
def test_outside_of_functions_a_change_reaches_the_files_that_import_it(
    files: dict[str, str | None], wanted: set[str], memory: Memory, tmp_path: Path
) -> None:
    choice = chosen(memory, tmp_path, files)
    assert choice.everything is None
    assert wanted <= set(choice.files)
    assert not {ALONE, FIXTURES} - wanted & set(choice.files)


NEW = (
    *("tests/more/conftest.py", "sitecustomize.py", "lib/new.py", "random.py", "other/test_new.py"),
    *("lib/c/__init__.py", "lib/lib.py", "unused.py"),
)
"""One of the tests' own names is imported by nothing, as far as source tells; ``unused`` is known to be."""


@pytest.mark.parametrize("path", NEW)
def test_new_source_means_everything_where_it_is_not_known_what_imports_it(
    path: str, memory: Memory, tmp_path: Path
) -> None:
    assert chosen(memory, tmp_path, {path: ""}).everything == f"{path} is new"


@pytest.mark.parametrize("path", NEW)
def test_new_source_that_nothing_unchanged_imports_means_nothing(
    path: str, memory: Memory, tmp_path: Path
) -> None:
    choice = calling(memory, tmp_path, {path: ""}, "lib/alone.py", "alone")
    everything = choice.everything is not None
    assert everything == (path not in ("lib/new.py", "lib/lib.py", "unused.py"))


def calling(memory: Memory, tree: Path, files: Mapping[str, str | None], path: str, name: str) -> ChosenTests:
    """Tests that are chosen where only those are wanted that may call a function."""
    chosen(memory, tree, files)
    data = [path for path in memory.sources if not path.endswith(".py")]
    now = digests_of(tree, listed(tree), data, memory.sources)
    imports = imports_of(tree, now, memory)
    return choose(memory, now, memory.circumstances, Wanted.that_call({Piece(path, name)}, imports), imports)


def test_of_all_that_changed_only_what_may_call_the_function_is_run(memory: Memory, tmp_path: Path) -> None:
    files = {
        **edited("lib/a.py", "LIMIT = 3", "LIMIT = 4"),
        **edited(FIXTURES, "assert closed\n\n\ndef test_closed_too", "assert 1\n\n\ndef test_closed_too"),
        "tests/test_new.py": "def test_new():\n    from lib import alone\n",
        "tests/test_newer.py": "import json\n",
    }
    choice = calling(memory, tmp_path, files, "lib/alone.py", "alone")
    assert choice == ChosenTests((PROCESS,), (ALONE, "tests/test_new.py"))  # all of them have the conftest


@pytest.mark.slow
def test_tests_are_known_by_their_path_in_the_tree(
    tmp_path: Path,
) -> None:
    files = {
        "sub/lib.py": "def f():\n    return 1\n",
        "sub/pytest.ini": "[pytest]\n",
        "sub/test_f.py": "import lib\n\n\ndef test_f():\n    assert lib.f()\n",
    }
    assert set(made(tmp_path, files, f"cd sub && {COMMAND}").tests) == {"sub/test_f.py::test_f"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"test_x.py": "def test_x():\n    assert False\n"}, "tests fail"),
        (
            {
                "conftest.py": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''])\n",
                "test_x.py": "def test_x():\n    pass\n",
            },
            "may reach anything",
        ),
        (
            {
                "conftest.py": "import os\n\n\ndef pytest_sessionfinish():\n    os._exit(0)\n",
                "test_x.py": "def test_x():\n    pass\n",
            },
            "broke off",
        ),
    ],
    ids=["failing", "processes before the tests", "killed"],
)
def test_what_tells_too_little_is_no_memory(files: dict[str, str], why: str, tmp_path: Path) -> None:
    with pytest.raises(IncompleteError, match=why):
        made(tmp_path, files)


def test_another_runner_is_no_memory(tmp_path: Path) -> None:
    files = {
        "test_x.py": "import unittest\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        pass\n"
    }
    with pytest.raises(IncompleteError, match="no pytest"):
        made(tmp_path, files, "python -m unittest")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "text", "command", "variables"),
    [
        ("pytest.ini", "[pytest]\naddopts = -q\n", COMMAND, {}),
        ("pyproject.toml", "[tool.pytest.ini_options]\n", COMMAND, {}),
        ("data/other.json", "[]", f"{COMMAND} -p no:randomly", {}),
        ("data/other.json", "[]", COMMAND, {"PYTEST_ADDOPTS": "-v"}),
    ],
)
def test_other_circumstances_mean_everything(
    path: str, text: str, command: str, variables: dict[str, str], tmp_path: Path
) -> None:
    files = {"test_x.py": "def test_x():\n    pass\n", "data/other.json": "{}"}
    memory = made(tmp_path, files)
    told = project(tmp_path / "tree", command, **variables)
    kept = Kept(memory, listed(told.tree), 0.0)
    before = recall(project(tmp_path / "tree"), kept, ()).everything
    write(told.tree, {path: text})
    after = recall(told, Kept(memory, listed(told.tree), 0.0), ()).everything
    assert before != after
    assert after == "the interpreter, a dependency or a file other than Python has changed"


def test_a_table_that_no_run_of_tests_sees_is_no_other_circumstance(tmp_path: Path) -> None:
    before = (
        "[project]\nname = 'it'\n[tool.ruff]\nline-length = 88\n[tool.pytest.ini_options]\naddopts = '-q'\n"
    )
    reading = "def test_read():\n    assert open('pyproject.toml').read()\n"
    files = {"test_x.py": f"def test_x():\n    pass\n\n\n{reading}", "pyproject.toml": before}
    memory = made(tmp_path, files)
    told = project(tmp_path / "tree")
    write(told.tree, {"pyproject.toml": before.replace("88", "100")})
    now = circumstances(told.suite, told.tree, listed(told.tree))
    sources = digests_of(told.tree, listed(told.tree), ["pyproject.toml"], memory.sources)
    assert choose(memory, sources, now) == ChosenTests(("test_x.py::test_read",))
