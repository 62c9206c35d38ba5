"""Where the command line's reports go: terminal, JSON, HTML, Markdown."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from hitrate.errors import InputError
from hitrate.progress.terminal import Terminal, harmless
from hitrate.report.model import Report

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files to write; None is not wanted, ``-`` is standard output."""

    json: str | None = None
    html: str | None = None
    markdown: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """Where each one that is wanted goes, by option."""
        places = {"json": self.json, "html": self.html, "markdown": self.markdown}
        return {option: place for option, place in places.items() if place is not None}


def console_for(outputs: Outputs) -> Console:
    """Where a person reads: standard output, unless a file is written there."""
    return Terminal(stderr=STANDARD_OUTPUT in outputs.named.values(), highlight=False)


def check_outputs(outputs: Outputs) -> None:
    """Refuse files that cannot be written before anything is run.

    Raises:
        InputError: The folder of one does not exist or is closed to us, one is a folder, or two are the same.
    """
    taken: dict[str, str] = {}
    for option, place in outputs.named.items():
        if place != STANDARD_OUTPUT and not _can_be_written(Path(place)):
            raise InputError(f"{option}: cannot write {place!r}; name a file in a folder that exists")
        whole = place if place == STANDARD_OUTPUT else os.path.realpath(place)
        if whole in taken and whole != os.devnull:
            raise InputError(f"{option}: {place!r} is where {taken[whole]} goes already; name another file")
        taken[whole] = option


def _can_be_written(path: Path) -> bool:
    try:
        return os.access(path if path.exists() else path.absolute().parent, os.W_OK) and not path.is_dir()
    except (OSError, ValueError):
        return False


def deliver(
    report: Report,
    outputs: Outputs,
    console: Console,
    environ: Mapping[str, str],
    tree: Path | None = None,
) -> None:
    """Write the files that were asked for, and show the report to a person even if one cannot be written.

    What was written where stands at the end.

    Args:
        report: What to write and show.
        outputs: What was asked for.
        console: Where a person reads.
        environ: The caller's environment.
        tree: Root of the files that the report is about, where it is here.

    Raises:
        InputError: A file cannot be written.
    """
    try:
        write_outputs(report, outputs)
    finally:
        show(report, console, environ, tree)
    for line in written(outputs):
        console.print(line, markup=False, soft_wrap=True)


def write_outputs(report: Report, outputs: Outputs) -> None:
    """Write the files that were asked for.

    Raises:
        InputError: One of them cannot be written.
    """
    renderers: dict[str, Callable[[], str]] = {
        "json": report.to_json,
        "html": lambda: _html(report),
        "markdown": lambda: _markdown(report),
    }
    for option, place in outputs.named.items():
        text = renderers[option]()
        if place == STANDARD_OUTPUT:
            click.echo(text.encode(), nl=False)  # bytes: a document is UTF-8 whatever the terminal speaks
            continue
        try:
            Path(place).write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{option}: cannot write {place!r} ({error.strerror or error}); name another file"
            ) from None


def written(outputs: Outputs) -> list[str]:
    """What was written where, one line a file."""
    return [
        f"Written: {place} ({option.upper() if option != 'markdown' else 'Markdown'})"
        for option, place in outputs.named.items()
        if place != STANDARD_OUTPUT
    ]


def _html(report: Report) -> str:
    from hitrate.report import html  # noqa: PLC0415 - heavy, and only when asked for

    return html.page(report)


def _markdown(report: Report) -> str:
    from hitrate.report import markdown  # noqa: PLC0415 - only when asked for

    return markdown.comment(report)


def show(report: Report, console: Console, environ: Mapping[str, str], tree: Path | None = None) -> None:
    """Print the report for a person."""
    from hitrate.report import terminal  # noqa: PLC0415 - heavy

    with harmless(console, environ):
        terminal.render(report, console, tree)
