"""Plugins that shuffle tests, run them again or choose among them are switched off while measuring.

The plugins here are stand-ins with the real ones' names, options and hooks.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from hitrate.testrun.run import HYPOTHESIS_STORAGE, Outcome, Suite
from hitrate.testrun.run import run as run_once
from tests.integration.repositories import SOURCE, hitrate, new_repository, write

pytestmark = pytest.mark.slow

RANDOMLY = """
import random
def pytest_addoption(parser):
    group = parser.getgroup("randomly")
    group.addoption("--randomly-seed", dest="randomly_seed", default="default")
    off = {"action": "store_false", "dest": "randomly_reorganize", "default": True}
    group.addoption("--randomly-dont-reorganize", **off)
def pytest_configure(config):
    if config.option.randomly_seed == "default":
        config.option.randomly_seed = random.SystemRandom().getrandbits(32)
def pytest_runtest_call(item):
    random.seed(int(item.config.option.randomly_seed))
def pytest_collection_modifyitems(config, items):
    if config.option.randomly_reorganize:
        items[:] = items[1:] + items[:1]
"""
RANDOM_ORDER = """
def pytest_addoption(parser):
    group = parser.getgroup("random-order")
    group.addoption("--random-order", action="store_true", dest="random_order_enabled")
    group.addoption("--random-order-bucket", dest="random_order_bucket", default="default:module")
def pytest_collection_modifyitems(config, items):
    if config.option.random_order_enabled or config.option.random_order_bucket == "global":
        items[:] = items[2:] + items[:2]
"""
REVERSE = """
def pytest_addoption(parser):
    parser.getgroup("reverse").addoption("--reverse", action="store_true", dest="reverse")
def pytest_collection_modifyitems(config, items):
    if config.option.reverse:
        items.reverse()
"""
RERUNNING = """
from _pytest.runner import runtestprotocol
def pytest_addoption(parser):
    parser.getgroup("rerun").addoption("--reruns", type=int)
def pytest_configure(config):
    config.addinivalue_line("markers", "flaky(reruns): run again")
def pytest_runtest_protocol(item, nextitem):
    marked = item.get_closest_marker("flaky") is not None
    for _ in range(2 if marked or item.config.option.reruns else 1):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    return True
"""
SPLIT = """
import os
def pytest_addoption(parser):
    group = parser.getgroup("split")
    group.addoption("--store-durations", action="store_true", dest="store_durations")
def pytest_collection_modifyitems(config, items):
    if os.path.exists(".test_durations"):
        del items[0]
def pytest_sessionfinish(session):
    if session.config.option.store_durations:
        open(".test_durations", "w").close()
"""
PLUGINS = {
    "randomly": ("pytest_randomly", RANDOMLY),
    "random_order": ("random_order", RANDOM_ORDER),
    "reverse": ("pytest_reverse", REVERSE),
    "rerunfailures": ("pytest_rerunfailures", RERUNNING),
    "split": ("pytest_split", SPLIT),
}
TESTS = """
import os, random, pytest
from prices import rate
def seen(name):
    with open(os.environ["SEEN"], "a") as stream:
        stream.write(name)
@pytest.mark.parametrize("n", "abcdef")
def test_rate(n):
    seen(n)
    assert rate(n) == 1
{marker}
def test_last():
    seen(f"z {{random.random() if os.environ.get('DRAWS') else ''}}\\n")
