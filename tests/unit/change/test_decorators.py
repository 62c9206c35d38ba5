"""Decorators of the project's own that a cached function would break, and those that do not mind."""

from pathlib import Path

import pytest

from hitrate.change.discovery import named_functions

READS = "known = set()\ndef marked(f):\n    known.add(f.{what})\n    return f\n"
USES = "@marked\ndef function(n):\n    return n\n"


def refusal(tree: Path, files: dict[str, str], path: str = "src/package/a.py") -> str | None:
    """Why ``function`` of one of the files may carry no cache."""
    for name, text in files.items():
        file = tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (found,) = named_functions(tree, [f"{path}::function"]).functions
    return found.ineligible


@pytest.mark.parametrize("what", ["__code__", "__defaults__", "__kwdefaults__", "__globals__", "__closure__"])
def test_a_decorator_that_reads_what_a_cached_function_lacks(tmp_path: Path, what: str) -> None:
    found = refusal(tmp_path, {"src/package/a.py": READS.format(what=what) + USES})
    assert found == f"its decorator marked reads {what}, which no cached function has"


CODE = READS.format(what="__code__")
IMPORTS = {
    "beside it": ("src/package/utils.py", "from .utils import marked\n", "@marked"),
    "above it": ("src/utils.py", "from ..utils import marked\n", "@marked"),
    "by its module": ("src/package/utils.py", "from . import utils\n", "@utils.marked"),
    "by its whole name": ("src/package/utils.py", "from package.utils import marked as m\n", "@m"),
    "from the root": ("tools/marks.py", "import tools.marks\n", "@tools.marks.marked"),
    "in a package's file": ("src/package/utils/__init__.py", "from .utils import marked\n", "@marked"),
    "of its own package": ("src/package/__init__.py", "from . import marked\n", "@marked"),
}


@pytest.mark.parametrize("place", IMPORTS)
def test_it_is_found_where_it_is_defined(tmp_path: Path, place: str) -> None:
    file, line, decorator = IMPORTS[place]
    uses = f"{line}\n{decorator}\ndef function(n):\n    return n\n"
    found = refusal(tmp_path, {file: CODE, "src/package/a.py": uses})
    assert found is not None
    assert "marked reads __code__" in found


def test_a_maker_of_decorators_is_looked_into(tmp_path: Path) -> None:
    maker = "def marked(name):\n    def inner(f):\n        return name, f.__code__\n    return inner\n"
    uses = "@marked('x')\ndef function(n):\n    return n\n"
    assert refusal(tmp_path, {"src/package/a.py": maker + uses}) is not None


TWINS = {
    "another attribute": "def marked(f):\n    return f.__name__ and f.__doc__ and f\n",
    "it asks before": "def marked(f):\n    if hasattr(f, '__code__'):\n        f.__code__\n    return f\n",
    "it asks for a function": (
        "import inspect\ndef marked(f):\n    if inspect.isfunction(f):\n        f.__code__\n    return f\n"
    ),
    "it makes do without": (
        "def marked(f):\n    try:\n        f.__code__\n    except AttributeError:\n        pass\n"
        "    return f\n"
    ),
    "of another function": "def marked(f):\n    print(marked.__code__)\n    return f\n",
    "of what it passes on": "def marked(f):\n    def g(h):\n        return h.__code__\n    return g\n",
    "none is defined": "from elsewhere import marked\n",
    "a class": "class marked:\n    def __init__(self, f):\n        f.__code__\n",
    "without parameters": "def marked():\n    print(f.__code__)\n",
}


@pytest.mark.parametrize("twin", TWINS)
def test_others_do_not_mind(tmp_path: Path, twin: str) -> None:
    assert refusal(tmp_path, {"src/package/a.py": TWINS[twin] + USES}) is None


def test_a_cache_that_is_there_shows_that_it_does_not_matter(tmp_path: Path) -> None:
    uses = "import functools\n@marked\n@functools.lru_cache\ndef function(n):\n    return n\n"
    assert refusal(tmp_path, {"src/package/a.py": CODE + uses}) is None


def test_files_that_cannot_be_read_are_left_alone(tmp_path: Path) -> None:
    uses = "from .utils import marked\n" + USES
    assert refusal(tmp_path, {"src/package/utils.py": "def (", "src/package/a.py": uses}) is None
