"""Which tests are run: never is one left out that would call what changed."""

import builtins
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import FrameType, ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.memory.imports import Modules
from hitrate.memory.model import Memory, Piece
from hitrate.memory.names.mentions import Seeing
from hitrate.memory.pieces import OUTSIDE, FileKind, digests, is_file_of_tests, piece_of
from hitrate.memory.selection import ChosenTests, Wanted, choose
from hitrate.source.definitions import parse

Program = dict[str, str]
LIBRARY = ("a.py", "b.py", "c.py")
SUITES = ("test_x.py", "test_y.py")
MODULES = [path.removesuffix(".py") for path in LIBRARY]


class Process:
    """Runs a program's tests as one process would, and notes what is reached when."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.modules: dict[str, ModuleType] = {}
        self.seen: set[Piece] = set()
        self.imported: set[Piece] = set()
        self.depth = 0

    def load(self, name: str, *_: object) -> ModuleType:
        """Stands for ``import``; what an import reaches, whoever made it, every later test may see."""
        if name not in self.modules:
            module = self.modules[name] = ModuleType(name)
            vars(module)["__builtins__"] = {**vars(builtins), "__import__": self.load}
            self.depth += 1
            try:
                exec(compile(self.program[f"{name}.py"], f"{name}.py", "exec"), vars(module))
            finally:
                self.depth -= 1
        return self.modules[name]

    def profile(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename in self.program:
            piece = Piece(frame.f_code.co_filename, piece_of(frame.f_code.co_qualname))
            (self.imported if self.depth else self.seen).add(piece)

    def reached(self, action: Callable[[], object]) -> frozenset[Piece]:
        before = sys.getprofile()
        self.seen = set()
        sys.setprofile(self.profile)
        try:
            action()
        except (NameError, AttributeError):
            pass  # a failing test
        finally:
            sys.setprofile(before)
        return frozenset(self.seen | self.imported)


def suite(program: Program) -> tuple[dict[str, frozenset[Piece]], dict[str, frozenset[Piece]]]:
    """What each file when collected, and each test, reaches."""
    process = Process(program)
    files, tests = {}, {}
    for path in sorted(path for path in program if path.startswith("test_")):
        name = path.removesuffix(".py")
        files[path] = process.reached(lambda name=name: process.load(name))  # type: ignore[misc]
    for path in files:
        for name, function in list(vars(process.modules[path.removesuffix(".py")]).items()):
            if name.startswith("test_"):
                tests[f"{path}::{name}"] = process.reached(function)
    return files, tests


def alone(program: Program, test: str) -> frozenset[Piece]:
    """What a test reaches in a process of its own, its imports included."""
    process = Process(program)
    path, _, name = test.partition("::")
    reached = process.reached(lambda: process.load(path.removesuffix(".py")))
    function = vars(process.modules[path.removesuffix(".py")]).get(name)  # none where its import failed
    return reached | process.reached(function) if function else reached


def sources(program: Program) -> dict[str, dict[str, str]]:
    def kind(path: str) -> FileKind:
        return FileKind.TESTS if is_file_of_tests(path) else FileKind.ORDINARY

    return {path: digests(parse(text.encode()), kind(path)) for path, text in program.items()}


def remembered(program: Program) -> Memory:
    files, tests = suite(program)
    pieces = tuple(sorted(frozenset().union(*files.values(), *tests.values())))
    place = {piece: number for number, piece in enumerate(pieces)}

    def places(reached: Mapping[str, Iterable[Piece]]) -> dict[str, tuple[int, ...]]:
        return {name: tuple(sorted(place[piece] for piece in found)) for name, found in reached.items()}

    return Memory("sha", 0, "same", 1.0, 1.0, sources(program), pieces, places(tests), places(files))


@st.composite
def library(draw: st.DrawFn, path: str) -> str:
    """A module whose functions call others, some of them while it is imported."""
    others = [name for name in MODULES if f"{name}.py" < path]
    foreign = [f"{other}.f{number}()" for other in others for number in range(3)]
    lines = [*(f"import {other}" for other in others), f"K = {draw(st.integers(0, 3))}"]
    for number in range(3):
        own = [f"f{lower}()" for lower in range(number)]
        call = draw(st.sampled_from(["K", "(lambda: K)()", *own, *foreign]))
        lines += [f"def f{number}():", f"    {call}", f"    return {draw(st.integers(0, 9))}"]
    if draw(st.booleans()):
        lines.append(draw(st.sampled_from(["f0()", "f1()", *foreign])))
    return "\n".join(lines) + "\n"


@st.composite
def suite_file(draw: st.DrawFn) -> str:
    """Tests that call the library; it is imported by the file, or only by a test."""
    lines = [f"import {name}" for name in MODULES if draw(st.booleans())]
    for number in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(MODULES))
        lines += [f"def test_{number}():", f"    import {name}", f"    {name}.f{draw(st.integers(0, 2))}()"]
    return "\n".join(lines) + "\n"


PROGRAMS = st.fixed_dictionaries(
    {**{path: library(path) for path in LIBRARY}, **{path: suite_file() for path in SUITES}}
)


def check(before: Program, after: Program) -> None:
    """Every test that calls something changed, or new, is among those chosen."""
    memory, now = remembered(before), sources(after)
    choice = choose(memory, now, "same")
    if choice.everything:
        return
    changed = {
        Piece(path, name)
        for path, pieces in now.items()
        for name, digest in pieces.items()
        if memory.sources.get(path, {}).get(name) != digest
    }
    reached = {test: alone(after, test) for test in suite(after)[1]}
    for test, pieces_of_it in reached.items():
        if not changed.isdisjoint(pieces_of_it):
            assert is_chosen(test, choice), (test, pieces_of_it & changed)
    modules = Modules(after)
    imports = {path: modules.imported_by(path, parse(text.encode()).module) for path, text in after.items()}
    for path in LIBRARY:
        functions = frozenset(piece for piece in changed if piece.path == path and piece.name)
        chosen_ones = choose(memory, now, "same", Wanted.that_call(functions, imports), imports)
        for test, pieces_of_it in reached.items():
            if not functions.isdisjoint(pieces_of_it):
                assert is_chosen(test, chosen_ones), (test, pieces_of_it & functions)


def is_chosen(test: str, choice: ChosenTests) -> bool:
    return bool(choice.everything) or test in choice.tests or test.partition("::")[0] in choice.files


@settings(max_examples=150, deadline=None)
@given(PROGRAMS, PROGRAMS, st.sets(st.sampled_from([*LIBRARY, *SUITES])))
def test_no_test_is_left_out_that_calls_what_changed(
    before: Program, other: Program, edited: set[str]
) -> None:
    check(before, {path: other[path] if path in edited else text for path, text in before.items()})


@settings(max_examples=150, deadline=None)
@given(PROGRAMS, st.data())
def test_nor_where_one_line_changed(before: Program, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(before)))
    lines = before[path].splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    if lines[at].endswith(":"):
        lines.insert(at + 1, f"{indent}    pass")
    else:
        lines[at] = indent + data.draw(st.sampled_from(["pass", "K = 9", "(lambda: 1)()"]))
    check(before, {**before, path: "\n".join(lines) + "\n"})


@settings(deadline=None)
@given(PROGRAMS, st.sampled_from(["test_new.py", "d.py", "conftest.py"]), suite_file())
def test_nor_where_a_file_is_new_or_gone(program: Program, path: str, text: str) -> None:
    check(program, {**program, path: text})
    check({**program, path: text}, program)


LIB = "LIMIT = 1\ndef f():\n    return 1\ndef g():\n    return 2\n"
PROGRAM = {
    "a.py": LIB,
    "test_x.py": "import a\ndef test_f():\n    a.f()\ndef test_g():\n    a.g()\n",
    "test_y.py": "def test_nothing():\n    pass\n",
}


def chosen(**changes: str) -> ChosenTests:
    program = {**PROGRAM, **{f"{name}.py": text for name, text in changes.items()}}
    return choose(remembered(PROGRAM), sources(program), "same")


def test_where_nothing_changed_none_is_run() -> None:
    assert chosen() == ChosenTests()


def test_only_those_that_call_a_changed_function_are_run() -> None:
    assert chosen(a=LIB.replace("return 1", "return 9")) == ChosenTests(("test_x.py::test_f",))


def test_a_function_that_no_test_calls_costs_none() -> None:
    before = {**PROGRAM, "a.py": LIB + "def h():\n    return 3\n"}
    now = {**before, "a.py": LIB + "def h():\n    return 4\n"}
    assert choose(remembered(before), sources(now), "same") == ChosenTests()


def test_outside_functions_a_change_reaches_all_that_may_see_it() -> None:
    choice = chosen(a=LIB.replace("LIMIT = 1", "LIMIT = 2"))
    assert (choice.everything, "test_x.py" in choice.files) == (None, True)


READ = {
    "as it is": "import a\n\ndef told():\n    return a.f.__doc__\n",
    "by its name": "import a\n\ndef told():\n    return getattr(a.f, '__doc__')\n",
    "by inspect": "import a\nimport inspect\n\ndef told():\n    return inspect.getdoc(a.f)\n",
    "by another name": "import a\nfrom inspect import getdoc as g\n\ndef told():\n    return g(a.f)\n",
    "as help": "import a\n\ndef told():\n    help(a.f)\n",
    "as tests": "import a\nimport doctest\n\ndef told():\n    doctest.testmod(a)\n",
    "as source": "import a\nimport inspect\n\ndef told():\n    inspect.getsource(a.f)\n",
    "as a table": "import a\nTABLE = {a.f.__doc__: a.f}\n\ndef told():\n    return TABLE\n",
    "of the class": "import a\n\ndef told():\n    return a.Kind.__doc__\n",
    "in capitals": "import a\n\ndef told():\n    told.__doc__ = a.f.__doc__.upper()\n",
}
UNREAD = {
    "handed on": "import a\n\ndef told():\n    told.__doc__ = a.f.__doc__\n",
    "by wraps": "import a, functools\n\ndef told():\n    functools.wraps(a.f)(told)\n",
    "as a comment": "import a\n\ndef told():\n    return a.f  # not its __doc__, no doctest\n",
    "in a text": "import a\n\ndef told():\n    return 'its __doc__, by doctest and click'\n",
    "as a variable": "import a\n\ndef told():\n    fire = cmd = help = a\n    return fire, cmd, help\n",
    "written": "import a\n\ndef told():\n    a.f.__doc__ = 'other'\n",
}
DOCUMENTED = '''"""About it."""

def f():
    """Says it."""
    return 1

class Kind:
    """Is one."""
    n = 1
'''


def told_of(reader: str, before: str, after: str, *, always: bool = False) -> ChosenTests:
    """What is chosen of two tests that import a documented file, one with what may read docstrings."""
    assert before in DOCUMENTED
    program = {
        "a.py": DOCUMENTED,
        "b.py": reader,
        "test_x.py": "def test_f():\n    import a\n    a.f()\n",
        "test_y.py": "def test_told():\n    import b\n    b.told()\n",
    }
    pieces = (Piece("a.py", OUTSIDE), Piece("a.py", "f"), Piece("b.py", OUTSIDE), Piece("b.py", "told"))
    tests = {"test_x.py::test_f": (0, 1), "test_y.py::test_told": (0, 2, 3)}
    memory = Memory(
        "sha", 0, "same", 1.0, 1.0, sources(program), pieces, tests, {}, always=(3,) if always else ()
    )
    return choose(memory, sources({**program, "a.py": DOCUMENTED.replace(before, after)}), "same")


EDITS = [("Says it.", "Says more."), ('    """Says it."""\n', ""), ("About it.", "All."), ("Is one.", "Is.")]


@pytest.mark.parametrize(("before", "after"), EDITS)
@pytest.mark.parametrize("reader", READ.values(), ids=READ)
def test_a_docstring_makes_a_difference_to_what_reads_it(reader: str, before: str, after: str) -> None:
    assert told_of(reader, before, after) == ChosenTests(("test_y.py::test_told",))


@pytest.mark.parametrize(("before", "after"), EDITS)
@pytest.mark.parametrize("reader", UNREAD.values(), ids=UNREAD)
def test_a_docstring_makes_none_to_anything_else(reader: str, before: str, after: str) -> None:
    assert told_of(reader, before, after) == ChosenTests()


def test_what_runs_between_the_tests_may_read_the_docstrings_that_any_of_them_reaches() -> None:
    for before, after in EDITS:
        choice = told_of(READ["as it is"], before, after, always=True)
        assert choice == ChosenTests(("test_x.py::test_f", "test_y.py::test_told"))
        assert told_of(UNREAD["handed on"], before, after, always=True) == ChosenTests()


def test_docstrings_are_tests_where_these_are_collected_from_them() -> None:
    memory = replace(remembered(PROGRAM), files={"a.py": (0,), **remembered(PROGRAM).files})
    now = sources({**PROGRAM, "a.py": "'Says it.'\n" + LIB})
    assert "test_x.py" in choose(memory, now, "same").files
    assert choose(remembered(PROGRAM), now, "same") == ChosenTests()


def test_a_changed_test_is_run_and_no_other_one() -> None:
    assert chosen(test_y="def test_nothing():\n    assert True\n") == ChosenTests(
        ("test_y.py::test_nothing",)
    )


def of_tests(before: Program, after: str) -> ChosenTests:
    """What is chosen of one file of tests of which nothing is known but their names."""
    known = sources(before)
    names = [name for name in known["test_y.py"] if name.rpartition(".")[2].startswith("test_")]
    tests = {f"test_y.py::{name.replace('.', '::')}": (0,) for name in names}
    memory = Memory(
        "sha", 0, "same", 1.0, 1.0, known, (Piece("test_y.py", OUTSIDE),), tests, {"test_y.py": (0,)}
    )
    return choose(memory, sources({"test_y.py": after}), "same")


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ("def test_new():\n    pass\n", ChosenTests(("test_y.py::test_new",))),
        ("@mark('x')\nasync def test_new(): pass\n", ChosenTests(("test_y.py::test_new",))),
        ("class TestMore:\n    def test_new(self): pass\n", ChosenTests(("test_y.py::TestMore",))),
        ("@fixture\ndef test_client():\n    pass\n", ChosenTests(files=("test_y.py",))),
        ("def helper():\n    pass\n", ChosenTests(files=("test_y.py",))),
        ("def test_new(): pass\ntest_again = test_new\n", ChosenTests(files=("test_y.py",))),
        ("if True:\n    def test_new(): pass\n", ChosenTests(files=("test_y.py",))),
        ("@made\nclass TestMore:\n    def test_new(self): pass\n", ChosenTests(files=("test_y.py",))),
        (
            "class TestMore:\n    def test_new(self): pass\nclass TestMost(TestMore): pass\n",
            ChosenTests(files=("test_y.py",)),
        ),
        ("@skip\ndef test_nothing(): pass\n", ChosenTests(("test_y.py::test_nothing",))),
    ],
)
def test_of_a_file_with_a_new_test_only_that_is_run_where_nothing_else_can_see_it(
    more: str, wanted: ChosenTests
) -> None:
    choice = of_tests({"test_y.py": PROGRAM["test_y.py"]}, PROGRAM["test_y.py"] + more)
    assert choice == wanted


def test_a_class_of_tests_is_one_where_it_changes() -> None:
    tests = "class TestIt:\n    n = 1\n    def test_a(self): pass\n    def test_b(self): pass\n"

    def now(before: str, after: str) -> ChosenTests:
        return of_tests({"test_y.py": tests}, tests.replace(before, after))

    assert now("n = 1", "n = 2") == ChosenTests(("test_y.py::TestIt",))
    assert now("n = 1", "def setUp(self): pass") == ChosenTests(("test_y.py::TestIt",))
    assert now("def test_a(self): pass", "def test_a(self): 1") == ChosenTests(("test_y.py::TestIt::test_a",))
    assert now("def test_a(self)", "def test_c(self): pass\n    def test_a(self)") == ChosenTests(
        ("test_y.py::TestIt::test_c",)
    )
    inherited = ChosenTests(("test_y.py::TestIt",))  # one of that name may be
    assert now("    def test_a(self): pass\n", "") == inherited
    assert now(tests, "n = 1\n").files == ("test_y.py",)


def test_a_test_that_is_gone_is_not_asked_for() -> None:
    before = {"test_y.py": "def test_a(): pass\ndef test_b(): pass\n"}
    assert of_tests(before, "def test_b(): pass\n") == ChosenTests()
    before = {"test_y.py": "class TestA:\n    def test_a(self): pass\ndef test_b(): pass\n"}
    assert of_tests(before, "def test_b(): pass\n") == ChosenTests()


def test_a_new_test_belongs_to_all_files_that_import_it() -> None:
    program = {**PROGRAM, "test_z.py": "from test_y import *\n"}
    memory = remembered(program)
    now = sources({**program, "test_y.py": program["test_y.py"] + "def test_new():\n    pass\n"})
    modules = Modules(program)
    imports = {p: modules.imported_by(p, parse(text.encode()).module) for p, text in program.items()}
    choice = choose(memory, now, "same", imports=imports)
    assert {"test_y.py", "test_z.py"} <= set(choice.files)


def test_a_new_file_of_tests_is_run_and_no_other_one() -> None:
    assert chosen(test_z="def test_z():\n    pass\n") == ChosenTests(files=("test_z.py",))


@pytest.mark.parametrize("name", ["conftest", "b", "tests"])
def test_another_new_file_means_everything(name: str) -> None:
    assert chosen(**{name: ""}).everything == f"{name}.py is new"


def test_a_file_of_tests_that_is_gone_is_not_asked_for() -> None:
    now = {path: text for path, text in PROGRAM.items() if path != "test_x.py"}
    choice = choose(remembered(PROGRAM), sources(now), "same")
    assert not any("test_x.py" in name for name in (*choice.tests, *choice.files))


def test_other_circumstances_mean_everything() -> None:
    assert choose(remembered(PROGRAM), sources(PROGRAM), "others").everything


def test_a_change_in_what_runs_between_the_tests_means_everything() -> None:
    memory = remembered(PROGRAM)
    hook = memory.pieces.index(Piece("a.py", "f"))
    now = sources({**PROGRAM, "a.py": LIB.replace("return 1", "return 9")})
    assert choose(replace(memory, always=(hook,)), now, "same").everything
    assert choose(memory, now, "same").everything is None


BOUND = {"a.py": "K = 1\n\ndef f():\n    return 1\n", "b.py": "import a\nX = a.K\n"}
REBOUND = {**BOUND, "a.py": BOUND["a.py"].replace("K = 1", "K = 2")}
ALL = Wanted()
EACH = "import pytest, a\n@pytest.mark.parametrize('n', range(a.K))\ndef test_each(n):\n    a.f()\n"


TEST_B, ID_B = Piece("test_y.py", "test_b"), "test_y.py::test_b"
TEST_EACH = Piece("test_x.py", "test_each")


def of_bound(seeing: set[Piece] | Seeing | None, wanted: Wanted = ALL) -> ChosenTests:
    """What is chosen once ``K`` is bound to something else."""
    program = {**BOUND, "test_x.py": EACH, "test_y.py": "import b\ndef test_b():\n    b\n"}
    pieces = (
        Piece("a.py", OUTSIDE),
        Piece("a.py", "f"),
        Piece("b.py", OUTSIDE),
        Piece("test_y.py", "test_b"),
    )
    tests = {"test_x.py::test_each[0]": (0, 1), "test_y.py::test_b": (0, 2, 3)}
    memory = Memory("sha", 0, "same", 1.0, 1.0, sources(program), pieces, tests, {})
    seen = seeing if seeing is None or isinstance(seeing, Seeing) else Seeing(frozenset(seeing))
    return choose(memory, sources({**program, **REBOUND}), "same", wanted, seeing=seen)


@pytest.mark.parametrize(
    ("seeing", "tests"),
    [
        ({Piece("a.py", "K")}, ()),
        ({Piece("test_y.py", "test_b")}, ("test_y.py::test_b",)),
        ({Piece("b.py", OUTSIDE)}, ("test_y.py::test_b",)),
        ({Piece("test_x.py", "test_each")}, ("test_x.py::test_each",)),  # it may have other parameters
        ({Piece("a.py", OUTSIDE)}, ("test_x.py::test_each[0]", "test_y.py::test_b")),
        (None, ("test_x.py::test_each[0]", "test_y.py::test_b")),
        (Seeing(looking=frozenset({TEST_B})), ()),
        (Seeing(holding=frozenset({TEST_B})), ()),
        (Seeing(looking=frozenset({TEST_B}), holding=frozenset({Piece("a.py", "f")})), ()),
        (Seeing(looking=frozenset({TEST_B}), holding=frozenset({Piece("b.py", OUTSIDE)})), (ID_B,)),
        (Seeing(looking=frozenset({TEST_EACH}), holding=frozenset({TEST_EACH})), ("test_x.py::test_each",)),
    ],
)
def test_what_a_name_is_bound_to_is_seen_by_those_that_name_it(
    seeing: set[Piece] | Seeing | None, tests: tuple[str, ...]
) -> None:
    assert of_bound(seeing) == ChosenTests(tests)


def test_one_test_shows_that_a_file_whose_names_are_bound_anew_can_be_imported() -> None:
    other = {Piece("test_y.py", "test_b")}
    assert of_bound(other, Wanted({Piece("b.py", "g")})).tests == ("test_y.py::test_b",)
    assert of_bound(other, Wanted({Piece("a.py", "g")})).tests == ("test_y.py::test_b",)
    gone = {Piece("test_x.py", "test_each")}
    assert of_bound(gone, Wanted({Piece("a.py", "g")})).tests == ("test_x.py::test_each",)
    assert of_bound(set(), Wanted({Piece("a.py", "g")})) == ChosenTests()
