"""What one environment of tox or session of nox installs and runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Session:
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
