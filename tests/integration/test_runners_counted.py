"""Runners of all kinds: what they run is counted as it happens, in every process of theirs.

The sample notes its own calls, each with its process and its run; hits and misses must be those that the
notes tell. Runners that Hitrate's own tests do not need are those of the environment HITRATE_RUNNERS, where
they are there: `.ci/runners` makes one. Nothing is installed while the tests run.
"""

import json
import os
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.repositories import SOURCE, hitrate, new_repository

pytestmark = pytest.mark.slow

RUNNERS = Path(os.environ.get("HITRATE_RUNNERS", sys.prefix))
SITE = next((RUNNERS / "lib").glob("python*/site-packages"))
PRICES = """
import os

def rate(land, year=0):
    if "CALLS" in os.environ:
        line = f"{os.environ['PYTHONPYCACHEPREFIX']} {os.getpid()} {land}{year}\\n"
        with open(os.environ["CALLS"], "ab", buffering=0) as stream:
            stream.write(line.encode())
    return len(land) + year

def total(land, n):
    return sum(rate(land, i % 3) for i in range(n))
"""
PLAIN = """
import pytest
from prices import rate, total

@pytest.mark.parametrize("n", range(6))
def test_total(n):
    assert total("de", n + 3) > 0

@pytest.mark.parametrize("land", ["fr", "it", "fr", "it"])
def test_rate(land):
    assert rate(land) == rate(land)
"""
GROUPED = PLAIN.replace("def test_total", "@pytest.mark.xdist_group('a')\ndef test_total")
GROUPED = GROUPED.replace("def test_rate", "@pytest.mark.xdist_group('b')\ndef test_rate")
# Threads take turns: of calls that overlap, several may be computed, with a real cache too.
ASYNCIO = """
import asyncio, pytest
from prices import rate, total
{mark}
async def test_total():
    await asyncio.sleep(0)
    assert total("de", 6)
{mark}
async def test_rates():
    async def one():
        await asyncio.sleep(0)
        return rate("fr")
    assert len(await asyncio.gather(*(one() for _ in range(4)))) == 4
    for _ in range(4):
        assert await asyncio.to_thread(rate, "it")
"""
TRIO = """
import trio
from prices import rate, total
async def test_total():
    await trio.sleep(0)
    assert total("de", 6)
async def test_rates():
    for _ in range(3):
        await trio.to_thread.run_sync(rate, "fr")
"""
ANYIO = """
import anyio, pytest
from prices import rate, total
pytestmark = pytest.mark.anyio
async def test_total():
    await anyio.sleep(0)
    assert total("de", 6)
async def test_rates():
    for _ in range(3):
        await anyio.to_thread.run_sync(rate, "fr")
"""
HYPOTHESIS = """
from hypothesis import given, settings, strategies, target
from prices import rate
@settings(max_examples=50, deadline=None)
@given(strategies.integers(0, 30))
def test_rate(n):
    target(n)
    assert rate("de", n) >= 2
"""
NATIVE_SUBTESTS = """
from prices import rate
def test_rate(subtests):
    for n in range(5):
        with subtests.test(n=n):
            assert rate("de", n % 2)
"""
SUBTESTS = """
import unittest
from prices import rate
class Test(unittest.TestCase):
    def test_rate(self):
        for n in range(5):
            with self.subTest(n=n):
                self.assertTrue(rate("de", n % 2))
"""
MANAGE = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
DATABASE = '{"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}'
DJANGO = {
    "manage.py": MANAGE,
    "shop/__init__.py": "",
    "shop/settings.py": f"SECRET_KEY = 'x'\nINSTALLED_APPS = ['shop']\nDATABASES = {DATABASE}\n",
    "shop/tests.py": """
from django.test import SimpleTestCase, TestCase
from prices import rate, total
class WithDatabase(TestCase):
    def test_total(self):
        self.assertTrue(total("de", 6))
    def test_rate(self):
        for n in range(4):
            with self.subTest(n=n):
                self.assertTrue(rate("it"))
class Without(SimpleTestCase):
    def test_rate(self):
        self.assertEqual(rate("fr"), rate("fr"))
""",
}
IGNORED = "__pycache__/\n.pytest_cache/\n.venv/\n.tox/\n.nox/\n.pdm-python\n.hypothesis/\nuv.lock\n"
WITHOUT_INDEX = f"PYTHONPATH={SITE}"
TOX = f"""
[tox]
envlist = one, two
skipsdist = true
[testenv]
skip_install = true
passenv = CALLS, PYTHONPYCACHEPREFIX, PYTEST_ADDOPTS
setenv =
    {WITHOUT_INDEX}
    PYTEST_DISABLE_PLUGIN_AUTOLOAD = 1
commands = python -m pytest {{posargs}}
"""
NOX = f"""
import nox
@nox.session(venv_backend="uv")
def tests(session):
    given = {{"PYTHONPATH": {str(SITE)!r}, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}}
    session.run("python", "-m", "pytest", *session.posargs, env=given)
"""
NO_PACKAGE = "[project]\nname = 'shop'\nversion = '1'\nrequires-python = '>=3.9'\n"
HATCH = f"""
{NO_PACKAGE}
[tool.hatch.envs.hatch-test]
skip-install = true
dependencies = []
[tool.hatch.envs.hatch-test.scripts]
run = "python -m pytest{{env:HATCH_TEST_ARGS:}} {{args}}"
[tool.hatch.envs.hatch-test.env-vars]
PYTHONPATH = {str(SITE)!r}
PYTEST_DISABLE_PLUGIN_AUTOLOAD = "1"
"""


