"""Tests in the reverse order, whole modules first."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.trace import deployment
from hitrate.trace.deployment import ProbePart
from tests.unit.probe import loading


class Reversal:
    """The plugin as it is laid out for one run."""

    def __init__(self, scratch: Path) -> None:
        token = loading.token()
        instrument = deployment.recording(scratch / token, token, ProbePart.REVERSED_ORDER)
        self.mark = instrument.records / "reversed"
        self.plugin = loading.loaded(instrument, "reversed_order")

    def of(self, names: list[str]) -> list[str]:
        items = [SimpleNamespace(nodeid=name) for name in names]
        self.plugin.pytest_collection_modifyitems(items)
        return [item.nodeid for item in items]


@pytest.fixture(scope="module")
def reversal(tmp_path_factory: pytest.TempPathFactory) -> Reversal:
    return Reversal(tmp_path_factory.mktemp("reversed"))


def module(name: str) -> str:
    return name.partition("::")[0]


def test_modules_are_reversed_and_each_keeps_its_order(reversal: Reversal) -> None:
    given = ["a.py::one", "a.py::K::two[x::y]", "b.py::one", "c.py::two", "c.py::one"]
    assert reversal.of(given) == ["c.py::two", "c.py::one", "b.py::one", "a.py::one", "a.py::K::two[x::y]"]
    assert reversal.of([]) == []


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 9)), max_size=12))
def test_every_test_is_run_once_and_no_module_is_left_and_entered_again(
    reversal: Reversal, chosen: list[tuple[str, int]]
) -> None:
    names = [f"{file}.py::test_{number}" for file, number in chosen]
    found = reversal.of(names)
    modules = [*dict.fromkeys(map(module, names))]
    assert found == [one for file in reversed(modules) for one in names if module(one) == file]
    assert reversal.of(reversal.of(found)) == found


def test_a_run_in_that_order_leaves_a_mark(tmp_path: Path) -> None:
    reversal = Reversal(tmp_path)
    assert not reversal.mark.exists()
    reversal.of(["a.py::one"])
    assert reversal.mark.exists()
