"""Untrusted lines in a log that GitHub's runner reads for commands."""

import secrets


def fenced(text: str, token: str | None = None) -> list[str]:
    """Lines that show a text in which the runner finds no command.

    Until it meets the token again, the runner takes nothing as a command; the text cannot know it.

    Args:
        text: Anything.
        token: What ends the fence; by default a new random one.
    """
    mark = token or secrets.token_hex(16)
    # The runner ends lines at all of these; the token must begin one.
    shown = text.replace("\r", "\n").splitlines()
    return [f"::stop-commands::{mark}", *shown, f"::{mark}::"]
