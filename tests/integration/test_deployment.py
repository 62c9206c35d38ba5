"""The probe as it is laid out: only what is asked for, reached by patched code in any environment."""

import subprocess
import sys
from pathlib import Path

import pytest

from hitrate.trace import deployment as instrument
from hitrate.trace.deployment import Instrument, ProbePart
from tests.integration.interpreters import INTERPRETERS


def files(probe: Instrument) -> set[str]:
    folder = probe.folder / probe.package
    return {str(path.relative_to(folder)) for path in folder.rglob("*.py")}


def test_only_what_is_asked_for_is_laid_out(tmp_path: Path) -> None:
    plain = files(instrument.recording(tmp_path / "plain", "a"))
    overseen = files(instrument.recording(tmp_path / "overseen", "b", ProbePart.ORACLE))
    compared = files(instrument.recording(tmp_path / "compared", "c", ProbePart.ORACLE, ProbePart.RESULT_LOG))
    assert {Path(name).parts[0] for name in plain} == {"__init__.py", "recording"}
    assert {Path(name).parts[0] for name in overseen - plain} == {"oracle"}
    assert compared - overseen == {"oracle/resultlog.py"}
    counted = files(instrument.counting(tmp_path / "counted", "d"))
    assert counted == {"__init__.py", "counter/__init__.py", "counter/counter.py"}
    reversed_ = files(instrument.recording(tmp_path / "reversed", "e", ProbePart.REVERSED_ORDER))
    assert reversed_ - plain == {"reversed_order.py"}


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
@pytest.mark.parametrize("kind", ["recording", "counting"])
def test_patched_code_reaches_it_in_any_environment(kind: str, interpreter: str, tmp_path: Path) -> None:
    """Isolated, without site, with no variable at all; ``sys.path`` is as before, Hitrate not there."""
    parts = (ProbePart.ORACLE, ProbePart.RESULT_LOG) if kind == "recording" else ()
    probe = getattr(instrument, kind)(tmp_path / "run it", "x", *parts)
    code = (
        "import sys; before = [*sys.path]\n"
        f"{probe.preamble}\n"
        "assert sys.path == before\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'hitrate']\n"
        f"decorate = getattr({instrument.ALIAS}, 'observe', None) or {instrument.ALIAS}.count\n"
        "@decorate(0)\ndef double(n):\n    return 2 * n\n"
        "assert [double(n) for n in (1, 2, 1)] == [2, 4, 2]\n"
    )
    program = tmp_path / "program.py"
    program.write_text(code)
    command = f"exec '{interpreter}' -I -S -W error '{program}'"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, env={}, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    endings = {path.suffix for path in probe.records.iterdir()}
    assert endings >= ({".trace", ".ledger"} if kind == "recording" else {".counts"})


def test_two_probes_live_in_one_process(tmp_path: Path) -> None:
    """Hitrate measures Hitrate too."""
    first, second = instrument.recording(tmp_path / "1", "a"), instrument.recording(tmp_path / "2", "b")
    code = (
        f"{first.preamble}\none = {instrument.ALIAS}\n{second.preamble}\nother = {instrument.ALIAS}\n"
        "assert one is not other\n"
        "@one.observe(0)\n@other.observe(0)\ndef double(n):\n    return 2 * n\n"
        "assert double(2) == 4\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
    assert all([*probe.records.glob("*.trace")] for probe in (first, second))
