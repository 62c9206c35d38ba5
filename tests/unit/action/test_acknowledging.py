"""Which findings are acknowledged where the conversation is not, or need not be, asked."""

from dataclasses import replace

import pytest

from hitrate.action.acknowledging import Acknowledging
from hitrate.github.client import Access, Client
from hitrate.github.event import Target
from hitrate.report.model import AcknowledgementReport, GateReport, Report, RuleReport
from hitrate.settings.model import Settings
from hitrate.vocabulary import GateRule, GateVerdict, Kind, Verdict
from tests.integration.on_github.job import function, report
from tests.integration.on_github.world import NUMBER, REPOSITORY
from tests.unit.action.offline import TARGET, Said, forbidden, runner

RULE = RuleReport(rule=GateRule.UNSAFE, limit=0, value=1, passed=False)
GATE = GateReport(verdict=GateVerdict.FAIL, rules=(RULE,))
BY_CONFIG, BY_OCTOCAT = AcknowledgementReport(), AcknowledgementReport(by="octocat", when=1.0)
NOWHERE = replace(TARGET, pull_request=None)
ACCEPTING = Settings(acknowledged=("src/a.py::f",))


def wrong(accepted: AcknowledgementReport | None = None) -> Report:
    """A report of one cache that is wrong, so that the gate fails; and what it says of itself."""
    one = function(Verdict.UNSAFE, kind=Kind.EXISTING, hit_rate=0.5, acknowledged=accepted)
    return report(one).model_copy(update={"gate": GATE})


def acknowledging(token: str | None = None) -> Acknowledging:
    return Acknowledging(runner(token), Said(), forbidden)


@pytest.mark.parametrize(("token", "target"), [(None, TARGET), ("token", NOWHERE)])
def test_where_there_is_no_conversation_the_config_file_decides(token: str | None, target: Target) -> None:
    made = acknowledging(token)
    found, seconds = made.applied(wrong(), target, Settings())
    assert (found, seconds) == (wrong(), 0.0)
    found, seconds = made.applied(wrong(), target, ACCEPTING)
    assert (found.functions[0].acknowledged, found.gate.verdict) == (BY_CONFIG, GateVerdict.PASS)
    assert seconds == 0.0


def test_the_conversation_is_not_asked_where_nothing_is_left_to_acknowledge() -> None:
    made = acknowledging("token")
    assert made.applied(wrong(), TARGET, ACCEPTING)[0].gate.verdict is GateVerdict.PASS
    quiet = report(function(Verdict.NOT_WORTH_IT))
    assert made.applied(quiet, TARGET, Settings()) == (quiet, 0.0)


def test_an_untrusted_run_names_nobody_who_acknowledged() -> None:
    """What its config file accepts counts, and nobody is asked then; its word for others does not."""
    client = Client(Access("http://api.invalid", "token"), REPOSITORY)  # sends nothing until it is asked
    found = acknowledging().again(client, NUMBER, wrong(BY_CONFIG), "hitrate")
    assert (found.functions[0].acknowledged, found.gate.verdict) == (BY_CONFIG, GateVerdict.PASS)
    claimed = report(function(Verdict.NOT_WORTH_IT, acknowledged=BY_OCTOCAT))
    found = acknowledging().again(client, NUMBER, claimed, "hitrate")
    assert found.functions[0].acknowledged is None
