"""Runs code of the tests under the recorder, in this process."""

import importlib
import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from hitrate.trace import deployment
from hitrate.trace.reader import Trace, read

_serial = itertools.count()


class Observation:
    """A recorder of its own, and what it wrote."""

    def __init__(self, scratch: Path) -> None:
        token = f"t{next(_serial)}"
        self.instrument = deployment.recording(scratch / token, token)
        sys.path.append(str(self.instrument.folder))
        try:
            self.recorder = importlib.import_module(self.instrument.module)
        finally:
            sys.path.remove(str(self.instrument.folder))

    def observe(self, slot: int, **options: Any) -> Callable[[Any], Any]:
        return self.recorder.observe(slot, **options)

    @property
    def economy(self) -> ModuleType:
        """What recording may cost here: other recorders have a module of their own."""
        return importlib.import_module(self.recorder.__package__ + ".economy")

    def trace(self) -> Trace:
        return read(self.instrument.records)