"""


def installed(site: Path, *names: str) -> None:
    for name in names:
        module, source = PLUGINS[name]
        about = f"Metadata-Version: 2.1\nName: {module}\nVersion: 1\n"
        points = f"[pytest11]\n{name} = {module}\n"
        folder = f"{module}-1.dist-info"
        write(
            site, {f"{module}.py": source, f"{folder}/METADATA": about, f"{folder}/entry_points.txt": points}
        )


def analysed(
    tmp_path: Path,
    *plugins: str,
    options: str = "",
    marker: str = "",
    command: str = "python -m pytest",
    effort: str = "quick",
    **environment: str,
) -> tuple[list[str], dict[str, Any]]:
    """What each run of the tests saw, in order, and the report."""
    site = tmp_path / "site"
    installed(site, *plugins)
    files = {
        "prices.py": "def rate(land):\n    return len(land)\n",
        "test_prices.py": TESTS.format(marker=marker),
        "pytest.ini": f"[pytest]\npythonpath = .\naddopts = --strict-markers {options}\n",
    }
    tree = new_repository(tmp_path / "tree", files)
    write(tree, {"prices.py": "def rate(land):\n    # counted\n    return len(land)\n"})
    path = f"{SOURCE}{os.pathsep}{site}"
    report, seen = tmp_path / "report.json", tmp_path / "seen"
    done = hitrate(
        tree,
        "run",
        *("--effort", effort, "--json", str(report), "--test-command", command),
        PYTHONPATH=path,
        SEEN=str(seen),
        **environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return seen.read_text().splitlines(), json.loads(report.read_text())


ALIKE = "Switched off while measuring, so that runs can be compared: "


@pytest.mark.parametrize(
    ("plugin", "options", "marker", "named"),
    [
        ("randomly", "", "", "pytest-randomly's order"),
        ("random_order", "--random-order", "", "pytest-random-order's order"),
        ("random_order", "--random-order-bucket=global", "", "pytest-random-order's order"),
        ("reverse", "--reverse", "", "pytest-reverse's order"),
        ("rerunfailures", "--reruns=2", "", "pytest-rerunfailures"),
        ("rerunfailures", "", "@pytest.mark.flaky(reruns=2)", "pytest-rerunfailures"),
        ("split", "--store-durations", "", "pytest-split's record of durations"),
    ],
)
def test_it_is_switched_off_and_said(
    tmp_path: Path, plugin: str, options: str, marker: str, named: str
) -> None:
    runs, report = analysed(tmp_path, plugin, options=options, marker=marker)
    assert len(runs) >= 2
    assert {run.strip() for run in runs} == {"abcdefz"}
    assert f"{ALIKE}{named}." in report["notes"]


def test_what_would_change_nothing_is_not_said(tmp_path: Path) -> None:
    runs, report = analysed(tmp_path, "random_order", "reverse", "rerunfailures", "split")
    assert {run.strip() for run in runs} == {"abcdefz"}
    assert not [note for note in report["notes"] if note.startswith(ALIKE)]


def test_a_seed_is_the_same_in_all_runs_and_a_chosen_one_stays(tmp_path: Path) -> None:
    drawn, _ = analysed(tmp_path / "own", "randomly", DRAWS="1")
    chosen, _ = analysed(tmp_path / "chosen", "randomly", options="--randomly-seed=5", DRAWS="1")
    assert len(set(drawn)) == len(set(chosen)) == 1
    assert drawn[0] != chosen[0]


@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_a_runner_that_keeps_the_plugin_away_runs_as_it_is(tmp_path: Path, effort: str) -> None:
    runs, report = analysed(
        tmp_path, "randomly", command=f"PYTHONPATH={tmp_path / 'site'} python -m pytest", effort=effort
    )
    assert {*"".join(runs).replace(" ", "").split("a")} == {"bcdefz", ""}  # in the plugin's own order
    assert report["functions"][0]["calls"] == 6
    assert not [note for note in report["notes"] if note.startswith(ALIKE)]


def test_a_blocked_plugin_stays_blocked(tmp_path: Path) -> None:
    runs, report = analysed(
        tmp_path, "randomly", "rerunfailures", options="-p no:randomly -p no:rerunfailures"
    )
    assert {run.strip() for run in runs} == {"abcdefz"}
    assert not [note for note in report["notes"] if note.startswith(ALIKE)]


@pytest.mark.parametrize("option", ["--lf", "--failed-first", "--sw"])
def test_what_failed_last_time_chooses_no_tests(tmp_path: Path, option: str) -> None:
    last = json.dumps({"test_prices.py::test_rate[c]": True})
    write(tmp_path / "tree", {".pytest_cache/v/cache/lastfailed": last, ".pytest_cache/CACHEDIR.TAG": ""})
    runs, report = analysed(tmp_path, options=option)
    assert {run.strip() for run in runs} == {"abcdefz"}
    assert f"{ALIKE}the choice of tests by how they ended last time." in report["notes"]


def test_examples_of_hypothesis_are_not_kept(tmp_path: Path) -> None:
    code = (
        "from hypothesis import given, settings, strategies\n"
        "import os, unittest\n"
        "class Test(unittest.TestCase):\n"
        "    @settings(database=settings.get_profile('default').database)\n"
        "    @given(strategies.integers())\n"
        "    def test(self, n):\n"
        "        assert n < 1000\n"
        "print('at', os.environ['HYPOTHESIS_STORAGE_DIRECTORY'])\n"
    )
    tree = tmp_path / "tree"
    write(tree, {"test_it.py": code})
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CI", "TF_", "PYTEST"))}
    environment = {**kept, HYPOTHESIS_STORAGE: str(tree / "mine")}
    suite = Suite("python -m unittest", tree, environment)
    runs = [run_once(suite, bytecode=tmp_path / "scratch" / "bytecode") for _ in range(2)]
    places = [line.split()[1] for run in runs for line in run.tail.splitlines() if line.startswith("at ")]
    assert [run.outcome for run in runs] == [Outcome.FAILED] * 2
    assert len(set(places)) == 2
    bytecode = tmp_path / "scratch" / "bytecode"  # where whoever runs the tests may write
    assert all(Path(place).parent == bytecode and any(Path(place).iterdir()) for place in places)
    assert not (tree / ".hypothesis").exists()
    assert not (tree / "mine").exists()
