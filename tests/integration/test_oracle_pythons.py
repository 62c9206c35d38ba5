"""The oracle as it is laid out, in every CPython that is there."""

import json
import subprocess
from pathlib import Path

import pytest

from hitrate.trace import deployment
from hitrate.trace.deployment import ProbePart
from tests.integration.interpreters import INTERPRETERS

SPECIMENS = Path(__file__).parents[1] / "projects" / "oracle" / "specimens.py"
EXPECTED = {
    "harmless": [],
    "stale_clock": ["reads:clock", "stale"],
    "stale_directory": ["reads:cwd", "stale"],
    "stale_random": ["reads:random", "stale"],
    "reads_environment": ["reads:environment"],
    "reads_directory": ["reads:cwd"],
    "reads_files": ["reads:file"],
    "aliased": ["aliased"],
    "typed": ["typed"],
    "prints": ["effect:output"],
    "logs": ["effect:log"],
    "writes": ["effect:write"],
    "counts": ["global"],
    "refused": ["refused"],
    "one_shot": ["one-shot"],
    "undoes": [],
    "seeded": [],
    "draws": ["reads:random"],
    "unseeded": ["reads:random"],
    "generator": ["aliased"],
    "sets_variable": ["effect:system"],
    "warns": ["effect:warning"],
    "inserts": ["reads:database", "effect:write"],
    "asks_its_caller": ["reads:caller"],
    "counts_on_class": ["global"],
    "starts_thread": [],
    "leaves_thread_running": ["effect:thread"],
    "computes_in_pool": [],
    "told_apart": ["identity"],
    "compared": ["identity"],
    "kept_apart": ["identity"],
    "only_read": [],
    "told_by_number": ["identity"],
    "noted": ["identity"],
    "listed": ["identity"],
    "noted_alike": [],
    "reads_a_number": ["changed"],
    "reads_a_mode": ["changed"],
    "reads_a_path": ["changed"],
    "reads_what_stays": [],
    "reads_a_parser": ["changed"],
    "reads_an_entry": ["changed"],
    "reads_another_entry": [],
    "reads_features": ["changed"],
    "reads_handlers": ["changed"],
    "reads_a_level": ["changed"],
    "dispatches": ["changed"],
    "reads_the_zone": ["changed"],
    "reads_the_weekday": ["changed"],
    "reads_a_year": [],
}


@pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda path: Path(path).name)
def test_specimens(interpreter: str, tmp_path: Path) -> None:
    probe = deployment.recording(tmp_path / "probe", "t1", ProbePart.ORACLE)
    done = subprocess.run(
        [interpreter, "-W", "error", str(SPECIMENS), str(probe.folder), probe.package],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