@dataclass(frozen=True)
class Runner:
    """A way to run the sample's tests.

    Attributes:
        command: The test command.
        needs: Modules and programs without which it does not run.
        tests: Its tests, or the files of a project.
        options: For pytest.
        processes: How many import the sample.
    """

    command: str = "python -m pytest"
    needs: tuple[str, ...] = ()
    tests: str | dict[str, str] = PLAIN
    options: str = ""
    processes: int = 1
    count: int | None = 10

    def files(self) -> dict[str, str]:
        tests = self.tests if isinstance(self.tests, dict) else {"test_prices.py": self.tests}
        ignored = "__pycache__/\n.pytest_cache/\n.venv/\n.tox/\n.nox/\n.pdm-python\n.hypothesis/\nuv.lock\n"
        return {
            "prices.py": PRICES,
            ".gitignore": ignored,
            "pytest.ini": f"[pytest]\n{self.options}\n",
            **tests,
        }


XDIST = "addopts = -n 2"
CASES = {
    "pytest": Runner(),
    "xdist": Runner(needs=("xdist",), options=XDIST, processes=2),
    "xdist, by groups": Runner(
        needs=("xdist",), tests=GROUPED, options=f"{XDIST} --dist loadgroup", processes=2
    ),
    "xdist, by files": Runner(
        needs=("xdist",),
        tests={"test_a.py": PLAIN, "test_b.py": PLAIN},
        options=f"{XDIST} --dist loadfile",
        processes=2,
        count=20,
    ),
    "asyncio, auto": Runner(
        needs=("pytest_asyncio",), tests=ASYNCIO.format(mark=""), options="asyncio_mode = auto", count=2
    ),
    "asyncio, strict": Runner(
        needs=("pytest_asyncio",),
        tests=ASYNCIO.format(mark="@pytest.mark.asyncio"),
        options="asyncio_mode = strict",
        count=2,
    ),
    "trio": Runner(needs=("pytest_trio",), tests=TRIO, options="trio_mode = true", count=2),
    "anyio": Runner(needs=("anyio", "trio"), tests=ANYIO, count=4),
    "hypothesis": Runner(needs=("hypothesis",), tests=HYPOTHESIS, count=1),
    "randomly": Runner(needs=("pytest_randomly",)),
    "random order": Runner(needs=("random_order",), options="addopts = --random-order"),
    "split": Runner(needs=("pytest_split",), options="addopts = --splits 2 --group 1", count=5),
    "split, storing": Runner(
        needs=("pytest_split",), options="addopts = --splits 2 --group 2 --store-durations", count=5
    ),
    "rerunfailures": Runner(needs=("pytest_rerunfailures",), options="addopts = --reruns 2"),
    "native subtests": Runner(needs=("_pytest/subtests.py",), tests=NATIVE_SUBTESTS, count=1),
    "unittest": Runner("python -m unittest", tests=SUBTESTS, count=1),
    "Django": Runner("python manage.py test", ("django",), DJANGO, count=3),
    "Django, parallel": Runner(
        "python manage.py test --parallel 2", ("django",), DJANGO, processes=3, count=3
    ),
    "tox, parallel": Runner(
        "tox -p", ("tox",), {"tox.ini": TOX, "test_prices.py": PLAIN}, processes=2, count=None
    ),
    "nox, by uv": Runner("nox", ("nox", "uv"), {"noxfile.py": NOX, "test_prices.py": PLAIN}),
    "uv run": Runner(
        "uv run --offline python -m pytest",
        ("uv",),
        {"pyproject.toml": f"{NO_PACKAGE}[tool.uv]\npackage = false\n", "test_prices.py": PLAIN},
    ),
    "hatch": Runner("hatch test .", ("hatch",), {"pyproject.toml": HATCH, "test_prices.py": PLAIN}),
    "pdm run": Runner(
        "pdm run python -m pytest",
        ("pdm",),
        {"pyproject.toml": f"{NO_PACKAGE}[tool.pdm]\ndistribution = false\n", "test_prices.py": PLAIN},
    ),
}
PLUGINS = {
    "xdist": "xdist",
    "pytest_asyncio": "asyncio",
    "pytest_trio": "trio",
    "anyio": "anyio",
    "pytest_randomly": "randomly",
    "random_order": "random_order",
    "pytest_split": "pytest-split",
    "pytest_rerunfailures": "rerunfailures",
}


