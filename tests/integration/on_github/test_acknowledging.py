"""Findings that people acknowledge in the conversation: who may, for how long, and what is told."""

from pathlib import Path
from typing import Any

import pytest

from hitrate.action.step import RENDERING
from hitrate.demo.standin import Answer, Request, Response
from hitrate.errors import ExitCode
from hitrate.report.model import AcknowledgementReport, GateReport, HazardReport, Report, RuleReport
from hitrate.vocabulary import GateRule, GateVerdict, HazardKind, Kind, Verdict
from tests.integration.on_github.job import Job, function, report
from tests.integration.on_github.test_second_stage import FORK, leave, workflow_run
from tests.integration.on_github.world import NUMBER, World, world

NAME = "src/a.py::f"
WORDS = f"hitrate:ok {NAME}"


def wrong(source: str | None = "aaaaaaaaaaaa", **facts: Any) -> Report:
    """A report of one cache that is wrong, so that the gate fails."""
    known = {"kind": Kind.EXISTING, "hit_rate": 0.5, "attainable_hit_rate": 0.5, "source": source}
    rule = RuleReport(rule=GateRule.UNSAFE, limit=0, value=1, passed=False)
    gate = GateReport(verdict=GateVerdict.FAIL, rules=(rule,))
    return report(function(Verdict.UNSAFE, **(known | facts))).model_copy(update={"gate": gate})


@pytest.fixture
def job(github: World, tmp_path: Path) -> Job:
    return Job(github, tmp_path, wrong(), rendering=RENDERING)


def says(job: Job, body: str = WORDS, login: str = "octocat", permission: str = "write") -> None:
    job.world.time.now += 60
    github = job.world.github
    github.add_comment(NUMBER, github.add_person(login, permission), body)
    job.world.time.now += 60


def again(job: Job, **changes: Any) -> tuple[Job, ExitCode]:
    """A later run, and how it ended."""
    later = job.again(run_id=job.run_id + 1, **changes)
    for left in (job.folder / "files").glob("*"):
        left.unlink()
    return later, later.run()


def ours(job: Job) -> str:
    (body,) = [one.body for one in job.world.github.conversation(NUMBER) if one.account.is_bot]
    return body


@pytest.mark.parametrize("permission", ["write", "admin"])
def test_a_finding_that_a_writer_acknowledges_fails_nothing(job: Job, permission: str) -> None:
    assert job.run() is ExitCode.GATE_FAILED
    assert f"{WORDS}@aaaaaaaaaaaa:unsafe" in ours(job)
    says(job, permission=permission)
    later, code = again(job)
    assert code is ExitCode.PASSED
    assert "### Hitrate: resolved" in ours(later)
    assert "unsafe: acknowledged by `octocat`" in ours(later)
    assert (later.outputs()["verdict"], later.outputs()["unsafe"]) == ("pass", "0")
    assert "acknowledged by `octocat`" in later.summary()
    assert "::error" not in later.log


@pytest.mark.parametrize("permission", ["read", "none"])
def test_who_may_not_write_acknowledges_nothing(job: Job, permission: str) -> None:
    job.run()
    says(job, login="mallory", permission=permission)
    later, code = again(job)
    assert code is ExitCode.GATE_FAILED
    assert "hitrate:ok by mallory does not count: it takes write access.\n" in later.log


def test_a_forks_author_acknowledges_nothing(job: Job) -> None:
    job.world.github.pull_requests[NUMBER].head_repository = FORK
    job.run()
    says(job, login="someone", permission="read")
    assert again(job)[1] is ExitCode.GATE_FAILED


@pytest.mark.parametrize("login", ["github-actions[bot]", "renovate[bot]"])
def test_an_app_acknowledges_nothing(job: Job, login: str) -> None:
    job.run()
    says(job, login=login, permission="admin", body=f"For whom it may concern:\n\n{WORDS}")
    assert again(job)[1] is ExitCode.GATE_FAILED


