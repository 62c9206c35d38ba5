"""The published JSON Schema of the report, and reading a report that somebody else wrote.

``python -m hitrate.report.schema`` prints the schema, which is kept in ``docs/report.schema.json``.
"""

import json
import sys
from typing import Any

from pydantic import ValidationError

from hitrate.errors import InputError
from hitrate.report.model import SCHEMA_VERSION, Report


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a report."""
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"version {SCHEMA_VERSION}",
    }
    return described | Report.model_json_schema(by_alias=True)


def text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=2) + "\n"


def read(document: str | bytes, name: str) -> Report:
    """A report from its JSON text, every value checked against the schema.

    Args:
        document: The text; it may come from anybody.
        name: What to call it in an error.

    Raises:
        InputError: It is not a report of this schema; the message names the first place that is wrong.
    """
    try:
        return Report.model_validate_json(document, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the document"
        raise InputError(
            f"{name}: not a Hitrate report of schema {SCHEMA_VERSION}: {place}: {first['msg']}"
        ) from None


if __name__ == "__main__":
    sys.stdout.write(text())