def environment(runner: Runner, calls: Path) -> dict[str, str]:
    """That of the runners, in which only the plugins are loaded that a runner is about."""
    others = [f"-p no:{plugin}" for module, plugin in PLUGINS.items() if module not in runner.needs]
    tools_of_its_own = any(tool in runner.needs for tool in ("tox", "nox", "hatch"))
    own = {
        "PATH": f"{RUNNERS / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTEST_ADDOPTS": "" if tools_of_its_own else " ".join(others),
        "CALLS": str(calls),
        "CI": "",
        "UV_OFFLINE": "1",
        "UV_PYTHON": str(RUNNERS / "bin" / "python"),
        "VIRTUAL_ENV": str(RUNNERS) if "pdm" in runner.needs else "",
        "PYTHONPATH": f"{SOURCE}",
    }
    return own | ({"PYTHONPATH": f"{SOURCE}{os.pathsep}{SITE}"} if {"uv", "pdm"} & {*runner.needs} else {})


def is_there(needed: str) -> bool:
    module = SITE / needed
    return module.exists() or module.with_suffix(".py").exists() or (RUNNERS / "bin" / needed).exists()


def by_run(calls: Path) -> list[dict[str, list[str]]]:
    """Keys of the calls in each process of each run, in order."""
    runs: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in calls.read_text().splitlines():
        run, process, key = line.rsplit(" ", 2)
        runs[run][process].append(key)
    return list(runs.values())


@pytest.mark.parametrize(
    ("name", "effort"),
    [*((name, "standard") for name in CASES), *((name, "quick") for name in CASES if "," in name)],
)
def test_calls_hits_and_processes(tmp_path: Path, name: str, effort: str) -> None:
    runner = CASES[name]
    if missing := [needed for needed in runner.needs if not is_there(needed)]:
        pytest.skip(f"not installed: {', '.join(missing)}; .ci/runners has it")
    tree = new_repository(tmp_path / "tree", runner.files())
    report, calls = tmp_path / "report.json", tmp_path / "calls"
    options = ("--effort", effort, "--json", str(report), "--function", "prices.py::rate")
    done = hitrate(tree, "run", *options, "--test-command", runner.command, **environment(runner, calls))
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(report.read_text())
    figures = told["functions"][0]
    first, *others = by_run(calls)
    assert figures["calls"] == sum(map(len, first.values()))
    looked_at = others[0] if effort == "quick" else first
    # With a cache in place the sample itself notes the misses alone.
    misses = sum(len({*keys}) if effort == "standard" else len(keys) for keys in looked_at.values())
    assert (figures["hits"], figures["misses"]) == (figures["calls"] - misses, misses)
    assert told["suite"]["processes"] == {"expected": runner.processes, "received": runner.processes}
    assert told["suite"]["tests"] == runner.count
    assert {path.name for path in tree.iterdir()} >= {"prices.py"}
    assert not (tree / ".test_durations").exists()