def test_our_own_comment_acknowledges_nothing_whoever_writes_it(job: Job) -> None:
    job.token = "personal"
    job.world.github.permissions["octocat"] = "admin"
    assert job.run() is ExitCode.GATE_FAILED
    assert again(job)[1] is ExitCode.GATE_FAILED


def test_who_quotes_our_comment_acknowledges_nothing(job: Job) -> None:
    job.run()
    says(job, "".join(f"> {line}\n" for line in ours(job).splitlines()) + "\nWhat is this?")
    assert again(job)[1] is ExitCode.GATE_FAILED


def test_it_holds_for_later_commits_until_the_function_changes(job: Job) -> None:
    job.run()
    says(job)
    accepted, code = again(job)
    assert code is ExitCode.PASSED
    unchanged, code = again(accepted, result=wrong(line=40))
    assert code is ExitCode.PASSED
    changed, code = again(unchanged, result=wrong("bbbbbbbbbbbb"))
    assert code is ExitCode.GATE_FAILED
    assert "`octocat` acknowledged the finding on `src/a.py::f`, whose source has changed since." in ours(
        changed
    )
    still, code = again(changed, result=wrong("bbbbbbbbbbbb"))
    assert code is ExitCode.GATE_FAILED
    says(still)
    assert again(still, result=wrong("bbbbbbbbbbbb"))[1] is ExitCode.PASSED


def test_it_does_not_hold_for_a_function_that_changed_before_it_was_looked_at(job: Job) -> None:
    """Who acknowledges has meant what the comment had shown, whatever was pushed meanwhile."""
    job.run()
    says(job)
    assert again(job, result=wrong("bbbbbbbbbbbb"))[1] is ExitCode.GATE_FAILED


def test_a_run_that_fails_or_has_nothing_to_say_forgets_nothing(job: Job) -> None:
    job.run()
    says(job)
    job, _ = again(job, result=ZeroDivisionError("oops"))
    job, _ = again(job, result=report())
    job, code = again(job, result=wrong("bbbbbbbbbbbb"))
    assert code is ExitCode.GATE_FAILED


def test_the_words_may_name_the_source_and_the_finding_that_they_are_for(job: Job) -> None:
    job.inputs = {"comment": "never"}
    says(job, f"{WORDS}@aaaaaaaaaaaa:unsafe it is cleared by every request")
    assert job.run() is ExitCode.PASSED
    assert again(job, result=wrong("bbbbbbbbbbbb"))[1] is ExitCode.GATE_FAILED


@pytest.mark.parametrize("words", [WORDS, f"{WORDS}@aaaaaaaaaaaa", f"{WORDS}@aaaaaaaaaaaa a reason"])
@pytest.mark.parametrize("comment", ["never", "auto"])
def test_words_from_before_anything_was_shown_count_for_nothing(job: Job, comment: str, words: str) -> None:
    """No comment tells which source and which finding they mean; the note says which words would."""
    job.inputs = {"comment": comment}
    says(job, words)
    assert job.run() is ExitCode.GATE_FAILED
    wanted = f"{WORDS}@aaaaaaaaaaaa:unsafe"
    assert f"but no comment had shown it by then: write `{wanted}`." in job.summary()
    says(job, wanted)
    assert again(job)[1] is ExitCode.PASSED
    assert again(job, result=wrong("bbbbbbbbbbbb"))[1] is ExitCode.GATE_FAILED


def resize() -> Report:
    return report(
        function(Verdict.RESIZE, source="aaaaaaaaaaaa", hit_rate=0.5, attainable_hit_rate=0.9)
    ).model_copy(
        update={
            "gate": GateReport(
                verdict=GateVerdict.PASS,
                rules=(RuleReport(rule=GateRule.UNSAFE, limit=0, value=0, passed=True),),
            )
        }
    )


