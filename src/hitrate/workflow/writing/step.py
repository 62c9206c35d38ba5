"""The text of the step, its permissions, and a workflow of its own."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from hitrate import __version__
from hitrate.memory.document import EXAMPLE

ACTION = "hitrate/hitrate"
VERSION = f"v{__version__.partition('.')[0]}"
DEFAULT_USES = f"{ACTION}@{VERSION}"
CHECKOUT = "actions/checkout@v7"
CACHE, CACHE_VERSION = "actions/cache", "v5"

PERMISSIONS: Mapping[str, str] = {"contents": "read", "pull-requests": "write"}
"""What the token must be able to do: read the code, write the comment."""

_ON_PULL_REQUESTS = "${{ github.event_name == 'pull_request' }}"
_BRANCH = re.compile(r"[A-Za-z][\w./-]*")
_PLAIN = re.compile(r"[A-Za-z$./][^\x00-\x1f\x7f]*")
_RESERVED = re.compile(r"(?i)true|false|yes|no|on|off|null|~|[\d.]+")


def step(
    condition: str | None,
    inputs: Mapping[str, str],
    indent: int,
    environment: Mapping[str, str] | None = None,
    uses: str = DEFAULT_USES,
) -> list[str]:
    """The step's lines, without line ends, as an item of a list that is not indented.

    Args:
        condition: Expression for ``if``; None leaves it out.
        inputs: Inputs of the action.
        indent: Spaces that a nested block is indented by.
        environment: Variables of the step's ``env``; none leaves it out.
        uses: The action, as ``uses`` names it.
    """
    lines = ["- name: Hitrate"]
    if condition:
        lines.append(f"  if: {scalar(condition)[0]}")
    lines.append(f"  uses: {uses}")
    for key, values in (("with", inputs), ("env", environment)):
        if values:
            pairs = [line for name, value in values.items() for line in entry(name, value, indent)]
            lines += [f"  {key}:", *(f"  {' ' * indent}{line}" for line in pairs)]
    return lines


def entry(name: str, value: str, indent: int) -> list[str]:
    """A key with its value, as lines."""
    first, *rest = scalar(value)
    return [f"{name}: {first}", *(f"{' ' * indent}{line}" for line in rest)]


def scalar(value: str) -> list[str]:
    """Text in YAML: plain where it is safe, a block of lines where it has several, else quoted."""
    lines = value.split("\n")
    if len(lines) > 1 and lines[0][:1] not in ("", " ", "\t") and all(line.isprintable() for line in lines):
        return ["|", *lines]
    plain = _PLAIN.fullmatch(value) and not _RESERVED.fullmatch(value)
    if plain and ": " not in value and " #" not in value and not value.endswith((":", " ")):
        return [value]
    return [json.dumps(value, ensure_ascii=False)]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a workflow keeps memory of the default branch, so that pull requests run few tests.

    Attributes:
        branch: The default branch.
        cache: The reference of ``actions/cache``, with the comment behind it.
    """

    branch: str = "main"
    cache: str = CACHE_VERSION

    def events(self) -> list[str]:
        """When the workflow runs."""
        name = self.branch if _BRANCH.fullmatch(self.branch) else json.dumps(self.branch)
        return ["on:", "  pull_request:", "  push:", f"    branches: [{name}]"]

    def restored(self) -> list[str]:
        """The step before Hitrate's."""
        return [
            "- if: github.event_name == 'pull_request'",
            f"  uses: {CACHE}/restore@{self.cache}",
            "  with:",
            f"    path: {EXAMPLE}",
            "    key: hitrate-memory-${{ github.event.pull_request.base.sha }}",
            "    restore-keys: hitrate-memory-",
        ]

    def saved(self) -> list[str]:
        """The step after Hitrate's."""
        return [
            "- if: github.event_name == 'push'",
            f"  uses: {CACHE}/save@{self.cache}",
            "  with:",
            f"    path: {EXAMPLE}",
            "    key: hitrate-memory-${{ github.sha }}",
        ]


def workflow(
    inputs: Mapping[str, str],
    uses: str = DEFAULT_USES,
    checkout: str = CHECKOUT,
    keeping: Keeping | None = None,
) -> str:
    """A workflow that runs Hitrate on every pull request.

    Args:
        inputs: Inputs of the action.
        uses: The action, as ``uses`` names it.
        checkout: The action that checks out, likewise.
        keeping: How memory is kept; None where it is not.
    """
    lines = step(None, {**inputs, **({"memory": EXAMPLE} if keeping else {})}, 2, uses=uses)
    if keeping:
        lines = [*keeping.restored(), *lines, *keeping.saved()]
    return "\n".join(
        [
            "name: Hitrate",
            "",
            *(keeping.events() if keeping else ["on: pull_request"]),
            "",
            "permissions: {}",
            "",
            "concurrency:",
            "  group: hitrate-${{ github.ref }}",
            f"  cancel-in-progress: {_ON_PULL_REQUESTS if keeping else 'true'}",
            "",
            "jobs:",
            "  hitrate:",
            "    runs-on: ubuntu-latest",
            "    permissions:",
            *(f"      {name}: {level}" for name, level in PERMISSIONS.items()),
            "    steps:",
            f"      - uses: {checkout}",
            "        with:",
            "          persist-credentials: false",
            *(f"      {line}" for line in lines),
            "",
        ]
    )
