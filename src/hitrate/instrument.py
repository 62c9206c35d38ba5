"""How patched code reaches the probe: a file under a module name of its own, by absolute path."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ALIAS = "_hitrate_probe"
PROBES = Path(__file__).with_name("probe")
PARTS = {"recorder": ("tracefile", "bodies", "arguments")}
"""Files that a probe is made of, besides its own."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A probe that was laid out for one run.

    Attributes:
        module: Its unique module name (Hitrate analyses Hitrate too).
        folder: Where it lies; the tests only read it.
        records: Where the project's processes write what they saw; the tests may write here.
    """

    module: str
    folder: Path
    records: Path

    @property
    def preamble(self) -> str:
        """One line of Python that binds the probe to ``_hitrate_probe``, under any environment."""
        place = repr(str(self.folder))
        return (
            f"import sys as _hitrate_sys; _hitrate_sys.path.append({place}); "
            f"import {self.module} as {ALIAS}; _hitrate_sys.path.remove({place})"
        )


def deploy(probe: str, scratch: Path, token: str, companions: Sequence[str] = ()) -> Instrument:
    """Lay a probe out for one run.

    Args:
        probe: File name in ``hitrate/probe`` without ``.py``.
        scratch: An empty or missing folder for this run.
        token: What makes the module name unique, letters and digits.
        companions: Further files that the probe finds beside its own, under names made in the same way.

    Returns:
        The instrument; the probe writes to ``records``, beside its own file.
    """
    folder, records = scratch / "probe", scratch / "records"
    folder.mkdir(parents=True)
    records.mkdir()
    records.chmod(0o777)  # the tests may run as another user
    for name in (probe, *PARTS.get(probe, ()), *companions):
        (folder / f"hitrate_{name}_{token}.py").write_bytes((PROBES / f"{name}.py").read_bytes())
    return Instrument(f"hitrate_{probe}_{token}", folder, records)
