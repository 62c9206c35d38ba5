"""What becomes of a report where the pull request cannot or must not be told."""

from dataclasses import replace

import pytest

from hitrate.action.runner import Connect
from hitrate.action.telling import Telling
from hitrate.errors import InputError
from hitrate.github.event import Target
from hitrate.settings.model import CommentMode, Settings
from tests.integration.on_github.job import PLAIN, function, report
from tests.unit.action.offline import TARGET, Said, forbidden, runner, unreached

REPORT = report(function())
NOWHERE = replace(TARGET, pull_request=None)
SILENT = Settings(comment=CommentMode.NEVER)
DOWN = "::warning title=Hitrate::GitHub: could not be reached; "


def telling(token: str | None, connect: Connect) -> tuple[Telling, Said]:
    log = Said()
    return Telling(runner(token), log, connect, PLAIN), log


@pytest.mark.parametrize(
    ("target", "settings"), [(NOWHERE, Settings()), (TARGET, SILENT), (NOWHERE, Settings(suggestions=True))]
)
def test_who_wants_no_comment_hears_nothing_of_it(target: Target, settings: Settings) -> None:
    for token in (None, "token"):
        made, log = telling(token, forbidden)
        made.tell(REPORT, target, settings)
        assert (made.url, log.lines) == (None, [])


@pytest.mark.parametrize("settings", [Settings(), Settings(comment=CommentMode.NEVER, suggestions=True)])
def test_without_a_token_a_warning_says_where_the_report_is(settings: Settings) -> None:
    made, log = telling(None, forbidden)
    made.tell(REPORT, TARGET, settings)
    assert log.lines == [
        "::warning title=Hitrate::github-token is empty: the comment was not posted; the job summary has it"
    ]


def test_a_github_that_is_down_loses_no_report() -> None:
    made, log = telling("token", unreached)
    made.tell(REPORT, TARGET, Settings())
    made.failure("the tests fail", TARGET, Settings())
    made.held("the pull request is a draft", TARGET, Settings())
    stays = f"{DOWN}what an earlier run has said stays as it was"
    assert log.lines == [f"{DOWN}not all was posted, the job summary has it", stays, stays]
    assert made.url is None


def test_a_report_that_a_second_stage_cannot_post_is_an_error() -> None:
    """Posting is all that it is for."""
    made, _ = telling(None, forbidden)
    with pytest.raises(InputError, match=r"^github-token: it is empty, so nothing can be posted"):
        made.post(REPORT, TARGET, Settings())


@pytest.mark.parametrize(
    ("token", "settings"), [(None, Settings()), ("token", SILENT), ("token", Settings(dry_run=True))]
)
def test_a_failure_is_told_to_nobody_who_did_not_ask(token: str | None, settings: Settings) -> None:
    made, log = telling(token, forbidden)
    made.failure("the tests fail", TARGET, settings)
    assert log.lines == []
