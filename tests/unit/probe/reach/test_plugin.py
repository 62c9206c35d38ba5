"""Which contexts a test has, by the plugin in a session of pytest within this process."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hitrate.trace import deployment
from tests.unit.probe import loading

TESTS = """
import pytest

@pytest.fixture(scope="module")
def shared():
    return 1

@pytest.fixture
def own():
    return 2

def test_alone(own):
    pass

def test_first(shared):
    pass

@pytest.mark.parametrize("text", ["a::b"])
def test_second(shared, text):
    pass
"""
BARE = ("-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception")
APART = ("-p", "no:faulthandler", "-p", "no:terminal", "--import-mode=importlib", "-c", "/dev/null")


class Session:
    """The plugin in a tree of its own. It does not watch: what is begun here are contexts only."""

    def __init__(self, scratch: Path) -> None:
        token = loading.token()
        self.tree = scratch / token
        instrument = deployment.reaching(self.tree, token, scratch, [])
        # What is laid out for no run sees nothing by itself, and its tree is the folder around it.
        (instrument.folder / instrument.package / "tree.json").unlink()
        self.plugin = loading.loaded(instrument, "reach.plugin")

    def run(self, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
        where = ("--rootdir", str(self.tree), str(self.tree), *arguments)
        assert pytest.main([*BARE, *APART, *where], plugins=[self.plugin]) == pytest.ExitCode.OK

    def lines(self, kind: str) -> list[list[Any]]:
        text = Path(self.plugin.SEEN.log.path).read_text()
        return [line[1:] for line in map(json.loads, text.splitlines()) if line[0] == kind]


@pytest.fixture
def session(tmp_path: Path) -> Session:
    made = Session(tmp_path)
    (made.tree / "tests").mkdir()
    (made.tree / "tests" / "test_it.py").write_text(TESTS)
    return made


def test_tests_that_share_a_fixture_share_its_context_and_what_ends_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.run(monkeypatch)
    contexts = {name: set(numbers) for name, numbers in session.lines("test")}
    alone, first, second = contexts.values()
    assert [*contexts] == [f"tests/test_it.py::test_{name}" for name in ("alone", "first", "second[a::b]")]
    assert len(alone) == 1
    assert not alone & (first | second)
    assert len(first & second) == 1  # the fixture's
    assert (len(first), len(second)) == (2, 3)  # the last one ends the fixture too
    ((file, collected),) = session.lines("file")
    assert file == "tests/test_it.py"
    assert not {*collected} & (alone | first | second)


@pytest.mark.parametrize(
    ("options", "worker", "excused"),
    [
        ({}, False, False),
        ({"numprocesses": 2}, False, True),
        ({"dist": "load"}, False, True),
        ({"numprocesses": None, "dist": "no"}, False, False),
        ({"dist": "load"}, True, False),
    ],
)
def test_only_a_process_that_hands_its_tests_out_may_start_others(
    session: Session, options: dict[str, object], worker: bool, excused: bool
) -> None:
    outer = SimpleNamespace(option=SimpleNamespace(**options), **({"workerinput": {}} if worker else {}))
    session.plugin.pytest_configure(outer)
    assert session.plugin.SEEN.excused is excused
    session.plugin.pytest_configure(SimpleNamespace(option=SimpleNamespace(numprocesses=int(not excused))))
    assert session.plugin.SEEN.excused is excused  # a session within a test has no say
