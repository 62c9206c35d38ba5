"""A run held back by a label, by words or as a draft: nothing is measured, nothing reads as if it were."""

from pathlib import Path
from typing import Any

import pytest

from hitrate.action.outputs import OUTPUTS
from hitrate.action.step import RENDERING
from hitrate.demo.standin import Answer, Request, Response
from hitrate.demo.standin.state import File
from hitrate.errors import ExitCode
from tests.integration.on_github.job import Job, example, function, pull_request_event, report
from tests.integration.on_github.test_second_stage import FORK, leave, workflow_run
from tests.integration.on_github.world import HEAD, NUMBER, World, world

ADVICE = report(function(saved_seconds=2.5))


@pytest.fixture
def job(github: World, tmp_path: Path) -> Job:
    return Job(github, tmp_path, ADVICE)


def marked(job: Job, action: str = "synchronize", **marks: Any) -> Job:
    """The pull request and the event about it with a title, labels or as a draft."""
    pull = job.world.github.pull_requests[NUMBER]
    for name, value in marks.items():
        setattr(pull, name, value)
    event = pull_request_event() | {"action": action}
    told = {"labels": [{"name": name} for name in pull.labels], "title": pull.title, "draft": pull.draft}
    event["pull_request"] |= told
    return job.again(event=event)


def is_held_back(job: Job, why: str) -> None:
    assert job.run() is ExitCode.PASSED
    assert job.measured == []
    assert job.log.splitlines()[0] == (
        f"::notice title=Hitrate::held back, so nothing was measured: {why.replace('`', '')}"
    )
    assert job.outputs().items() >= dict.fromkeys(set(OUTPUTS) - {"comment-url"}, "").items()
    assert job.summary().startswith("**Hitrate was held back**, so nothing was measured: ")
    assert not (job.workspace / "hitrate-report").exists()


LABEL = "the pull request has the label `hitrate:skip`"


@pytest.mark.parametrize("action", ["opened", "labeled", "unlabeled", "synchronize", "ready_for_review"])
@pytest.mark.parametrize("label", ["hitrate:skip", "Hitrate:Skip"])
def test_a_label_holds_it_back_whatever_happened(job: Job, action: str, label: str) -> None:
    held = marked(job, action, labels=("bug", label))
    is_held_back(held, LABEL)
    assert len(held.log.splitlines()) == 1
    assert held.world.bodies() == []


@pytest.mark.parametrize("action", ["labeled", "unlabeled"])
@pytest.mark.parametrize("labels", [(), ("bug",), ("hitrate",), ("hitrate:skipped",)])
def test_another_label_changes_nothing(job: Job, action: str, labels: tuple[str, ...]) -> None:
    """A check that passed because there was nothing to do would stand in place of one that has failed."""
    measured = marked(job, action, labels=labels)
    measured.run()
    assert len(measured.measured) == 1
    assert measured.outputs()["verdict"] == "pass"


def test_the_label_has_the_name_that_was_chosen(job: Job) -> None:
    chosen = marked(job, labels=("no cache",))
    chosen.inputs = {"skip-label": "no cache"}
    is_held_back(chosen, "the pull request has the label `no cache`")
    other = marked(job, labels=("hitrate:skip",))
    other.inputs = {"skip-label": "no cache"}
    other.run()
    assert len(other.measured) == 1


def test_the_config_file_may_choose_it(job: Job) -> None:
    job.environment()
    (job.workspace / ".github").mkdir()
    (job.workspace / ".github" / "hitrate.yml").write_text("skip-label: '7'\ndrafts: skip\n")
    is_held_back(marked(job, labels=("7",)), "the pull request has the label `7`")
    is_held_back(marked(job, labels=(), draft=True), "the pull request is a draft, and `drafts` is `skip`")


WORDS = ["[skip hitrate]", "[hitrate skip]", "[Skip Hitrate]", "[hitrate  skip]", "[ skip hitrate ]"]
OTHER_WORDS = ["[skip ci]", "skip hitrate", "(skip hitrate)", "[skip-hitrate]", "[skip hitrate2]", ""]