@pytest.mark.parametrize("words", [WORDS, f"{WORDS}@aaaaaaaaaaaa", f"{WORDS}@aaaaaaaaaaaa:resize"])
def test_who_accepts_a_size_has_not_accepted_a_wrong_cache(job: Job, words: str) -> None:
    job.result = resize()
    assert job.run() is ExitCode.PASSED
    says(job, words)
    accepted, code = again(job)
    assert code is ExitCode.PASSED
    assert "### Hitrate: resolved" in ours(accepted)
    later, code = again(accepted, result=wrong())
    assert code is ExitCode.GATE_FAILED
    assert "### Hitrate: a cache is wrong" in ours(later)
    assert "but more than that is found about it now." in ours(later)
    back, code = again(later, result=resize())
    assert code is ExitCode.PASSED
    says(back, WORDS)
    assert again(back, result=wrong())[1] is ExitCode.PASSED  # by now the comment has shown that, too


def hazard(kind: HazardKind) -> HazardReport:
    return HazardReport(kind=kind, detail="so it is")


def test_who_accepts_one_hazard_has_not_accepted_another(job: Job) -> None:
    job.result = wrong(hazards=(hazard(HazardKind.LEAK),))
    job.run()
    says(job)
    accepted, code = again(job)
    assert code is ExitCode.PASSED
    assert again(accepted, result=wrong(hazards=()))[1] is ExitCode.PASSED
    both = wrong(hazards=(hazard(HazardKind.LEAK), hazard(HazardKind.STALE)))
    later, code = again(accepted, result=both)
    assert code is ExitCode.GATE_FAILED
    assert f"{WORDS}@aaaaaaaaaaaa:unsafe+leak+stale" in ours(later)


def test_namesakes_are_acknowledged_one_by_one(job: Job) -> None:
    first, second = wrong().functions[0], wrong("bbbbbbbbbbbb", line=30).functions[0]
    rule = RuleReport(rule=GateRule.UNSAFE, limit=0, value=2, passed=False)
    gate = GateReport(verdict=GateVerdict.FAIL, rules=(rule,))
    job.result = report(first, second).model_copy(update={"gate": gate})
    job.run()
    says(job)
    neither, code = again(job)
    assert code is ExitCode.GATE_FAILED
    assert "but the file has several functions of that name: write `hitrate:ok" in ours(neither)
    says(neither, f"{WORDS}@bbbbbbbbbbbb:unsafe")
    one, code = again(neither)
    assert code is ExitCode.GATE_FAILED
    assert "unsafe: failed (limit 0, value 1)" in one.log
    assert "### Hitrate: a cache is wrong" in ours(one)
    assert "src/a.py:3<" in ours(one)
    assert "src/a.py:30<" not in ours(one)
    says(one, f"{WORDS}@aaaaaaaaaaaa:unsafe")
    assert again(one)[1] is ExitCode.PASSED


def test_a_forged_line_of_what_was_seen_is_not_believed(job: Job) -> None:
    job.run()
    says(job)
    forged = ours(job).replace("=aaaaaaaaaaaa@", "=bbbbbbbbbbbb@")
    assert forged != ours(job)
    says(job, forged, login="mallory", permission="read")
    assert again(job, result=wrong("bbbbbbbbbbbb"))[1] is ExitCode.GATE_FAILED


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("src/a.py::ff", "names no function of this change; did you mean `src/a.py::f`?"),
        ("everything", "names no function of this change."),
    ],
)
def test_an_unknown_name_is_told(job: Job, name: str, told: str) -> None:
    says(job, f"hitrate:ok {name}")
    assert job.run() is ExitCode.GATE_FAILED
    assert f"`hitrate:ok {name}` by `octocat` {told}" in ours(job)


def test_an_acknowledgement_is_taken_back_with_its_comment(job: Job) -> None:
    job.run()
    says(job)
    accepted, code = again(job)
    assert code is ExitCode.PASSED
    written = [one for one in job.world.github.conversation(NUMBER) if not one.account.is_bot]
    del job.world.github.comments[written[0].id]
    assert again(accepted)[1] is ExitCode.GATE_FAILED


