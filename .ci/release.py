"""Steps of a release that the workflow takes.

``check VERSION``: source and changelog have the version; prints its notes as an output of the step.
``pin IMAGE``: action.yml starts that image instead of building one.
"""

import re
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def notes(version: str) -> str:
    """What the changelog says of a version.

    Raises:
        SystemExit: The source has another version, or the changelog does not know it.
    """
    source = (ROOT / "src" / "hitrate" / "__init__.py").read_text("utf-8")
    if f'__version__ = "{version}"' not in source:
        raise SystemExit(f"src/hitrate/__init__.py does not say {version}")
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    section = re.search(
        rf"^## {re.escape(version)}\b[^\n]*\n(.*?)(?=^## |\Z)", changelog, re.DOTALL | re.MULTILINE
    )
    if section is None or not section[1].strip():
        raise SystemExit(f"CHANGELOG.md says nothing of {version}")
    return section[1].strip()


def as_output(name: str, value: str) -> str:
    """A multi-line output as the runner reads it."""
    end = secrets.token_hex(16)
    return f"{name}<<{end}\n{value}\n{end}"


def pinned(action: str, image: str) -> str:
    """An action.yml that starts an image of a registry.

    Raises:
        SystemExit: It is not named by digest, or action.yml does not build one.
    """
    if not re.fullmatch(r"[\w./-]+@sha256:[0-9a-f]{64}", image):
        raise SystemExit(f"{image!r} is not named by its digest")
    changed, count = re.subn(
        r"^  image: Dockerfile$", f"  image: docker://{image}", action, flags=re.MULTILINE
    )
    if count != 1:
        raise SystemExit("action.yml does not say `image: Dockerfile`")
    return changed


def main(command: str, argument: str) -> None:
    """Take one step."""
    if command == "check":
        print(as_output("notes", notes(argument)))
    else:
        file = ROOT / "action.yml"
        file.write_text(pinned(file.read_text("utf-8"), argument), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