@pytest.mark.parametrize("words", WORDS)
def test_words_in_the_title_hold_it_back(job: Job, words: str) -> None:
    held = marked(job, title=f"Faster quotes {words}")
    is_held_back(held, f"the pull request's title says `{' '.join(words.split())}`")


@pytest.mark.parametrize("words", WORDS)
def test_words_in_the_head_commits_message_hold_it_back(job: Job, words: str) -> None:
    job.message = f"Faster quotes\n\nToo slow on this runner. {words}\n"
    assert job.run() is ExitCode.PASSED
    assert job.measured == []
    assert "the head commit's message says [" in job.log


@pytest.mark.parametrize("words", OTHER_WORDS)
def test_other_words_do_not(job: Job, words: str) -> None:
    measured = marked(job, title=f"A change {words}")
    measured.message = f"A change {words}"
    measured.run()
    assert len(measured.measured) == 1


def test_a_draft_is_measured_unless_drafts_are_to_be_held_back(job: Job) -> None:
    draft = marked(job, "opened", draft=True)
    draft.run()
    assert len(draft.measured) == 1
    draft.measured.clear()
    draft.inputs = {"drafts": "skip"}
    (draft.folder / "files" / "output").unlink()
    (draft.folder / "files" / "summary").unlink()
    assert draft.run() is ExitCode.PASSED
    assert draft.measured == []
    ready = marked(job, "ready_for_review", draft=False)
    ready.inputs = {"drafts": "skip"}
    ready.run()
    assert len(ready.measured) == 1


@pytest.mark.parametrize("inputs", [{"drafts": "never"}, {"drafts": "true"}])
def test_what_becomes_of_drafts_is_one_of_two(job: Job, inputs: dict[str, str]) -> None:
    job.inputs = inputs
    assert job.run() is ExitCode.BAD_INPUT
    assert "drafts: " in job.log


def test_a_job_that_is_run_again_sees_that_the_label_is_gone(job: Job) -> None:
    held = marked(job, labels=("hitrate:skip",))
    held.world.github.pull_requests[NUMBER].labels = ()
    held.run()
    assert len(held.measured) == 1
    assert held.outputs()["verdict"] == "pass"


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ({"labels": ("hitrate:skip",)}, "the pull request has the label `hitrate:skip`"),
        ({"title": "Faster [skip hitrate]"}, "the pull request's title says `[skip hitrate]`"),
        ({"draft": True}, "the pull request is a draft, and `drafts` is `skip`"),
    ],
)
def test_a_job_that_is_run_again_sees_what_was_added_since(job: Job, marks: dict[str, Any], why: str) -> None:
    job.inputs = {"drafts": "skip"}
    for name, value in marks.items():
        setattr(job.world.github.pull_requests[NUMBER], name, value)
    is_held_back(job.again(variables={"GITHUB_RUN_ATTEMPT": "2"}), why)


@pytest.mark.parametrize("marks", [{"draft": False}, {"labels": ("bug",)}, {"title": "Faster"}])
def test_what_is_gone_holds_nothing_back(job: Job, marks: dict[str, Any]) -> None:
    held = marked(job, labels=("hitrate:skip",), title="x [skip hitrate]", draft=True)
    held.inputs = {"drafts": "skip"}
    pull = held.world.github.pull_requests[NUMBER]
    pull.labels, pull.title, pull.draft = (), "A change", False
    for name, value in marks.items():
        setattr(pull, name, value)
    held.run()
    assert len(held.measured) == 1


def failing_server(answer: Answer) -> Answer:
    def answered(request: Request) -> Response:
        return Response(502, {"message": "Bad gateway"}) if "/pulls/" in request.path else answer(request)

    return answered


def test_github_is_not_waited_for_long_to_tell_labels(tmp_path: Path) -> None:
    with world(failing_server) as github:
        job = Job(github, tmp_path, ADVICE)
        before = github.time.slept
        job.run()
        assert len(job.measured) == 1
        assert github.time.slept - before <= 20


