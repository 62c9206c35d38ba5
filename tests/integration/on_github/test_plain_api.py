"""An API without reactions, links to pages and optional fields: Hitrate needs none of them."""

import pytest

from hitrate.demo.standin import Answer, Request, Response
from hitrate.github.comment import Posted, Posting, post
from hitrate.github.suggestions import Reviewed, review
from tests.integration.on_github.job import Job, function, report
from tests.integration.on_github.plain import APP, NO_REACTIONS, person, plain
from tests.integration.on_github.test_suggestions import advised, file
from tests.integration.on_github.world import HEAD, NUMBER, World, marker, world


def write(github: World, run: int, token: str = "default") -> Posted:
    with github.client(token) as client:
        return post(client.conversation(NUMBER), marker(run), f"run {run}")


@pytest.mark.parametrize(("token", "who"), [("default", APP), ("app", APP), ("personal", person("octocat"))])
@pytest.mark.parametrize(
    "reactions",
    [
        NO_REACTIONS,
        Response(403, {"message": "Resource not accessible by integration"}),
        Response(405, {"message": "Method Not Allowed"}),
        Response(422, {"message": "Validation Failed"}),
        Response(501),
        Response(200, {}),
    ],
    ids=lambda response: str(response.status),
)
def test_one_comment_all_the_same(token: str, who: Response, reactions: Response) -> None:
    with world(plain(who, reactions)) as github:
        planted = github.github.add_comment(NUMBER, github.account("other"), f"{marker(999_999)}\nplanted")
        for run, expected in ((100, Posting.CREATED), (101, Posting.UPDATED), (99, Posting.SUPERSEDED)):
            assert write(github, run, token).posting is expected
        assert github.bodies() == [planted.body, f"{marker(101)}\nrun 101"]
        assert github.time.slept == 0


def test_six_requests_edit_a_comment() -> None:
    with world(plain(APP)) as github:
        write(github, 100)
        github.requests()
        write(github, 101)
        assert len(github.requests()) == 6


def test_is_found_behind_other_pages_that_nothing_links_to() -> None:
    with world(plain(APP)) as github:
        for number in range(250):
            github.github.add_comment(NUMBER, github.account("other"), f"talk {number}")
        write(github, 100)
        assert write(github, 101).posting is Posting.UPDATED
        assert sum("hitrate id=" in body for body in github.bodies()) == 1


def test_a_server_that_knows_no_pages_is_asked_once_more_and_not_for_ever() -> None:
    def one_page(answer: Answer) -> Answer:
        def whole(request: Request) -> Response:
            query = {name: value for name, value in request.query.items() if name != "page"}
            good = answer(Request(request.method, request.path, query, request.headers, request.body))
            return Response(good.status, good.data)

        return whole

    with world(one_page) as github:
        for number in range(120):
            github.github.add_comment(NUMBER, github.account("other"), f"talk {number}")
        with github.client() as client:
            assert len(client.conversation(NUMBER).comments()) == 100
        assert len(github.requests()) == 2


def test_a_newer_run_that_was_overwritten_by_an_older_one_writes_again() -> None:
    def overtaken(answer: Answer) -> Answer:
        def late(request: Request) -> Response:
            good = answer(request)
            if request.method == "PATCH" and b"run 102" in request.body and not late_ones:
                late_ones.append(request)
                body = github.github.conversation(NUMBER)[0]
                body.body = f"{marker(101)}\nrun 101"
            return good

        late_ones: list[Request] = []
        return plain(APP)(late)

    with world(overtaken) as github:
        write(github, 100)
        assert write(github, 102).posting is Posting.UPDATED
        assert github.bodies() == [f"{marker(102)}\nrun 102"]


def test_suggestions_are_neither_repeated_nor_forgotten() -> None:
    with world(plain(APP)) as github:
        made = file()
        github.github.pull_requests[NUMBER].files = (made,)
        given = report(advised(made.text, "price"))
        for found, expected in (
            (given, Reviewed(posted=1)),
            (given, Reviewed(standing=1)),
            (report(), Reviewed(withdrawn=1)),
        ):
            with github.client() as client:
                assert review(client.review(NUMBER, HEAD), found, "hitrate", None) == expected


@pytest.mark.parametrize("data", [None, {}, [{}], [None], ["text"], "<html>", 7])
def test_an_answer_that_is_none_loses_nothing(data: object, tmp_path: object) -> None:
    def odd(answer: Answer) -> Answer:
        return lambda request: Response(200, data)

    with world(odd) as github:
        job = Job(github, tmp_path, report(function()))  # type: ignore[arg-type]
        job.run()
        assert job.outputs()["recommended"] == "1"
        (warning,) = [line for line in job.log.splitlines() if line.startswith("::warning")]
        assert "the answer was incomplete" in warning
        assert "the job summary has it" in warning
