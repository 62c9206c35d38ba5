"""How long work tells what it is doing."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Progress(Protocol):
    """Receives progress; a terminal, a CI log and silence are its kinds."""

    def phase(self, title: str) -> AbstractContextManager[None]:
        """Open a phase ("Screening 5 functions"); it ends with the ``with`` block."""

    def run(self, label: str, number: int, of: int | None) -> None:
        """Say that run ``number`` of ``of`` (None: not known yet) starts."""

    def tests(self, done: int) -> None:
        """Say how many tests of the current run have ended so far."""

    def say(self, line: str) -> None:
        """Tell one plain fact."""

    def output(self, text: str) -> None:
        """Show what a command of the project printed last; nobody vouches for what that is."""


class Silent:
    """Says nothing."""

    def phase(self, title: str) -> AbstractContextManager[None]:
        """Open nothing."""
        del title
        return nullcontext()

    def run(self, label: str, number: int, of: int | None) -> None:
        """Drop it."""

    def tests(self, done: int) -> None:
        """Drop it."""

    def say(self, line: str) -> None:
        """Drop it."""

    def output(self, text: str) -> None:
        """Drop it."""