@pytest.mark.parametrize("token", ["unknown", ""])
def test_the_event_is_believed_where_github_cannot_be_asked(job: Job, token: str) -> None:
    held = marked(job, labels=("hitrate:skip",))
    held.token = token
    assert held.run() is ExitCode.PASSED
    assert held.measured == []


def test_the_comment_of_an_earlier_run_says_that_this_one_was_held_back(job: Job) -> None:
    job.run()
    held = marked(job, labels=("hitrate:skip",)).again(run_id=101)
    (job.folder / "files" / "output").unlink()
    held.run()
    (body,) = job.world.bodies()
    assert body.split("\n", 1)[1] == f"held: {LABEL}"
    assert held.outputs()["comment-url"].endswith(str(job.world.github.conversation(NUMBER)[0].id))
    assert held.outputs()["verdict"] == ""
    marked(job, "unlabeled", labels=()).again(run_id=102).run()
    assert job.world.bodies()[0].endswith("comment on 1 functions")


@pytest.mark.parametrize("comment", ["always", "auto"])
def test_no_comment_is_made_to_say_so(job: Job, comment: str) -> None:
    held = marked(job, labels=("hitrate:skip",))
    held.inputs = {"comment": comment}
    held.run()
    assert held.world.bodies() == []


@pytest.mark.parametrize("inputs", [{"comment": "never"}, {"comment-id": "other"}, {"dry-run": "true"}])
def test_a_comment_that_is_not_this_steps_stays_as_it_is(job: Job, inputs: dict[str, str]) -> None:
    job.run()
    held = marked(job, labels=("hitrate:skip",)).again(run_id=101, inputs=inputs)
    held.measured.clear()
    assert held.run() is ExitCode.PASSED
    assert held.measured == []
    assert job.world.bodies()[0].endswith("comment on 1 functions")


def test_what_a_reader_sees(job: Job) -> None:
    job.run()
    marked(job, labels=("hitrate:skip",)).again(run_id=101, rendering=RENDERING).run()
    heading, first, *_ = job.world.bodies()[0].split("\n\n")
    assert heading.endswith("### Hitrate: held back")
    assert first == f"**Commit {HEAD[:12]} was not measured:** {LABEL}."
    run = "https://github.com/octo/widgets/actions/runs/101"
    assert f"[this one]({run}) measured nothing." in job.world.bodies()[0]


def push(message: str) -> dict[str, Any]:
    head = {"message": message}
    return example("push") | {
        "ref": "refs/heads/x",
        "after": HEAD,
        "before": "d" * 40,
        "deleted": False,
        "head_commit": head,
    }


def test_a_push_is_held_back_by_its_commit_or_by_its_pull_request(job: Job) -> None:
    pushed = job.again(event_name="push", event=push("Faster [skip hitrate]"))
    is_held_back(pushed, "the head commit's message says `[skip hitrate]`")
    job.world.github.pull_requests[NUMBER].labels = ("hitrate:skip",)
    is_held_back(job.again(event_name="push", event=push("Faster")), LABEL)


def test_a_push_without_pull_request_has_no_label(job: Job) -> None:
    job.world.github.pull_requests[NUMBER].state = "closed"
    job.world.github.pull_requests[NUMBER].labels = ("hitrate:skip",)
    pushed = job.again(event_name="push", event=push("Faster"))
    pushed.run()
    assert len(pushed.measured) == 1


def test_a_merge_queue_and_a_run_that_a_person_starts_are_measured(job: Job) -> None:
    """A group holds others' pull requests too; the last one's words must not let all of them pass."""
    job.world.github.pull_requests[NUMBER].labels = ("hitrate:skip",)
    job.message = "A change [skip hitrate]"
    group = job.again(event_name="merge_group", event=example("merge_group"))
    started = job.again(event_name="workflow_dispatch", event=example("workflow_dispatch"))
    started.inputs = {"base": "main"}
    for one in (group, started):
        one.measured = []
        one.run()
        assert len(one.measured) == 1


@pytest.fixture
def second(job: Job) -> Job:
    """The second workflow, after a run on a fork's pull request that left no report."""
    job.world.github.pull_requests[NUMBER].head_repository = FORK
    return job.again(event_name="workflow_run", event=workflow_run(), result=AssertionError("no measuring"))


