"""How patched code reaches the probe: a package under a name of its own, by absolute path."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from hitrate.testrun.run import Suite

ALIAS = "_hitrate_probe"
PROBE = Path(__file__).parents[1] / "probe"


class ProbePart(StrEnum):
    """What of the probe a run needs; the value is its place in the package, a folder or a file."""

    RECORDING = "recording"
    ORACLE = "oracle"
    RESULT_LOG = "oracle/resultlog.py"
    COUNTER = "counter"
    REVERSED_ORDER = "reversed_order.py"
    STEADY = "steady.py"
    REACH = "reach"
    PASSES = "passes"


RECORDER, COUNTER, STEADY = "recording.recorder", "counter.counter", "steady"
REACH = "reach.plugin"
PASSES, PASSES_PLUGIN = "passes.decorator", "passes.plugin"
"""Modules that patched code uses, and those that pytest loads."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A probe that was laid out for one run.

    Attributes:
        package: Its unique name (Hitrate analyses Hitrate too).
        module: The module in it that patched code uses.
        folder: Where the package lies; the tests only read it.
        records: Where the project's processes write what they saw; the tests may write here.
    """

    package: str
    module: str
    folder: Path
    records: Path

    @property
    def preamble(self) -> str:
        """One line of Python that binds the module to ``_hitrate_probe``, under any environment."""
        place = repr(str(self.folder))
        return (
            f"import sys as _hitrate_sys; _hitrate_sys.path.append({place}); "
            f"import {self.module} as {ALIAS}; _hitrate_sys.path.remove({place})"
        )


def recording(scratch: Path, token: str, *parts: ProbePart) -> Instrument:
    """Lay out, for one run, the probe that records calls.

    Args:
        scratch: An empty or missing folder for this run.
        token: What makes the package's name unique, letters and digits.
        parts: What is wanted besides.

    Returns:
        The instrument; the probe writes to ``records``, beside its package's folder.
    """
    return _deployed(scratch, token, RECORDER, (ProbePart.RECORDING, *parts))


def counting(scratch: Path, token: str) -> Instrument:
    """Lay out, for one run, the probe that counts what real caches do; the rest as for recording."""
    return _deployed(scratch, token, COUNTER, (ProbePart.COUNTER,))


def steadying(scratch: Path, token: str) -> Instrument:
    """Lay out the plugin of pytest that keeps runs alike; the rest as for recording."""
    return _deployed(scratch, token, STEADY, (ProbePart.STEADY,))


def reaching(scratch: Path, token: str, tree: Path, python: Collection[str]) -> Instrument:
    """Lay out, for one run, the pytest plugin that notes which tests reach what; the rest as for recording.

    Args:
        scratch: An empty or missing folder for this run.
        token: What makes the package's name unique, letters and digits.
        tree: The working tree.
        python: The paths of its Python files.
    """
    instrument = _deployed(scratch, token, REACH, (ProbePart.REACH,))
    known = {"tree": str(tree), "python": sorted(python)}
    (instrument.folder / instrument.package / "tree.json").write_text(json.dumps(known), encoding="utf-8")
    return instrument


def passing(scratch: Path, token: str) -> Instrument:
    """Lay out, for one trial, the probe that makes passes over the tests; the rest as for recording."""
    return _deployed(scratch, token, PASSES, (ProbePart.PASSES,))


def loading(suite: Suite, instrument: Instrument, module: str | None = None) -> Suite:
    """The same command, whose pytest loads an instrument as a plugin.

    Args:
        suite: The tests.
        instrument: What was laid out.
        module: Which module of it pytest loads; None is the one that it was laid out for.
    """
    given = suite.environment
    plugin = f"{instrument.package}.{module}" if module else instrument.module
    options = " ".join(filter(None, (given.get("PYTEST_ADDOPTS"), f"-p {plugin}")))
    path = ":".join(filter(None, (str(instrument.folder), given.get("PYTHONPATH"))))
    return replace(suite, environment={**given, "PYTEST_ADDOPTS": options, "PYTHONPATH": path})


def _deployed(scratch: Path, token: str, module: str, parts: tuple[ProbePart, ...]) -> Instrument:
    folder, records = scratch / "probe", scratch / "records"
    package = f"hitrate_{token}"
    (folder / package).mkdir(parents=True)
    records.mkdir()
    records.chmod(0o777)  # the tests may run as another user
    for file in _files(parts):
        (folder / package / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / package / file).write_bytes((PROBE / file).read_bytes())
    return Instrument(package, f"{package}.{module}", folder, records)


def _files(parts: tuple[ProbePart, ...]) -> Iterator[Path]:
    """The files of these parts, less those that are another part's, relative to the probe."""
    yield Path("__init__.py")
    left_out = {Path(part) for part in ProbePart} - {Path(part) for part in parts}
    for part in parts:
        place = PROBE / part
        for file in sorted(place.rglob("*.py")) if place.is_dir() else (place,):
            if file.relative_to(PROBE) not in left_out:
                yield file.relative_to(PROBE)
