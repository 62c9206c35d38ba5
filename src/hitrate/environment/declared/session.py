"""What one environment of tox or session of nox installs and runs."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class DeclaredSession:
    """What one session installs beside the project, and what it runs.

    Attributes:
        source: The file and the session's name.
        arguments: Arguments for ``pip install``: requirements, and ``-r`` each with a file.
        extras: Extras of the project.
        groups: Dependency groups (PEP 735).
        commands: Command lines that run in the project's folder.
    """

    source: str
    arguments: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()

    @property
    def installs_nothing(self) -> bool:
        """Whether there is nothing to install beside the project."""
        return not (self.arguments or self.extras or self.groups)


def assignments(variables: Mapping[str, object]) -> str:
    """Variables as they are written before a command; those that are no text are left out."""
    return "".join(
        f"{name}={shlex.quote(value)} "
        for name, value in variables.items()
        if isinstance(value, str) and _NAME.fullmatch(name)
    )
