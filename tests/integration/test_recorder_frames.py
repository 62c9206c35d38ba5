"""Wrappers are ordinary code, however frames, tracers, debuggers and coverage look at them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hitrate.trace import deployment
from hitrate.trace.deployment import Instrument, ProbePart
from tests.integration.interpreters import INTERPRETERS

SCRIPT = Path(__file__).parents[1] / "projects" / "frames.py"


@pytest.fixture
def probe(tmp_path: Path) -> Instrument:
    return deployment.recording(tmp_path / "run", "x", ProbePart.ORACLE)


def run(*command: str, **variables: str) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **variables}, timeout=300
    )
    assert done.returncode == 0, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
@pytest.mark.parametrize("parts", [(), (ProbePart.ORACLE,)], ids=["recorded", "overseen"])
def test_whoever_looks(interpreter: str, parts: tuple[ProbePart, ...], tmp_path: Path) -> None:
    probe = deployment.recording(tmp_path / "run", "x", *parts)
    run(interpreter, "-W", "error", str(SCRIPT), str(probe.folder), probe.module)


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_the_script_holds_without_wrappers(interpreter: str, probe: Instrument) -> None:
    run(interpreter, "-W", "error", str(SCRIPT), str(probe.folder), probe.module, "plain")


CORES = ["ctrace", "pytrace", *(["sysmon"] if sys.version_info >= (3, 12) else [])]


@pytest.mark.parametrize("core", CORES)
def test_coverage_sees_the_same_lines(core: str, probe: Instrument, tmp_path: Path) -> None:
    pytest.importorskip("coverage")
    code = tmp_path / "shop.py"
    code.write_text(
        f"{probe.preamble}\nobserve = {deployment.ALIAS}.observe\n"
        "class Base:\n    def price(self, n):\n        return n\n"
        "class Book(Base):\n    @observe(0)\n    def price(self, n):\n"
        "        if n > 2:\n            return 0\n        return super().price(n)\n"
        "assert [Book().price(n) for n in (1, 2, 1)] == [1, 2, 1]\n"
    )
    data = tmp_path / "coverage"
    coverage = (sys.executable, "-m", "coverage")
    run(*coverage, "run", "--data-file", str(data), str(code), COVERAGE_CORE=core)
    told = run(*coverage, "report", "--data-file", str(data), "-m", "--include", str(code))
    assert told.splitlines()[2].split()[-1] == "10", told


def test_a_test_that_fails_as_expected_shows_its_locals(probe: Instrument, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        f"{probe.preamble}\nobserve = {deployment.ALIAS}.observe\n"
        "class Base:\n    def price(self, n):\n        return 1 // n\n"
        "class Book(Base):\n    @observe(0)\n    def price(self, n):\n"
        "        doubled = 2 * n\n        return super().price(n) + doubled\n"
    )
    (tmp_path / "test_shop.py").write_text(
        "import pytest\nfrom shop import Book\n"
        "@pytest.mark.xfail\ndef test_expected():\n    assert Book().price(0)\n"
        "def test_after():\n    assert Book().price(1) == 3\n"
    )
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--showlocals", "--xfail-tb", "-rx")
    told = run(*command, str(tmp_path), PYTEST_ADDOPTS="")
    assert "1 passed, 1 xfailed" in told, told
    assert "doubled    = 0" in told, told
