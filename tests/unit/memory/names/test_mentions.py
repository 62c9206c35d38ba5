"""What may see that a name is bound to something else."""

from pathlib import Path

import pytest

from hitrate.memory.model import WHOLE, Piece
from hitrate.memory.names.mentions import seeing
from hitrate.memory.pieces import OUTSIDE
from hitrate.memory.selection import bindings_changed
from hitrate.memory.sources import digests_of

LIB = "LIMIT = 1\n\n\ndef f(n=1):\n    return n\n\n\nclass Kind:\n    def m(self, n=1):\n        return n\n"
FILES = {
    "lib.py": LIB,
    "user.py": """\
from lib import LIMIT as MOST
import lib


def direct():
    return lib.LIMIT


def renamed():
    return MOST


def other():
    return lib.f()


def looking(name):
    return getattr(lib, name)


def looking_for_one():
    return getattr(lib, 'one', None)


def described():
    '''LIMIT is no more than told of here.'''


def method(it):
    return it.m()


def kind():
    return lib.Kind()
""",
    "patching.py": "def patched(mock):\n    return mock.patch('lib.LIMIT', 2)\n",
    "run.py": "import lib\n\nTABLE = list(range(lib.LIMIT))\n",
    "test_it.py": """\
import lib


def test_it():
    assert lib.LIMIT


def test_other():
    assert lib.f()
""",
    "data.txt": "LIMIT",
    "other.txt": "limits",
}
ALWAYS = {Piece("user.py", "looking")}


def seen(tmp_path: Path, before: str, after: str) -> set[Piece]:
    """Pieces that may see an edit of ``lib.py``."""
    for path, text in FILES.items():
        (tmp_path / path).write_text(text)
    data = ["data.txt", "other.txt"]
    then = digests_of(tmp_path, FILES.keys(), data, {})
    assert LIB.count(before) == 1
    (tmp_path / "lib.py").write_text(LIB.replace(before, after))
    now = digests_of(tmp_path, FILES.keys(), data, {})
    return {*seeing(tmp_path, now, bindings_changed(then, now))}


def test_a_value_is_seen_by_whoever_names_it_or_a_name_for_it(tmp_path: Path) -> None:
    assert seen(tmp_path, "LIMIT = 1", "LIMIT = 2") == ALWAYS | {
        Piece("lib.py", "LIMIT"),
        Piece("user.py", "MOST"),
        Piece("user.py", "direct"),
        Piece("user.py", "renamed"),
        Piece("patching.py", "patched"),
        Piece("run.py", OUTSIDE),
        Piece("test_it.py", "test_it"),
        Piece("data.txt", WHOLE),
    }


def test_a_parameter_is_seen_by_whoever_names_the_function(tmp_path: Path) -> None:
    assert seen(tmp_path, "def f(n=1)", "def f(n=2)") == ALWAYS | {
        Piece("lib.py", "f"),
        Piece("user.py", "other"),
        Piece("test_it.py", "test_other"),
    }


def test_that_of_a_method_by_whoever_names_the_method(tmp_path: Path) -> None:
    assert seen(tmp_path, "def m(self, n=1)", "def m(self, n=2)") == ALWAYS | {
        Piece("lib.py", "Kind.m"),
        Piece("user.py", "method"),
    }


def test_what_nobody_names_is_seen_by_whoever_names_the_class(tmp_path: Path) -> None:
    method = "class Kind:\n    def __len__(self):\n        return 3\n"
    assert seen(tmp_path, "class Kind:\n", method) == ALWAYS | {
        Piece("lib.py", "Kind.__len__"),
        Piece("user.py", "kind"),
    }


def test_a_method_that_is_new_is_seen_by_whoever_names_it_or_the_class(tmp_path: Path) -> None:
    method = "class Kind:\n    def one(self):\n        return 3\n"
    assert seen(tmp_path, "class Kind:\n", method) == ALWAYS | {
        Piece("lib.py", "Kind.one"),
        Piece("user.py", "kind"),
        Piece("user.py", "looking_for_one"),
    }
    hidden = method.replace("one", "_one")
    assert seen(tmp_path, "class Kind:\n", hidden) == ALWAYS | {Piece("lib.py", "Kind._one")}


@pytest.mark.parametrize("edit", ["LIMIT = 1  # more", "import lib\nLIMIT = 1", "LIMIT = f"])
def test_other_edits(edit: str, tmp_path: Path) -> None:
    found = seen(tmp_path, "LIMIT = 1", edit)
    assert bool(found) is (edit != "LIMIT = 1  # more")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_names_may_be_in_any_script(encoding: str, tmp_path: Path) -> None:
    functions = "def f(n):\n    return n.gr\xf6\xdfe\n\n\ndef g(n):\n    return n.size\n"
    text = f"# -*- coding: {encoding} -*-\n{functions}"
    (tmp_path / "a.py").write_bytes(text.encode(encoding))
    found = seeing(tmp_path, {"a.py": {}}, {"b.py": ["=gr\xf6\xdfe"]})
    assert found == {Piece("a.py", "f"), Piece("b.py", "gr\xf6\xdfe")}


def test_nothing_is_read_where_nothing_is_bound_anew(tmp_path: Path) -> None:
    assert seeing(tmp_path / "missing", {"a.py": {}}, {}) == frozenset()


@pytest.mark.parametrize(
    ("body", "looks"),
    [
        ("getattr(lib, name)", True),
        ("getattr(lib, 'on' + name)", True),
        ("getattr(lib, f'on_{name}')", True),
        ("hasattr(type(lib), name)", True),
        ("globals()[name]", True),
        ("vars(lib)[name]", True),
        ("lib.__dict__[name]", True),
        ("sys.modules[name]", True),
        ("importlib.import_module(name)", True),
        ("eval(name)", True),
        ("inspect.getmembers(lib)", True),
        ("signature(lib)", True),
        ("mock.create_autospec(lib)", True),
        ("operator.attrgetter(name)", True),
        ("getattr(lib, 'one')", False),
        ("getattr(lib.inner, 'one', None)", False),
        ("re.compile(name)", False),
        ("name.dir()", False),
        ("lib.modules", False),
        ("signature", False),
        ("evaluate(name)", False),
    ],
)
def test_what_looks_for_names_that_it_does_not_name(body: str, looks: bool, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"def looking(name):\n    return {body}\n")
    found = seeing(tmp_path, {"a.py": {}}, {"b.py": ["=LIMIT"]})
    assert (Piece("a.py", "looking") in found) is looks


@pytest.mark.parametrize(
    ("statement", "looks"),
    [
        ("f(globals())", True),
        ("f(lib.__dict__)", True),
        ("f(sys.modules)", True),
        ("f(getattr(lib, name))", True),
        ("f(re.compile(''))", False),
        ("import inspect", False),
    ],
)
def test_the_same_outside_of_functions(statement: str, looks: bool, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"def f(n):\n    return n\n\n\n{statement}\n")
    found = seeing(tmp_path, {"a.py": {}}, {"b.py": ["=LIMIT"]})
    assert (Piece("a.py", OUTSIDE) in found) is looks
