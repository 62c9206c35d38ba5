"""Writes what users read about inputs and outputs: action.yml, README tables, JSON Schema of the config file.

    python .ci/interface.py            writes them
    python .ci/interface.py --check    says what is not up to date, and ends with 1

Every text comes from the settings model; a test runs the check.
"""

import json
import re
import sys
from functools import partial
from pathlib import Path

from hitrate.action.runner import TOKEN_INPUT
from hitrate.action.step import OUTPUTS
from hitrate.settings import config
from hitrate.settings.model import (
    CONFIG_ONLY,
    CONTAINER_ONLY,
    Settings,
    option_name,
    shown_default,
    with_default,
)

ROOT = Path(__file__).parents[1]
ACTION = ROOT / "action.yml"
NATIVE = ROOT / "native" / "action.yml"
SCHEMA = ROOT / "docs" / "config.schema.json"
README = ROOT / "README.md"

COMMENTER = "Token that writes the comment; it needs `pull-requests: write`."


def inputs(without: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    """Name, description and default of every input but those of some settings."""
    left_out = CONFIG_ONLY | without
    fields = {name: field for name, field in Settings.model_fields.items() if name not in left_out}
    return [
        (TOKEN_INPUT, COMMENTER, "the job's token"),
        *(
            (option_name(name), field.description or "", shown_default(name))
            for name, field in fields.items()
        ),
    ]


def action(present: str, *, without: frozenset[str] = frozenset(), step: str | None = None) -> str:
    """An action.yml with its inputs and outputs up to date, all else as it is.

    Args:
        present: Its text.
        without: Settings that it has no input for.
        step: The step whose outputs are those of a composite action.
    """
    # A default in action.yml would reach the container as if the user had given it, and beat the config file.
    lines = ["inputs:"]
    for name, text, default in inputs(without):
        shown = text if name == TOKEN_INPUT else with_default(text, default)
        lines += [f"  {name}:", f"    description: {json.dumps(shown, ensure_ascii=False)}"]
        lines += ["    default: ${{ github.token }}"] if name == TOKEN_INPUT else []
    lines += ["outputs:"]
    for name, text in OUTPUTS.items():
        lines += [f"  {name}:", f"    description: {json.dumps(text, ensure_ascii=False)}"]
        lines += [f"    value: ${{{{ steps.{step}.outputs.{name} }}}}"] if step else []
    return re.sub(
        r"^inputs:\n.*?(?=^runs:)", "\n".join(lines) + "\n", present, flags=re.DOTALL | re.MULTILINE
    )


def readme(present: str) -> str:
    """The README with its two tables up to date; they stand between comments that name them."""
    rows = [f"| `{name}` | {_cell(text)} | {_cell(default)} |" for name, text, default in inputs()]
    tables = {
        "inputs": ["| input | what it is | default |", "|---|---|---|", *rows],
        "outputs": [
            "| output | what it is |",
            "|---|---|",
            *(f"| `{name}` | {_cell(text)} |" for name, text in OUTPUTS.items()),
        ],
    }
    for name, table in tables.items():
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        present = block.sub(lambda found, table=table: found[1] + "\n".join(table) + "\n" + found[2], present)
    return present


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def schema(present: str) -> str:
    """The JSON Schema of the config file."""
    del present
    return json.dumps(config.schema(), indent=1, ensure_ascii=False) + "\n"


WRITERS = {
    ACTION: action,
    NATIVE: partial(action, without=CONTAINER_ONLY, step="hitrate"),
    SCHEMA: schema,
    README: readme,
}


def main(check: bool) -> int:
    """Write the files, or only compare them."""
    outdated = []
    for path, write in WRITERS.items():
        present = path.read_text("utf-8") if path.exists() else ""
        wanted = write(present)
        if wanted != present:
            outdated.append(path.relative_to(ROOT).as_posix())
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(wanted, "utf-8")
    print(f"{'Outdated' if check else 'Written'}: {', '.join(outdated) or 'nothing'}")
    return 1 if check and outdated else 0


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv[1:]))
