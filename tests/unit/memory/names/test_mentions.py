"""What may see that a name is bound to something else."""

from pathlib import Path

import pytest

from hitrate.memory.model import WHOLE, Piece
from hitrate.memory.names.mentions import Seeing, seeing
from hitrate.memory.pieces import DOCSTRINGS, OUTSIDE
from hitrate.memory.selection import bindings_changed
from hitrate.memory.sources import digests_of
from tests.integration.repositories import write

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
    '''As an example:

    >>> described(LIMIT)
    '''


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


def seen(tmp_path: Path, before: str, after: str) -> set[Piece]:
    """Pieces that may see an edit of ``lib.py``."""
    for path, text in FILES.items():
        (tmp_path / path).write_text(text)
    data = ["data.txt", "other.txt"]
    then = digests_of(tmp_path, FILES.keys(), data, {})
    assert LIB.count(before) == 1
    (tmp_path / "lib.py").write_text(LIB.replace(before, after))
    now = digests_of(tmp_path, FILES.keys(), data, {})
    return {*seeing(tmp_path, now, bindings_changed(then, now)).pieces}


def test_a_value_is_seen_by_whoever_names_it_or_a_name_for_it(tmp_path: Path) -> None:
    assert seen(tmp_path, "LIMIT = 1", "LIMIT = 2") == {
        Piece("lib.py", "LIMIT"),
        Piece("user.py", "MOST"),
        Piece("user.py", "direct"),
        Piece("user.py", "renamed"),
        Piece("user.py", DOCSTRINGS),
        Piece("patching.py", "patched"),
        Piece("run.py", OUTSIDE),
        Piece("test_it.py", "test_it"),
        Piece("data.txt", WHOLE),
    }


def test_a_parameter_is_seen_by_whoever_names_the_function(tmp_path: Path) -> None:
    assert seen(tmp_path, "def f(n=1)", "def f(n=2)") == {
        Piece("lib.py", "f"),
        Piece("user.py", "other"),
        Piece("test_it.py", "test_other"),
    }


def test_that_of_a_method_by_whoever_names_the_method(tmp_path: Path) -> None:
    assert seen(tmp_path, "def m(self, n=1)", "def m(self, n=2)") == {
        Piece("lib.py", "Kind.m"),
        Piece("user.py", "method"),
    }


def test_what_nobody_names_is_seen_by_whoever_names_the_class(tmp_path: Path) -> None:
    method = "class Kind:\n    def __len__(self):\n        return 3\n"
    assert seen(tmp_path, "class Kind:\n", method) == {
        Piece("lib.py", "Kind.__len__"),
        Piece("user.py", "kind"),
    }


def test_a_method_that_is_new_is_seen_by_whoever_names_it_or_the_class(tmp_path: Path) -> None:
    method = "class Kind:\n    def one(self):\n        return 3\n"
    assert seen(tmp_path, "class Kind:\n", method) == {
        Piece("lib.py", "Kind.one"),
        Piece("user.py", "kind"),
        Piece("user.py", "looking_for_one"),
    }
    hidden = method.replace("one", "_one")
    assert seen(tmp_path, "class Kind:\n", hidden) == {Piece("lib.py", "Kind._one")}


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
    assert found.pieces == {Piece("a.py", "f"), Piece("b.py", "gr\xf6\xdfe")}


def test_nothing_is_read_where_nothing_is_bound_anew(tmp_path: Path) -> None:
    assert seeing(tmp_path / "missing", {"a.py": {}}, {}) == Seeing()


def test_a_name_that_stands_alone_is_the_module_s_own(tmp_path: Path) -> None:
    files = {
        "a.py": "import os\n\n\ndef f():\n    return os\n",
        "b.py": "import os\n\n\ndef g():\n    return os\n",
        "c.py": "import a\n\n\ndef h():\n    return a.os\n",
        "d.py": "from a import os\n\n\ndef k():\n    return os\n",
        "e.py": "from a import *\n\n\ndef m():\n    return os\n",
        "g.py": "def n():\n    from a import os\n    return os\n",
        "test_it.py": "from a import os\n\n\ndef test_it():\n    assert os\n",
    }
    for path, text in files.items():
        (tmp_path / path).write_text(text)
    found = seeing(tmp_path, {path: {} for path in files}, {"a.py": ["=os"]}).pieces
    assert found == {
        *(Piece("a.py", "f"), Piece("a.py", "os"), Piece("c.py", "h"), Piece("d.py", "os")),
        *(Piece("d.py", "k"), Piece("e.py", "m"), Piece("g.py", "n"), Piece("test_it.py", OUTSIDE)),
    }


