"""What the action and the demo both put themselves together from: texts of a report, and the API."""

from hitrate.errors import InputError
from hitrate.github.client import Client
from hitrate.github.post import Rendering
from hitrate.report import annotations, markdown
from hitrate.report.model import Report
from hitrate.runner import Runner


def page(report: Report) -> str:
    """The report as one HTML page."""
    from hitrate.report import html  # noqa: PLC0415 - heavy, and only needed at the end

    return html.page(report)


RENDERING = Rendering(
    comment=lambda report, limit: markdown.comment(report, limit=limit),
    resolved=lambda report, limit: markdown.resolved(report, limit=limit),
    summary=markdown.summary,
    page=page,
    annotations=annotations.commands,
    has_news=markdown.has_something_to_say,
    failed=lambda message, head, limit: markdown.failed(message, head, limit=limit),
)


def connect(runner: Runner) -> Client:
    """Open the API of the runner's repository.

    Raises:
        InputError: There is no token.
    """
    if runner.access is None:
        raise InputError("github-token is empty; pass secrets.GITHUB_TOKEN")
    return Client(runner.access, runner.event.repository)
