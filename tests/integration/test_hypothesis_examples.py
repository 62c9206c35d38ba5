"""Examples that a project has Hypothesis keep, wherever it says, make no run differ from another."""

import json
import os
from pathlib import Path

import pytest

from tests.integration.repositories import SOURCE, fingerprint, hitrate, new_repository

pytestmark = pytest.mark.slow

PRICES = "import os\n\ndef rate(n):\n    return n % 7\n"
TESTS = """
import os
from hypothesis import given, settings, strategies, target
import pytest
from prices import rate

def seen(name, n):
    with open(os.environ["SEEN"], "a") as stream:
        stream.write(f"{name} {n} ")

@settings(max_examples=40, deadline=None)
@given(strategies.integers(0, 10**9))
def test_aimed(n):
    seen("aimed", n)
    target(rate(n))

@pytest.mark.xfail(strict=True)
@given(strategies.integers())
def test_failing(n):
    seen("failing", n)
    assert rate(n) == 0 or n < 1000

def test_end():
    with open(os.environ["SEEN"], "a") as stream:
        stream.write("\\n")
"""
BY_VARIABLE = "import os\nos.environ['HYPOTHESIS_STORAGE_DIRECTORY'] = os.environ['KEPT']\n"
BY_PROFILE = """
import os
from hypothesis import settings
from hypothesis.database import {database}
settings.register_profile("own", database={made})
settings.load_profile("own")
"""
FOLDER = "DirectoryBasedExampleDatabase(os.environ['KEPT'])"
BY_FUNCTION = "import os\nfrom hypothesis.configuration import set_hypothesis_home_dir\n"
BY_FUNCTION += "set_hypothesis_home_dir(os.environ['KEPT'])\n"
WAYS = {
    "nothing said": "",
    "by the variable": BY_VARIABLE,
    "by a function": BY_FUNCTION,
    "by a profile": BY_PROFILE.format(database="DirectoryBasedExampleDatabase", made=FOLDER),
    "joined": BY_PROFILE.format(
        database="DirectoryBasedExampleDatabase, InMemoryExampleDatabase, MultiplexedDatabase",
        made=f"MultiplexedDatabase(InMemoryExampleDatabase(), {FOLDER})",
    ),
    "in memory": BY_PROFILE.format(
        database="InMemoryExampleDatabase, ReadOnlyDatabase", made="InMemoryExampleDatabase()"
    ),
    "not at all": BY_PROFILE.format(database="ExampleDatabase", made="None"),
}
KEPT_ALREADY = """
import os
from hypothesis.database import DirectoryBasedExampleDatabase
from hypothesis import settings

class Noting(DirectoryBasedExampleDatabase):
    def fetch(self, key):
        return super().fetch(key)

def test_what_is_kept_is_read_and_what_changes_is_seen_until_the_end():
    plain = DirectoryBasedExampleDatabase(os.environ["KEPT"])
    assert set(plain.fetch(b"key")) == {b"old"}
    plain.save(b"key", b"new")
    plain.save(b"key", b"old")
    assert sorted(plain.fetch(b"key")) == [b"new", b"old"]
    plain.move(b"key", b"other", b"old")
    same = Noting(os.environ["KEPT"])
    again = DirectoryBasedExampleDatabase(os.environ["KEPT"])
    assert list(again.fetch(b"key")) == [b"new"]
    assert list(again.fetch(b"other")) == [b"old"]
    again.delete(b"key", b"new")
    again.delete(b"key", b"never there")
    assert list(plain.fetch(b"key")) == []
    assert list(same.fetch(b"none")) == []
"""


def environment(tmp_path: Path) -> dict[str, str]:
    """As on somebody's own machine: Hypothesis keeps nothing where it sees a job of CI."""
    return {
        **dict.fromkeys(("CI", "GITHUB_ACTIONS", "TF_BUILD"), ""),
        "PYTHONPATH": f"{SOURCE}",
        "SEEN": str(tmp_path / "seen"),
        "KEPT": str(tmp_path / "kept"),
    }


@pytest.mark.parametrize("way", WAYS)
def test_all_runs_see_the_same_examples(tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("CI", "TF_", "GITHUB_"))]:
        monkeypatch.delenv(name)
    files = {"prices.py": PRICES, "test_it.py": TESTS, "conftest.py": WAYS[way]}
    tree = new_repository(tmp_path / "tree", files)
    report = tmp_path / "report.json"
    options = ("--effort", "quick", "--json", str(report), "--function", "prices.py::rate")
    before = fingerprint(tree)
    done = hitrate(tree, "run", *options, "--test-command", "python -m pytest", **environment(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    plain, cached = (tmp_path / "seen").read_text().splitlines()
    assert plain.count("aimed") >= 40
    assert plain.count("failing") >= 2
    assert plain == cached
    figures = json.loads(report.read_text())["functions"][0]
    drawn = [word for word in plain.split() if word not in ("aimed", "failing")]
    assert figures["calls"] == len(drawn)
    assert not [*(tmp_path / "kept").rglob("examples")]
    assert not (tmp_path / "kept").exists() or way in {"by the variable", "by a function"}
    assert fingerprint(tree) == before


def test_what_the_project_kept_is_read_and_stays(tmp_path: Path) -> None:
    from hypothesis.database import DirectoryBasedExampleDatabase  # noqa: PLC0415

    kept = DirectoryBasedExampleDatabase(tmp_path / "kept")
    kept.save(b"key", b"old")
    files = {"prices.py": PRICES, "test_it.py": f"from prices import rate\nrate(1)\n{KEPT_ALREADY}"}
    tree = new_repository(tmp_path / "tree", files)
    options = ("--effort", "quick", "--function", "prices.py::rate", "--test-command", "python -m pytest")
    done = hitrate(tree, "run", *options, **environment(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(kept.fetch(b"key")) == {b"old"}
    assert set(kept.fetch(b"other")) == set()
