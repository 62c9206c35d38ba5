"""The fault matrix: whatever goes wrong wherever, there is one comment at most and no lost report."""

import threading
import time
from pathlib import Path

import pytest

from hitrate.demo.standin import Answer, Request, Response
from hitrate.errors import ExitCode
from hitrate.github.retry import Patience
from tests.integration.on_github.faults import FAULTS, OPERATIONS, Effect, Fault, Trouble
from tests.integration.on_github.job import Job, function, report
from tests.integration.on_github.plain import APP, plain
from tests.integration.on_github.world import NUMBER, World, marker, world

FOREVER = 10**9
PATIENCE = Patience(request_seconds=2, total_seconds=180)
NEW = "comment on 1 functions"
EVERY_OPERATION = [
    pytest.param(name, marks=() if name in ("create", "update") else pytest.mark.slow) for name in OPERATIONS
]
OPTIONAL = {"release"}
"""Operations without which the comment is right all the same."""
REFUSALS = {"403 permission", "403 permission unnamed", "403 locked", "404", "409", "422"}
"""Answers to the lease after which the comment is written without one."""


def seeded(github: World, operation: str) -> None:
    """The comments that are there, so that a run comes to the operation."""
    present = {"create": 0, "list": 1, "remove": 2}.get(operation, 1)
    for run in range(present):
        github.github.add_comment(NUMBER, github.account(), f"{marker(90 + run)}\nold")


def outcome(github: World, folder: Path) -> Job:
    job = Job(github, folder, report(function()))
    assert job.run() is ExitCode.PASSED
    return job


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("operation", EVERY_OPERATION)
def test_a_fault_that_passes(operation: str, fault: Fault, tmp_path: Path) -> None:
    trouble = Trouble(operation, fault, times=1)
    with world(trouble.around) as github:
        seeded(github, operation)
        job = outcome(github, tmp_path)
        assert trouble.hit >= 1
        if fault.passes or needless(operation, fault):
            assert [body.splitlines()[1] for body in github.bodies()] == [NEW]
            assert job.outputs()["comment-url"].endswith(
                f"#issuecomment-{github.github.conversation(NUMBER)[0].id}"
            )
        check(github, job, fault, operation)


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("operation", EVERY_OPERATION)
def test_a_fault_that_stays(operation: str, fault: Fault, tmp_path: Path) -> None:
    trouble = Trouble(operation, fault, times=FOREVER)
    with world(trouble.around) as github:
        seeded(github, operation)
        job = outcome(github, tmp_path)
        check(github, job, fault, operation)
        done = operation in ("create", "remove") and fault.effect is Effect.DONE
        works = done or needless(operation, fault)
        gone = fault.name == "404" and operation in ("read", "update", "remove")
        warnings = [line for line in job.log.splitlines() if line.startswith("::warning")]
        if needless(operation, fault):
            assert [body.splitlines()[1] for body in github.bodies()] == [NEW]
        if not works and not gone:
            (warning,) = warnings
            assert fault.said in warning.replace("%25", "%")
            assert "the job summary has it" in warning
        # The trouble is over: the next run puts everything right.
        trouble.times = 0
        github.time.sleep(120)
        later = job.again(run_id=200, folder=tmp_path / "later")
        assert later.run() is ExitCode.PASSED
        assert [body.splitlines() for body in github.bodies()] == [[str(marker(200)), NEW]]
        assert github.github.conversation(NUMBER)[0].reactions == []


def needless(operation: str, fault: Fault) -> bool:
    """Whether the comment is right although the operation fails so."""
    return operation in OPTIONAL or (operation == "lease" and fault.name in REFUSALS)


def check(github: World, job: Job, fault: Fault, operation: str) -> None:
    """What holds whatever happens."""
    # Two only where two were there and the surplus one cannot be removed.
    assert len(github.bodies()) <= (2 if operation == "remove" else 1)
    assert sum(NEW in body for body in github.bodies()) <= 1
    assert github.time.slept <= PATIENCE.total_seconds
    assert job.outputs()["recommended"] == "1"
    assert job.summary() == "summary of 1 functions\n"
    assert (job.workspace / "hitrate-report" / "report.json").exists()
    assert "Traceback" not in job.log


def test_a_server_that_says_when_it_is_back_is_asked_again_then(tmp_path: Path) -> None:
    fault = next(fault for fault in FAULTS if fault.name == "503 before, Retry-After")
    trouble = Trouble("list", fault, times=1)
    with world(trouble.around) as github:
        outcome(github, tmp_path)
        assert github.time.slept == 40


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, FOREVER])
@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize("operation", ["list", "create", "read", "update"])
def test_a_fault_where_no_lease_is_to_be_had(
    operation: str, fault: Fault, times: int, tmp_path: Path
) -> None:
    trouble = Trouble(operation, fault, times)
    with world(lambda answer: trouble.around(plain(APP)(answer))) as github:
        seeded(github, operation)
        job = outcome(github, tmp_path)
        check(github, job, fault, operation)
        trouble.times = 0
        later = job.again(run_id=200, folder=tmp_path / "later")
        assert later.run() is ExitCode.PASSED
        assert [body.splitlines() for body in github.bodies()] == [[str(marker(200)), NEW]]


@pytest.mark.parametrize("effect", list(Effect))
@pytest.mark.parametrize("operation", ["list", "create", "update"])
def test_an_answer_that_comes_too_late(operation: str, effect: Effect, tmp_path: Path) -> None:
    over = threading.Event()

    def late(good: Response | None) -> Response:
        over.wait(10)
        return good or Response(500, {"message": "too late"})

    trouble = Trouble(operation, Fault("late", late, effect, passes=True), times=1)
    with world(trouble.around) as github:
        github.patience = Patience(request_seconds=1)
        seeded(github, operation)
        started = time.monotonic()
        outcome(github, tmp_path)
        over.set()
        assert time.monotonic() - started < 8
        assert [body.splitlines()[1] for body in github.bodies()] == [NEW]


def test_an_api_that_cannot_be_reached_loses_nothing(tmp_path: Path) -> None:
    with world() as github:
        url = github.url
    github.url = url
    job = outcome(github, tmp_path)
    assert job.summary() == "summary of 1 functions\n"
    assert "the answer was incomplete (ConnectionError)" in job.log


def test_no_request_carries_a_secret_in_its_address(tmp_path: Path) -> None:
    seen: list[Request] = []

    def watch(answer: Answer) -> Answer:
        def watched(request: Request) -> Response:
            seen.append(request)
            return answer(request)

        return watched

    with world(watch) as github:
        job = outcome(github, tmp_path)
    assert seen
    assert all("default" not in f"{request.path}{request.query}" for request in seen)
    assert "token default" not in job.log
