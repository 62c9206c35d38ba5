"""Checks every request to the stand-in, and every answer of it, against GitHub's own OpenAPI description."""

import json
from functools import cache
from pathlib import Path
from urllib.parse import quote

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from hitrate.demo.standin import Answer, Request, Response

DATA = Path(__file__).parents[2] / "data" / "github"


@cache
def description() -> OpenAPI:
    whole = json.loads((DATA / "openapi.json").read_text())
    return OpenAPI.from_dict(whole, config=Config(spec_validator_cls=None))


class Contract:
    """Watches the stand-in; ``broken`` says where a request or an answer was not GitHub's."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.checked = 0
        self.log: list[str] = []

    def requests(self, answer: Answer) -> Answer:
        """Checks what comes in, whatever becomes of it."""

        def checked(request: Request) -> Response:
            self.log.append(f"{request.method} {request.path}")
            self._check_request(request)
            return answer(request)

        return checked

    def answers(self, answer: Answer) -> Answer:
        """Checks what the stand-in itself says."""

        def checked(request: Request) -> Response:
            response = answer(request)
            self._check_response(request, response)
            return response

        return checked

    def around(self, answer: Answer) -> Answer:
        return self.requests(self.answers(answer))

    def _check_request(self, request: Request) -> None:
        try:
            description().validate_request(_described(request))
        except OpenAPIError as error:
            self.broken.append(f"{request.method} {request.path}: {error!r} {error.__cause__!r}")

    def _check_response(self, request: Request, response: Response) -> None:
        self.checked += 1
        kind = "application/json" if response.body else ""
        answer = MockResponse(response.body, response.status, dict(response.headers), kind)
        # The description lists few of the failures that every operation can give (401, 403, 5xx).
        if response.status >= 400 and (response.data or {}).get("message"):
            return
        try:
            description().validate_response(_described(request), answer)
        except OpenAPIError as error:
            self.broken.append(
                f"{request.method} {request.path} -> {response.status}: {error!r} {error.__cause__!r}"
            )


def _described(request: Request) -> MockRequest:
    head, found, path = request.path.partition("/contents/")
    return MockRequest(
        host_url="https://api.github.com",
        method=request.method,
        path=head + found + quote(path, safe=""),
        args=dict(request.query),
        headers=dict(request.headers),
        data=request.body,
        content_type=request.headers.get("content-type", "application/json"),
    )
