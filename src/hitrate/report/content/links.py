"""Addresses that a report can link to; None where one cannot be made with certainty.

What a report says of itself may be untrusted: an address is only made of parts that are what they should be,
and whatever else goes into it is percent-encoded.
"""

import re
from urllib.parse import quote

from hitrate.report.model import FunctionReport, Report
from hitrate.vocabulary import HazardKind, Verdict

DOCS = "https://github.com/hitrate/hitrate/blob/main/docs"
VERDICTS = "verdicts.md"
"""The page that explains verdicts and hazards, each below a heading of its own name."""

_SERVER = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::\d{1,5})?")
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/[A-Za-z0-9_.-]{0,99}[A-Za-z0-9_-]")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LONGEST_PATH = 300


def explained(term: Verdict | HazardKind | None = None) -> str:
    """The place in the documentation that explains a verdict or a hazard; the page without one."""
    return f"{DOCS}/{VERDICTS}" + (f"#{term.value}" if term else "")


def lines(report: Report, function: FunctionReport) -> str | None:
    """The function's line in the head commit."""
    repository, head, path = _repository(report), report.change.head, function.path
    if repository is None or head is None or not _COMMIT.fullmatch(head) or report.change.uncommitted:
        return None
    # A browser takes steps up out of an address, encoded or not.
    if len(path) > _LONGEST_PATH or {"", ".", ".."} & set(path.split("/")) or "\\" in path:
        return None
    try:
        name = path.encode("utf-8", "surrogateescape")  # names of files need not be Unicode
    except UnicodeEncodeError:
        return None
    return f"{repository}/blob/{head}/{quote(name)}#L{function.line}"


def run(report: Report) -> str | None:
    """The workflow run that measured."""
    return run_of(report.change.server_url, report.change.repository, report.change.run)


def run_of(server: str | None, repository: str | None, run: int | None) -> str | None:
    """A workflow run, by its server, its repository (owner/name) and its id."""
    place = _place(server, repository)
    return f"{place}/actions/runs/{run}" if place and run else None


def _repository(report: Report) -> str | None:
    return _place(report.change.server_url, report.change.repository)


def _place(server: str | None, name: str | None) -> str | None:
    if not server or not name or not _SERVER.fullmatch(server) or not _REPOSITORY.fullmatch(name):
        return None
    return f"{server}/{name}"