def config(text: str) -> File:
    return File(".github/hitrate.yml", text, "@@ -0,0 +1 @@\n+x")


SECOND_STAGE: list[tuple[dict[str, Any], str]] = [
    ({"labels": ("hitrate:skip",)}, "the pull request has the label hitrate:skip"),
    ({"title": "x [hitrate skip]"}, "the pull request's title says [hitrate skip]"),
    ({"draft": True}, "the pull request is a draft"),
    ({"draft": True, "files": (config("drafts: skip\n"),)}, "a draft, and drafts is skip"),
    ({"labels": ("no",), "files": (config("skip-label: 'No'\n"),)}, "the pull request has the label No"),
    ({}, "the head commit's message says [skip hitrate]"),
]
NOT_HELD: list[dict[str, Any]] = [
    {},
    {"labels": ("bug",)},
    {"labels": ("hitrate:skip",), "files": (config("skip-label: other\n"),)},
    {"labels": ("no",), "files": (config("skip-label: ['no'\n"),)},
    {"labels": ("no",), "files": (config("nonsense: 1\nskip-label: 'no'\n"),)},
    {"labels": ("hitrate:skip",), "head_repository": "mallory/widgets"},
]


@pytest.mark.parametrize(("marks", "why"), SECOND_STAGE)
def test_a_second_stage_has_nothing_to_post(second: Job, marks: dict[str, Any], why: str) -> None:
    for name, value in marks.items():
        setattr(second.world.github.pull_requests[NUMBER], name, value)
    if not marks:
        second.event["workflow_run"]["head_commit"] = {"message": "x [skip hitrate]"}
    assert second.run() is ExitCode.PASSED
    assert second.log.splitlines()[0] == (
        "::notice title=Hitrate::the run that measures was held back, so there is nothing to post: "
        + (why if why.startswith("the ") else f"the pull request is {why}")
    )
    assert second.world.bodies() == []


@pytest.mark.parametrize("marks", NOT_HELD)
def test_a_second_stage_misses_a_report_that_nothing_held_back(second: Job, marks: dict[str, Any]) -> None:
    for name, value in marks.items():
        setattr(second.world.github.pull_requests[NUMBER], name, value)
    assert second.run() is ExitCode.BAD_INPUT
    assert "there is no hitrate-report/report.json" in second.log


def test_its_own_input_names_the_label_before_the_config_file(second: Job) -> None:
    pull = second.world.github.pull_requests[NUMBER]
    pull.labels, pull.files = ("mine",), (config("skip-label: other\n"),)
    second.inputs = {"skip-label": "mine"}
    assert second.run() is ExitCode.PASSED


def test_a_second_stage_says_in_the_comment_of_an_earlier_run_that_this_one_was_held_back(
    second: Job,
) -> None:
    second.environment()
    leave(second, ADVICE)
    second.run()
    (second.workspace / "hitrate-report" / "report.json").unlink()
    second.world.github.pull_requests[NUMBER].draft = True
    event = workflow_run()
    event["workflow_run"]["id"] = 101
    second.again(event=event).run()
    (body,) = second.world.bodies()
    assert body.split("\n", 1)[1] == "held: the pull request is a draft"


def test_a_second_stage_that_misses_its_report_says_so(second: Job) -> None:
    assert second.run() is ExitCode.BAD_INPUT
    assert "there is no hitrate-report/report.json" in second.log


def test_a_report_that_is_there_is_posted_whatever_the_labels_are_by_now(second: Job) -> None:
    second.world.github.pull_requests[NUMBER].labels = ("hitrate:skip",)
    second.environment()
    leave(second, ADVICE)
    assert second.run() is ExitCode.PASSED
    assert len(second.world.bodies()) == 1


def test_an_event_that_says_little_holds_nothing_back(job: Job) -> None:
    for name in ("labels", "title", "draft"):
        job.event["pull_request"].pop(name)
    job.run()
    assert len(job.measured) == 1
