"""The HTTP side of the stand-in: requests in, answers out, on a free loopback port."""

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER value with which closing a socket resets the connection."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: ``path`` without the query, header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    def json(self) -> Any:
        """The body as JSON; None if there is none.

        Raises:
            ValueError: The body is not JSON.
        """
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True, slots=True)
class Response:
    """One answer.

    Attributes:
        status: HTTP status.
        data: Sent as JSON; nothing is sent for None.
        headers: Besides date, length and type.
        sent: Bytes of the body that are sent before the connection ends; None is all of them.
    """

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: int | None = None

    @property
    def body(self) -> bytes:
        """The whole body."""
        return b"" if self.data is None else json.dumps(self.data).encode()


Answer = Callable[[Request], Response]
"""Answers a request; raises ConnectionError to break the connection instead."""


class Server:
    """Serves an answer function for the length of a ``with`` block.

    Args:
        answer: Given where it is served; what it returns answers every request, from several threads at once.
        clock: Seconds since the epoch, for the Date header.
        tls: Speaks HTTPS with this; None speaks HTTP.
    """

    def __init__(
        self, answer: Callable[[str], Answer], clock: Callable[[], float], tls: SSLContext | None = None
    ) -> None:
        """Take a free port of 127.0.0.1."""
        self._http = _QuietServer(("127.0.0.1", 0), _Handler)
        self._scheme = "https" if tls else "http"
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        handler = {"answer": staticmethod(answer(self.url)), "clock": staticmethod(clock)}
        self._http.RequestHandlerClass = type("Handler", (_Handler,), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """Where it serves, without a slash at the end."""
        return f"{self._scheme}://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> "Server":
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and wait for answers under way."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _QuietServer(ThreadingHTTPServer):
    # Keep-alive connections end with their client; waiting for them would wait for its garbage collection.
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless it is only that a client did not wait for its answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two writes; without this the second waits for the first to be acknowledged (40 ms).
    disable_nagle_algorithm = True
    answer: Answer
    clock: Callable[[], float]

    def _serve(self) -> None:
        place = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=place.path,
            query=dict(parse_qsl(place.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        try:
            self._send(self.answer(request))
        except ConnectionError:
            self._break()

    def _send(self, response: Response) -> None:
        body = response.body
        self.send_response_only(response.status)
        self.send_header("Date", formatdate(self.clock(), usegmt=True))
        for name, value in response.headers.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        if response.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: response.sent])
        if response.sent is not None:
            self.close_connection = True

    def _break(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
        self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - names that http.server asks for
