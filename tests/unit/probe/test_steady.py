"""Options of plugins that make runs differ are set, and what was switched off is noted."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from hitrate.probe import steady


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(steady, "_SAID", str(tmp_path))
    return tmp_path


def set_by(**options: object) -> dict[str, object]:
    config = SimpleNamespace(option=SimpleNamespace(**options))
    steady.pytest_cmdline_main(config)
    return vars(config.option)


def noted(records: Path) -> set[str]:
    return {file.name for file in records.iterdir()}


@pytest.mark.parametrize(
    ("options", "after", "note"),
    [
        ({"randomly_reorganize": True}, {"randomly_reorganize": False}, "pytest-randomly"),
        ({"reverse": True}, {"reverse": False}, "pytest-reverse"),
        ({"lf": True, "stepwise": False}, {"lf": False, "stepwise": False}, "pytest-cache"),
        ({"store_durations": True}, {"store_durations": False}, "pytest-split"),
        (
            {"random_order_bucket": "module", "random_order_seed": "7", "random_order_enabled": True},
            {"random_order_bucket": "none", "random_order_seed": "7", "random_order_enabled": False},
            "pytest-random-order",
        ),
    ],
)
def test_what_makes_runs_differ_is_switched_off_and_noted(
    records: Path, options: dict[str, object], after: dict[str, object], note: str
) -> None:
    assert set_by(**options) == after
    assert noted(records) == {note}


@pytest.mark.parametrize(
    ("options", "after"),
    [
        ({}, {}),
        ({"randomly_seed": "last"}, {"randomly_seed": 0}),
        ({"randomly_seed": 5}, {"randomly_seed": 5}),
        ({"hypothesis_seed": None}, {"hypothesis_seed": "0"}),
        ({"hypothesis_seed": "9"}, {"hypothesis_seed": "9"}),
        ({"reportchars": "xXs"}, {"reportchars": "xXsfE"}),
        ({"reportchars": "N"}, {"reportchars": "NfE"}),
        ({"reportchars": None, "no_summary": True}, {"reportchars": None, "no_summary": False}),
        ({"lf": False, "reverse": "other"}, {"lf": False, "reverse": "other"}),
    ],
)
def test_seeds_are_fixed_where_none_was_chosen_and_nothing_is_noted(
    records: Path, options: dict[str, object], after: dict[str, object]
) -> None:
    assert set_by(**options) == after
    assert noted(records) == set()


def test_plugins_that_run_tests_again_are_taken_out(records: Path) -> None:
    gone: list[str] = []

    def unregister(*, name: str) -> None:
        gone.append(name)

    manager = SimpleNamespace(hasplugin=lambda name: name in ("flaky", "pytest-retry"), unregister=unregister)
    config = SimpleNamespace(pluginmanager=manager, option=SimpleNamespace(global_retries=2))
    steady.pytest_configure(config)
    assert gone == ["flaky", "pytest-retry"]
    assert noted(records) == {"pytest-retry"}