def test_the_config_file_acknowledges_for_good(job: Job) -> None:
    job.environment()
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").write_text(f"acknowledged:\n  - {NAME}\n")
    assert job.run() is ExitCode.PASSED
    assert "acknowledged in the config file" in job.summary()
    assert job.world.bodies() == []
    assert again(job, result=wrong("bbbbbbbbbbbb"))[1] is ExitCode.PASSED


@pytest.mark.parametrize(
    ("accepted", "code"), [("unsafe", ExitCode.PASSED), ("resize", ExitCode.GATE_FAILED)]
)
def test_the_config_file_may_name_the_finding(job: Job, accepted: str, code: ExitCode) -> None:
    job.environment()
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").write_text(f"acknowledged: ['{NAME}:{accepted}']\n")
    assert job.run() is code


@pytest.mark.parametrize("found", ["rezise", "unsafe+worse", "", "12"])
def test_what_the_config_file_names_is_a_finding(job: Job, found: str) -> None:
    job.environment()
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").write_text(f"acknowledged: ['{NAME}:{found}']\n")
    assert job.run() is ExitCode.BAD_INPUT
    assert "ends in no finding; write one after the function, such as :resize" in job.log


@pytest.mark.parametrize("name", ["f", "src/a.py", "::f", "src/a.py::"])
def test_the_config_file_names_functions(job: Job, name: str) -> None:
    job.environment()
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").write_text(f"acknowledged: ['{name}']\n")
    assert job.run() is ExitCode.BAD_INPUT
    assert f"{name} is not a function; write it as path::Qual.name" in job.log


def test_nobody_is_asked_where_there_is_nothing_to_acknowledge(job: Job) -> None:
    quiet = job.again(result=report(function(Verdict.NOT_WORTH_IT)))
    quiet.run()
    # Whether it is held back by now, and whether there is a comment to update.
    assert quiet.world.requests() == ["GET /pulls/7", "GET /issues/7/comments"]


def refusing(status: int) -> Any:
    def around(answer: Answer) -> Answer:
        def answered(request: Request) -> Response:
            if request.path.endswith("/permission"):
                return Response(status, {"message": "Resource not accessible by integration"})
            return answer(request)

        return answered

    return around


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(("permission", "code"), [("write", ExitCode.PASSED), ("read", ExitCode.GATE_FAILED)])
def test_what_a_comment_says_of_its_author_decides_where_github_tells_no_more(
    tmp_path: Path, status: int, permission: str, code: ExitCode
) -> None:
    with world(refusing(status)) as github:
        job = Job(github, tmp_path, wrong(), rendering=RENDERING)
        assert job.run() is ExitCode.GATE_FAILED
        says(job, permission=permission)
        assert again(job)[1] is code


def test_a_conversation_that_cannot_be_read_acknowledges_nothing(job: Job) -> None:
    job.token = "unknown"
    says(job)
    assert job.run() is ExitCode.GATE_FAILED
    assert "what the conversation acknowledges is not known" in job.log


@pytest.fixture
def second(job: Job) -> Job:
    """The second workflow, after a run on a fork's pull request whose report claims that all is accepted."""
    job.world.github.pull_requests[NUMBER].head_repository = FORK
    job.environment()
    claimed = AcknowledgementReport(by="octocat", when=1.0)
    leave(job, wrong(acknowledged=claimed))
    return job.again(event_name="workflow_run", event=workflow_run(), result=AssertionError("no measuring"))


def test_a_second_stage_asks_the_conversation_itself(second: Job) -> None:
    assert second.run() is ExitCode.PASSED
    assert "### Hitrate: a cache is wrong" in ours(second)
    says(second)
    leave(second, wrong())
    second.again(run_id=101).run()
    assert "acknowledged by `octocat`" in ours(second)
