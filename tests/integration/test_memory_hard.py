"""Changes that memory could easily be wrong about: what is told with it is what is told without."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.integration.repositories import commit, hitrate, new_repository

pytestmark = pytest.mark.slow

OTHERS = "import pytest\n\n\n@pytest.mark.parametrize('n', range(9))\ndef test_other(n):\n    pass\n"
LIB = """
from functools import lru_cache


def inner(n):
    return sum(range(n))


@lru_cache
def table(n):
    return inner(n) + sum(range(20_000))
"""
ASKING = f"import os\n{LIB}\n\ndef asking(n):\n    return inner(n) if os.path.exists('data/flag') else n\n"
EDITED = LIB.replace("return inner(n) +", "return 0 + inner(n) +")


@dataclass(frozen=True)
class Change:
    """What is there when memory is written, and what a pull request makes of it."""

    base: dict[str, str]
    change: dict[str, str]
    gone: tuple[str, ...] = field(default=())


CHANGES = {
    "a cache that is filled while tests are collected": Change(
        {
            "lib.py": LIB,
            "test_a.py": "from lib import table\nTABLE = table(3)\n\n\ndef test_a():\n    assert TABLE\n",
            "test_b.py": (
                "from lib import table\n\n\ndef test_b():\n    for _ in range(300):\n"
                "        assert table(3)\n"
            ),
        },
        {"lib.py": EDITED},
    ),
    "a process that is spawned": Change(
        {
            "lib.py": LIB,
            "test_pool.py": (
                "import multiprocessing\n\nfrom lib import inner\n\n\ndef test_pool():\n"
                "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
                "        assert pool.map(inner, [3, 3, 4]) == [3, 3, 6]\n"
            ),
        },
        {"lib.py": LIB.replace("return sum(range(n))", "return 0 + sum(range(n))")},
    ),
    "the test that filled a cache is gone": Change(
        {
            "lib.py": LIB,
            "test_a.py": "from lib import table\n\n\ndef test_a():\n    assert table(3)\n",
            "test_b.py": "from lib import table\n\n\ndef test_b():\n    assert table(3)\n",
        },
        {"lib.py": LIB.replace("return sum(range(n))", "return 0 + sum(range(n))")},
        gone=("test_a.py",),
    ),
    "data that is only asked for": Change(
        {
            "lib.py": ASKING,
            "test_a.py": (
                "from lib import asking\n\n\ndef test_a():\n    for _ in range(300):\n"
                "        assert asking(3) == 3\n"
            ),
        },
        {
            "lib.py": ASKING.replace("return sum(range(n))", "return 0 + sum(range(n))"),
            "data/flag": "",
        },
    ),
    "a new file beside the tests, not among them": Change(
        {
            "pytest.ini": "[pytest]\ntestpaths = tests\npythonpath = .\n",
            "lib.py": LIB,
            "tests/test_a.py": "from lib import inner\n\n\ndef test_a():\n    assert inner(3) == 3\n",
        },
        {
            "lib.py": LIB.replace("return sum(range(n))", "return 0 + sum(range(n))"),
            "bench/test_bench.py": (
                "from lib import inner\n\n\ndef test_bench():\n    for n in range(99):\n        inner(n)\n"
            ),
        },
    ),
    "a name that is no UTF-8 in a folder that a test lists": Change(
        {
            "lib.py": LIB,
            "data/a.txt": "",
            "test_a.py": (
                "import os\n\nfrom lib import inner\n\n\ndef test_a():\n"
                "    assert inner(len(os.listdir('data'))) >= 0\n"
            ),
        },
        {
            "lib.py": LIB.replace("return sum(range(n))", "return 0 + sum(range(n))"),
            os.fsdecode(b"data/\xff.txt"): "",
        },
    ),
}


def told(tree: Path, *options: str) -> list[tuple[str, str, int | None, int | None, int | None]]:
    place = tree.parent / "report.json"
    done = hitrate(tree, "run", "--base", "HEAD~1", "--json", str(place), *options)
    assert done.returncode == 0, done.stderr
    return [
        (each["qualname"], each["verdict"], each["calls"], each["hits"], each["misses"])
        for each in json.loads(place.read_text())["functions"]
    ]


@pytest.mark.parametrize("name", CHANGES)
def test_with_memory_the_same_is_told(tmp_path: Path, name: str) -> None:
    change, tree = CHANGES[name], tmp_path / "tree"
    where = "tests/test_other.py" if "tests/test_a.py" in change.base else "test_other.py"
    new_repository(tree, {where: OTHERS, **change.base})
    written = hitrate(tree, "run", "--memory", str(tmp_path / "kept"))
    assert written.returncode == 0, written.stderr
    for path in change.gone:
        (tree / path).unlink()
    commit(tree, change.change)
    with_memory = told(tree, "--memory", str(tmp_path / "kept"))
    assert with_memory == told(tree)
    assert any(calls for _, _, calls, _, _ in with_memory)