def test_a_docstring_may_be_a_test_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('def f():\n    """\n    >>> lib.LIMIT\n    1\n    """\n')
    found = seeing(tmp_path, {"a.py": {}}, {"b.py": ["=LIMIT"]}).pieces
    assert found == {Piece("a.py", DOCSTRINGS), Piece("b.py", "LIMIT")}


SPEAKERS = {
    "a.py": """\
FLAG = "flag.txt"


def there(folder):
    return (folder / FLAG).exists()


def any_text(folder, n):
    return (folder / f"case_{n}.txt").is_file()


def other(folder):
    return (folder / "other.json").exists()
""",
    "data/index.json": '["flag.txt"]',
    "setup.cfg": "[metadata]\nlicense_files = LICENSE.txt\n",
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (
            "data/flag.txt",
            {
                *(("a.py", "FLAG"), ("a.py", "there"), ("a.py", "any_text")),
                *(("data/index.json", WHOLE), ("setup.cfg", WHOLE)),
            },
        ),
        (
            "data/case_1.txt",
            {
                *(("a.py", "FLAG"), ("a.py", "there"), ("a.py", "any_text")),
                *(("data/index.json", WHOLE), ("setup.cfg", WHOLE)),
            },
        ),
        ("data/new.json", {("a.py", "other")}),
        ("data/marker", set()),
        ("LICENSE.txt", {("setup.cfg", WHOLE)}),
        ("NEWS.txt", set()),
        ("docs/new.txt", set()),
        (".github/new.txt", set()),
        ("docs/flag.txt", {("a.py", "FLAG"), ("a.py", "there"), ("data/index.json", WHOLE)}),
    ],
)
def test_data_that_nothing_opened_may_be_looked_at_by_what_it_is_called(
    path: str, found: set[tuple[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    for name, text in SPEAKERS.items():
        (tmp_path / name).write_text(text)
    told = {tuple(piece) for piece in seeing(tmp_path, {name: {} for name in SPEAKERS}, {}, [path]).pieces}
    assert told == found


HOLDERS = {
    "pack/__init__.py": "",
    "pack/lib.py": "LIMIT = 1\n\n\nclass Kind:\n    size = 1\n\n\ndef make():\n    return Kind()\n",
    "a.py": """\
from pack import lib as it
from pack.lib import make
import pack.lib


def module():
    return it


def attribute():
    return pack.lib


def imported():
    from pack.lib import other
    return other


def called():
    return make()


def nothing(pack):
    return pack
""",
}


@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("=LIMIT", {("a.py", "it"), ("a.py", "lib"), ("a.py", "module"), ("a.py", "attribute")}),
        (
            "=Kind.size#Kind",
            {
                *(("a.py", "it"), ("a.py", "lib"), ("a.py", "module"), ("a.py", "attribute")),
                ("pack/lib.py", "make"),
            },
        ),
    ],
)
def test_who_may_have_what_a_name_is_found_in(
    name: str, holders: set[tuple[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "pack").mkdir()
    for path, text in HOLDERS.items():
        (tmp_path / path).write_text(text)
    found = seeing(tmp_path, {path: {} for path in HOLDERS}, {"pack/lib.py": [name]})
    assert {tuple(piece) for piece in found.holding} - {("a.py", "pack.lib")} == holders - {("a.py", "lib")}


NOWHERE, ANYWHERE, GIVEN = "nowhere", "anywhere", "in what it is given"


def where(found: Seeing, piece: Piece) -> str:
    """Where something looks for names."""
    return ANYWHERE if piece in found.pieces else GIVEN if piece in found.looking else NOWHERE


@pytest.mark.parametrize(
    ("body", "looks"),
    [
        ("getattr(lib, name)", GIVEN),
        ("getattr(lib, 'on' + name)", GIVEN),
        ("getattr(lib, f'on_{name}')", GIVEN),
        ("hasattr(type(lib), name)", GIVEN),
        ("vars(lib)[name]", GIVEN),
        ("dir(lib)", GIVEN),
        ("lib.__dict__[name]", GIVEN),
        ("lib.__dict__.get(name)", GIVEN),
        ("inspect.getmembers(lib)", GIVEN),
        ("inspect.signature(lib)", GIVEN),
        ("signature(lib)", GIVEN),
        ("mock.create_autospec(lib)", GIVEN),
        ("operator.attrgetter(name)", GIVEN),
        ("sys.modules[name]", ANYWHERE),
        ("importlib.import_module(name)", ANYWHERE),
        ("eval(name)", ANYWHERE),
        ("inspect.stack()", ANYWHERE),
        ("frame.f_globals[name]", ANYWHERE),
        ("f.__globals__[name]", ANYWHERE),
        ("runpy.run_module(name)", ANYWHERE),
        ("pydoc.locate(name)", ANYWHERE),
        ("import_string(name)", ANYWHERE),
        ("Base.__subclasses__()", ANYWHERE),
        ("globals()[name]", NOWHERE),
        ("dir()", NOWHERE),
        ("getattr(lib, 'one')", NOWHERE),
        ("getattr(lib.inner, 'one', None)", NOWHERE),
        ("lib.__dict__['one']", NOWHERE),
        ("lib.__dict__.setdefault('one', [])", NOWHERE),
        ("inspect.cleandoc(name)", NOWHERE),
        ("inspect.isfunction(name)", NOWHERE),
        ("'eval('", ANYWHERE),
        ("1\n    # inspect it", NOWHERE),
        ("re.compile(name)", NOWHERE),
        ("name.dir()", NOWHERE),
        ("lib.modules", NOWHERE),
        ("signature", NOWHERE),
        ("evaluate(name)", NOWHERE),
    ],
)
def test_what_looks_for_names_that_it_does_not_name(body: str, looks: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"def looking(name):\n    return {body}\n")
    found = seeing(tmp_path, {"a.py": {}}, {"b.py": ["=LIMIT"]})
    assert where(found, Piece("a.py", "looking")) == looks
    assert (Piece("a.py", "looking") in found.holding) is (looks == ANYWHERE)


@pytest.mark.parametrize(
    ("statement", "looks"),
    [
        ("f(lib.__dict__)", GIVEN),
        ("f(getattr(lib, name))", GIVEN),
        ("f(sys.modules)", ANYWHERE),
        ("f(inspect.stack())", ANYWHERE),
        ("f(globals())", NOWHERE),
        ("f(inspect.cleandoc(''))", NOWHERE),
        ("f(re.compile(''))", NOWHERE),
        ("import inspect", NOWHERE),
    ],
)
def test_the_same_outside_of_functions(statement: str, looks: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"def f(n):\n    return n\n\n\n{statement}\n")
    found = seeing(tmp_path, {"a.py": {}}, {"b.py": ["=LIMIT"]})
    assert where(found, Piece("a.py", OUTSIDE)) == looks


@pytest.mark.parametrize(
    ("head", "looks"),
    [
        ("X = 1\n", ANYWHERE),
        ("from b import X\n", ANYWHERE),
        ("from c import *\n", ANYWHERE),
        ("import b\n", NOWHERE),
        ("", NOWHERE),
    ],
)
def test_what_looks_among_its_own_names_finds_those_of_its_module(
    head: str, looks: str, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text(f"{head}\n\ndef looking(name):\n    return globals()[name]\n")
    changed = {"a.py" if "=" in head else "b.py": ["=X"]}
    assert where(seeing(tmp_path, {"a.py": {}}, changed), Piece("a.py", "looking")) == looks


DESCRIBED = {
    "lib.py": """
def f():
    "One."

class C:
    "Two."
    def m(self):
        "Three."

REGISTRY = [f]
""",
    "user.py": "from lib import f\ndef use():\n    return f\n",
    "maker.py": "from lib import C\ndef use():\n    return C()\n",
    "caller.py": "def use(it):\n    return it.m()\n",
    "registry.py": "from lib import REGISTRY\ndef use():\n    return REGISTRY[0]\n",
    "module.py": "import lib\ndef use():\n    return vars(lib)\n",
    "finder.py": "import sys\ndef use(name):\n    return vars(sys.modules[name])\n",
    "away.py": "import os\ndef use():\n    return os.getcwd()\n",
}


@pytest.mark.parametrize(
    ("name", "holders"),
    [
        ("f", {"user", "registry", "module", "finder"}),
        ("C", {"maker", "module", "finder"}),
        ("C.m", {"maker", "caller", "module", "finder"}),
    ],
)
def test_who_may_have_what_is_described_anew(tmp_path: Path, name: str, holders: set[str]) -> None:
    write(tmp_path, DESCRIBED)
    found = seeing(tmp_path, {path: {} for path in DESCRIBED}, {}, described={"lib.py": [name]})
    assert Piece("lib.py", name) in found.described
    assert {piece.path[:-3] for piece in found.described if piece.name == "use"} == holders
    assert not found.pieces


@pytest.mark.parametrize(
    ("text", "is_set"),
    [
        ("typing.TYPE_CHECKING = True", True),
        ("TYPE_CHECKING: bool = not TESTS", True),
        ("monkeypatch.setattr('typing.TYPE_CHECKING', True)", True),
        ('setattr(typing, "TYPE_CHECKING", True)', True),
        ("TYPE_CHECKING = False", False),
        ("TYPE_CHECKING: bool = False", False),
        ("assert TYPE_CHECKING == False", False),
        ("if TYPE_CHECKING: pass", False),
    ],
)
def test_a_block_for_checkers_is_seen_where_something_has_it_run(
    tmp_path: Path, text: str, *, is_set: bool
) -> None:
    files = {
        "lib.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    X = 1\n",
        "user.py": "from typing import TYPE_CHECKING\ndef use():\n    return TYPE_CHECKING\n",
        "setting.py": f"def setting():\n    {text}\n",
    }
    write(tmp_path, files)
    before = digests_of(tmp_path, files, [], {})
    write(tmp_path, {"lib.py": files["lib.py"].replace("1", "2")})
    now = digests_of(tmp_path, files, [], {})
    found = seeing(tmp_path, now, bindings_changed(before, now)).pieces
    assert (Piece("user.py", "use") in found) is is_set


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("raise ValueError('no LIMIT is given')", False),
        ("raise ValueError('no ' + 'LIMIT' + f' is {it} given' % 3)", False),
        ("raise ValueError(f'LIMIT: {it}') from None", False),
        ("assert it, 'LIMIT is too small'", False),
        ("warnings.warn('use MOST, not LIMIT', stacklevel=2)", False),
        ("warn(f'use {it}, not LIMIT')", False),
        ("raise ValueError(f'{it.LIMIT}')", True),
        ("raise ValueError(getattr(it, 'LIMIT'))", True),
        ("raise it.LIMIT", True),
        ("raise ValueError('%s' % it.LIMIT)", True),
        ("assert getattr(it, 'LIMIT'), 'it'", True),
        ("warnings.warn(getattr(it, 'LIMIT'))", True),
        ("print('LIMIT')", True),
        ("warnings.warn('it', LIMIT=2)", True),
        ("patch('lib.LIMIT')", True),
    ],
)
def test_what_is_told_to_people_names_nothing(tmp_path: Path, text: str, *, is_said: bool) -> None:
    write(tmp_path, {"a.py": f"def telling(it):\n    {text}\n"})
    found = seeing(tmp_path, {"a.py": {}}, {"b.py": ["=LIMIT"]}).pieces
    assert (Piece("a.py", "telling") in found) is is_said


@pytest.mark.parametrize(
    ("docstring", "may_be_run"),
    [
        (">>> f(LIMIT)", True),
        ("As in::\n\n        f(LIMIT)", True),
        ("```python\n    f(LIMIT)\n    ```", True),
        (".. code-block:: python\n\n        f(LIMIT)", True),
        ("LIMIT is no more than told of here.", False),
        ("Of :data:`LIMIT`, which `f` takes.", False),
    ],
)
def test_a_docstring_without_an_example_is_no_test(
    tmp_path: Path, docstring: str, *, may_be_run: bool
) -> None:
    write(tmp_path, {"test_a.py": f'def helper():\n    """{docstring}"""\n'})
    for kind in ("test_a.py", "a.py"):
        (tmp_path / "test_a.py").rename(tmp_path / kind)
        found = seeing(tmp_path, {kind: {}}, {"b.py": ["=LIMIT"]}).pieces
        assert (Piece(kind, DOCSTRINGS) in found) is may_be_run
        (tmp_path / kind).rename(tmp_path / "test_a.py")
