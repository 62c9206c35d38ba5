"""The probe of passes, laid out for one process of a trial and loaded into this one."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

from hitrate.trace import deployment
from tests.unit.probe import loading

NUMBER = 3


class Trial:
    """One process of a trial, its plan laid down, in which nothing of the probe has been imported yet."""

    def __init__(self, scratch: Path, **plan: Any) -> None:
        token = loading.token()
        self.instrument = deployment.passing(scratch / token, token)
        told = {"number": NUMBER, "pairs": 2, "on": True, "slots": 2, **plan}
        place = self.instrument.folder / self.instrument.package / "plan.json"
        place.write_text(json.dumps(told))

    def module(self, name: str) -> ModuleType:
        return loading.loaded(self.instrument, f"passes.{name}")

    def lines(self, name: str = "passes") -> list[Any]:
        """What was written to one of this process's files; nothing where there is none."""
        file = self.instrument.records / f"{NUMBER}.{name}"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
