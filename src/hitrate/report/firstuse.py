"""The comment on a pull request that brings Hitrate to a repository whose tests it could not run."""

from hitrate.report.content import links
from hitrate.report.escape import markdown
from hitrate.wording.prose import clause

_MESSAGE_LIMIT = 1000


def comment(message: str, snippet: str) -> str:
    """Why, and what to paste.

    Args:
        message: Why, as one sentence.
        snippet: Lines of a workflow that are likely to change it; empty where none are known.
    """
    paste = (
        "This is likely to change it; in the workflow, add to the step:\n\n"
        f"```yaml\n{snippet.replace('`', '')}\n```\n\n"
        if snippet
        else ""
    )
    return (
        "### Hitrate: could not run this project's tests yet\n\n"
        f"**{markdown(clause(message), _MESSAGE_LIMIT)}.**\n\n"
        f"{paste}"
        "The log of the run has the last lines that were printed; what is detected, and what "
        "each input changes, is on "
        f"[this page]({links.DOCS}/container.md#how-a-project-is-installed). Only the pull request that "
        "adds Hitrate gets this comment; for later ones it is in the log and the summary.\n"
    )
