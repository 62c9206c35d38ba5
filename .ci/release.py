"""Steps of a release that the workflow takes.

``check VERSION``: it is newer than what was released, and source and changelog have it; prints its notes as
an output of the step.
``pin IMAGE``: action.yml starts that image instead of building one.
"""

import re
import secrets
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def numbers(text: str) -> tuple[int, int, int] | None:
    """The three numbers of a version; None if it is none, or no final one."""
    found = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def refuse_old(version: str, tags: Iterable[str]) -> None:
    """Keep a release from replacing another one, or from taking those who follow ``v1`` back.

    Raises:
        SystemExit: It is no final version, or there is a tag of one as new with the same first number.
    """
    wanted = numbers(version)
    if wanted is None or version.startswith("v"):
        raise SystemExit(f"{version!r} is no version such as 1.2.3")
    released = [found for tag in tags if (found := numbers(tag)) and found[0] == wanted[0]]
    if released and max(released) >= wanted:
        raise SystemExit(
            f"v{'.'.join(map(str, max(released)))} is released already, and {version} is not newer"
        )


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
        refuse_old(argument, subprocess.check_output(["git", "tag"], cwd=ROOT, text=True).split())  # noqa: S607
        print(as_output("notes", notes(argument)))
    else:
        file = ROOT / "action.yml"
        file.write_text(pinned(file.read_text("utf-8"), argument), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
