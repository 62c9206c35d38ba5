"""The contract itself must be able to fail."""

import pytest

from hitrate.demo.standin import Answer, Request, Response
from tests.integration.on_github.contract import Contract
from tests.integration.on_github.world import World, world

HEADERS = {"authorization": "token default", "content-type": "application/json"}
COMMENTS = "/repos/octo/widgets/issues/7/comments"


@pytest.mark.parametrize(
    ("request_", "broken"),
    [
        (Request("GET", COMMENTS, {"per_page": "100"}, HEADERS), 0),
        (Request("POST", COMMENTS, {}, HEADERS, b'{"body": "x"}'), 0),
        (Request("GET", COMMENTS, {"per_page": "many"}, HEADERS), 1),
        (Request("POST", COMMENTS, {}, HEADERS, b'{"text": "x"}'), 1),
        (Request("GET", "/repos/octo/widgets/issue/7", {}, HEADERS), 1),
        (Request("PUT", COMMENTS, {}, HEADERS), 1),
    ],
)
def test_sees_requests_that_github_does_not_know(request_: Request, broken: int) -> None:
    contract = Contract()
    contract.around(lambda request: Response(404, {"message": "x"}))(request_)
    assert len(contract.broken) == broken


def test_sees_answers_that_are_not_githubs(github: World) -> None:
    def without_url(answer: Answer) -> Answer:
        def changed(request: Request) -> Response:
            data = dict(answer(request).data)
            del data["html_url"]
            return Response(201, data)

        return changed

    answers: list[Answer] = []

    def keep(answer: Answer) -> Answer:
        answers.append(answer)
        return answer

    with world(keep):
        contract = Contract()
        request = Request("POST", COMMENTS, {}, HEADERS, b'{"body": "x"}')
        contract.around(without_url(answers[0]))(request)
    assert len(contract.broken) == 1
    assert "html_url" in contract.broken[0]
