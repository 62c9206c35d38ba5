"""Events as GitHub's published examples have them, and what is done for each."""

import json
from pathlib import Path
from typing import Any

import pytest

from hitrate.errors import InputError
from hitrate.github.event import Event, Mode, Run, plan

EXAMPLES = json.loads((Path(__file__).parents[2] / "data" / "github" / "events.json").read_text())


def event(name: str, payload: dict[str, Any], repository: str = "Codertocat/Hello-World") -> Event:
    return Event(name, payload, repository, "c" * 40, "refs/heads/x", Run(100, 1))


def examples(name: str, action: str | None) -> list[dict[str, Any]]:
    found = [one for one in EXAMPLES[name] if action is None or one["action"] == action]
    assert found
    return found


@pytest.mark.parametrize(
    ("action", "mode"),
    [
        ("opened", Mode.PULL_REQUEST),
        ("synchronize", Mode.PULL_REQUEST),
        ("reopened", Mode.PULL_REQUEST),
        ("ready_for_review", Mode.PULL_REQUEST),
        ("converted_to_draft", Mode.PULL_REQUEST),
        ("closed", Mode.NOTHING),
    ],
)
def test_pull_request(action: str, mode: Mode) -> None:
    for payload in examples("pull_request", action):
        planned = plan(event("pull_request", payload))
        assert planned.mode is mode
        if mode is Mode.PULL_REQUEST:
            pull = payload["pull_request"]
            target = planned.target
            assert (target.base, target.head) == (pull["base"]["sha"], pull["head"]["sha"])
            assert (target.pull_request, target.merge) == (pull["number"], "c" * 40)
            assert planned.notice is None


def test_pull_request_target_of_an_own_branch_is_measured_with_a_warning() -> None:
    (payload,) = examples("pull_request", "opened")
    planned = plan(event("pull_request_target", payload))
    assert planned.mode is Mode.PULL_REQUEST
    assert planned.target.merge is None
    assert planned.notice
    assert "pull_request_target" in planned.notice


@pytest.mark.parametrize("repo", [None, {"full_name": "someone/Hello-World"}])
def test_pull_request_target_of_a_fork_is_refused(repo: dict[str, str] | None) -> None:
    (payload,) = json.loads(json.dumps(examples("pull_request", "opened")))
    payload["pull_request"]["head"]["repo"] = repo
    with pytest.raises(InputError, match="pull_request_target: refused"):
        plan(event("pull_request_target", payload))


def test_pull_request_of_a_deleted_fork_is_measured() -> None:
    (payload,) = json.loads(json.dumps(examples("pull_request", "opened")))
    payload["pull_request"]["head"]["repo"] = None
    planned = plan(event("pull_request", payload))
    assert planned.mode is Mode.PULL_REQUEST
    assert planned.target.head_repository is None


def test_merge_group_gates_without_a_comment() -> None:
    (payload,) = examples("merge_group", None)
    planned = plan(event("merge_group", payload))
    assert planned.mode is Mode.GATE
    assert planned.target.pull_request is None
    assert (planned.target.base, planned.target.head) == (
        payload["merge_group"]["base_sha"],
        payload["merge_group"]["head_sha"],
    )


def test_pushes() -> None:
    modes = {(one["ref"], one["deleted"]): plan(event("push", one)).mode for one in EXAMPLES["push"]}
    assert modes == {
        ("refs/tags/simple-tag", False): Mode.NOTHING,
        ("refs/tags/simple-tag", True): Mode.NOTHING,
        ("refs/heads/master", False): Mode.BRANCH,
    }


@pytest.mark.parametrize(
    ("ref", "before", "base"),
    [
        ("refs/heads/master", "d" * 40, "d" * 40),
        ("refs/heads/topic", "d" * 40, "d" * 40),
        ("refs/heads/topic", "0" * 40, "master"),
        ("refs/heads/master", "0" * 40, None),
    ],
)
def test_a_push_is_compared_with_what_was_there_before(ref: str, before: str, base: str | None) -> None:
    payload = EXAMPLES["push"][0] | {"ref": ref, "before": before, "after": "e" * 40, "deleted": False}
    planned = plan(event("push", payload))
    assert (planned.target.base, planned.target.head) == (base, "e" * 40)


def test_dispatch_is_compared_with_the_default_branch_unless_it_is_that() -> None:
    for payload in EXAMPLES["workflow_dispatch"]:
        planned = plan(event("workflow_dispatch", payload))
        default = payload["repository"]["default_branch"]
        assert planned.mode is Mode.BRANCH
        assert planned.target.base == (None if payload["ref"].endswith(default) else default)


def test_schedule_names_nothing_to_compare_with() -> None:
    planned = plan(event("schedule", {"schedule": "0 3 * * 1"}))
    assert (planned.mode, planned.target.base) == (Mode.GATE, None)


def test_workflow_run_of_a_pull_request_posts_what_that_run_measured() -> None:
    (payload,) = json.loads(json.dumps(examples("workflow_run", "completed")))
    payload["workflow_run"]["event"] = "pull_request"
    planned = plan(event("workflow_run", payload))
    assert planned.mode is Mode.POST
    assert planned.target.head == payload["workflow_run"]["head_sha"]
    assert planned.target.run == Run(payload["workflow_run"]["id"], payload["workflow_run"]["run_attempt"])
    assert planned.target.head_repository == payload["workflow_run"]["head_repository"]["full_name"]


def test_workflow_run_of_anything_else_posts_nothing() -> None:
    for payload in EXAMPLES["workflow_run"]:
        assert plan(event("workflow_run", payload)).mode is Mode.NOTHING


@pytest.mark.parametrize("name", ["issue_comment", "release", "no such event"])
def test_other_events_are_left_alone_with_a_notice(name: str) -> None:
    planned = plan(event(name, {}))
    assert planned.mode is Mode.NOTHING
    assert planned.notice
    assert name in planned.notice


@pytest.mark.parametrize("name", ["pull_request", "push", "merge_group", "workflow_dispatch", "workflow_run"])
def test_a_payload_of_another_event_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"GITHUB_EVENT_PATH: not a payload of the event {name}"):
        plan(event(name, {"action": "opened"}))


@pytest.mark.parametrize(
    ("name", "payload", "mode"),
    [
        (
            "pull_request",
            {"action": "opened", "pull_request": {"number": 1, "head": {"sha": "a"}, "base": {"sha": "b"}}},
            Mode.PULL_REQUEST,
        ),
        (
            "push",
            {"ref": "refs/heads/x", "before": "b", "after": "a", "repository": {"full_name": "o/r"}},
            Mode.BRANCH,
        ),
        (
            "workflow_run",
            {"action": "completed", "workflow_run": {"id": 1, "event": "pull_request", "head_sha": "a"}},
            Mode.POST,
        ),
    ],
)
def test_only_what_is_needed_must_be_there(name: str, payload: dict[str, Any], mode: Mode) -> None:
    assert plan(event(name, payload)).mode is mode


def test_pull_request_target_that_does_not_say_where_it_comes_from_is_refused() -> None:
    payload = {"action": "opened", "pull_request": {"number": 1, "head": {"sha": "a"}, "base": {"sha": "b"}}}
    with pytest.raises(InputError, match="pull_request_target: refused"):
        plan(event("pull_request_target", payload))
