"""Modules of the probe as they are laid out for one run, loaded into this process."""

import importlib
import itertools
import sys
from types import ModuleType

from hitrate.trace.deployment import Instrument

_serial = itertools.count()


def token() -> str:
    """What makes a package's name unique in this process."""
    return f"l{next(_serial)}"


def loaded(instrument: Instrument, module: str) -> ModuleType:
    """A module of an instrument; its state is that of the one run that it was laid out for."""
    sys.path.append(str(instrument.folder))
    try:
        return importlib.import_module(f"{instrument.package}.{module}")
    finally:
        sys.path.remove(str(instrument.folder))
