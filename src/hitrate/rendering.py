"""How the action's report becomes text, by the renderers of ``hitrate.report``."""

from hitrate.action import Rendering
from hitrate.report import annotations, html, markdown

RENDERING = Rendering(
    comment=lambda report, limit: markdown.comment(report, limit=limit),
    resolved=lambda report, limit: markdown.resolved(report, limit=limit),
    summary=markdown.summary,
    page=html.page,
    annotations=annotations.commands,
    has_news=markdown.has_something_to_say,
)
