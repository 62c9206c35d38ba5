"""GitHub's runner: what it tells a container, and the summary, outputs and commands that it takes."""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from hitrate.errors import InputError
from hitrate.github.client import Access, Client
from hitrate.github.event import Event, Run
from hitrate.report.escape import COMMAND_LIMIT, command_data
from hitrate.settings.model import CONFIG_ONLY, Settings, nearest, option_name
from hitrate.wording.text import plain

SUMMARY_LIMIT = 1024 * 1024
"""Bytes of a job summary; the runner drops a larger one as a whole."""

TOKEN_INPUT = "github-token"  # noqa: S105 - the name of an input
_PREFIX = "INPUT_"
_NOT_SETTINGS = {TOKEN_INPUT, "args", "entrypoint"}


@dataclass(frozen=True, slots=True)
class Runner:
    """What the runner tells.

    Attributes:
        event: What happened.
        workspace: ``GITHUB_WORKSPACE``: the checkout, if the job made one.
        token: The input github-token; None if it is empty.
        api_url: ``GITHUB_API_URL``.
        server_url: ``GITHUB_SERVER_URL``.
        authorities: File of certificates to trust; None for the system's.
        output: ``GITHUB_OUTPUT``; None where outputs go nowhere.
        summary: ``GITHUB_STEP_SUMMARY``; None where it goes nowhere.
    """

    event: Event
    workspace: Path
    token: str | None
    api_url: str
    server_url: str
    authorities: str | None
    output: Path | None
    summary: Path | None

    @property
    def access(self) -> Access | None:
        """How to reach the API; None without a token."""
        return Access(self.api_url, self.token, self.authorities) if self.token else None


Connect = Callable[[Runner], Client]
"""Opens the API of a runner's repository."""


def read_runner(environment: Mapping[str, str]) -> Runner:
    """What the runner's environment variables say.

    Raises:
        InputError: One that every runner sets is missing or wrong.
    """
    return Runner(
        event=_event(environment),
        workspace=Path(_required(environment, "GITHUB_WORKSPACE")),
        token=environment.get(f"{_PREFIX}{TOKEN_INPUT.upper()}") or None,
        api_url=_api_url(environment),
        server_url=environment.get("GITHUB_SERVER_URL") or "https://github.com",
        authorities=environment.get("REQUESTS_CA_BUNDLE") or environment.get("SSL_CERT_FILE") or None,
        output=_path(environment, "GITHUB_OUTPUT"),
        summary=_path(environment, "GITHUB_STEP_SUMMARY"),
    )


def read_inputs(environment: Mapping[str, str]) -> dict[str, str]:
    """The inputs that were given, by settings field; an empty one was not given.

    Raises:
        InputError: There is no such input; the message names the nearest one.
    """
    fields = {option_name(field): field for field in Settings.model_fields if field not in CONFIG_ONLY}
    given = {}
    for variable, value in environment.items():
        name = variable.removeprefix(_PREFIX).lower()
        if not variable.startswith(_PREFIX) or name in _NOT_SETTINGS:
            continue
        if name not in fields:
            near = nearest(name, [TOKEN_INPUT, *fields])
            remedy = f"did you mean {near}?" if near else "the README lists all"
            raise InputError(f"{name}: no such input; {remedy}")
        if value.strip():
            given[fields[name]] = value
    return given


def _event(environment: Mapping[str, str]) -> Event:
    return Event(
        name=_required(environment, "GITHUB_EVENT_NAME"),
        payload=_payload(Path(_required(environment, "GITHUB_EVENT_PATH"))),
        repository=_repository(environment),
        sha=environment.get("GITHUB_SHA") or None,
        ref=environment.get("GITHUB_REF", ""),
        run=Run(_number(environment, "GITHUB_RUN_ID"), _number(environment, "GITHUB_RUN_ATTEMPT")),
    )


def _repository(environment: Mapping[str, str]) -> str:
    name = _required(environment, "GITHUB_REPOSITORY")
    if not re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", name, re.ASCII) or name.endswith(("/.", "/..")):
        raise InputError(f"GITHUB_REPOSITORY: {name!r} is not owner/name")
    return name


def _api_url(environment: Mapping[str, str]) -> str:
    url = environment.get("GITHUB_API_URL") or "https://api.github.com"
    place = urlsplit(url)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise InputError(f"GITHUB_API_URL: {url!r} is not the address of an API")
    return url.rstrip("/")


def _payload(path: Path) -> Mapping[str, object]:
    try:
        payload = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"GITHUB_EVENT_PATH: {path} is not readable JSON ({type(error).__name__})") from None
    if not isinstance(payload, dict):
        raise InputError(f"GITHUB_EVENT_PATH: {path} does not hold an event")
    return payload


def _required(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise InputError(f"{name}: not set; the action runs on GitHub's runners, elsewhere use `hitrate run`")
    return value


def _number(environment: Mapping[str, str], name: str) -> int:
    value = environment.get(name) or "0"
    if not value.isdecimal():
        raise InputError(f"{name}: {value!r} is not a number")
    return int(value)


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    value = environment.get(name)
    return Path(value) if value else None


class Log:
    """The step's log, in which lines such as ``::error::…`` are commands."""

    def __init__(self, stream: TextIO) -> None:
        """Write nothing yet."""
        self._stream = stream

    def say(self, text: str) -> None:
        """One plain line that is no command.

        The runner takes for one what begins with ``::``, also after spaces, and what holds ``##[`` anywhere.
        """
        shown = plain(text, COMMAND_LIMIT).replace("##[", "## [")
        self.command(re.sub(r"^(\s*):(?=:)", r"\1: ", shown))

    def notice(self, text: str) -> None:
        """A notice on the run's page."""
        self.command(f"::notice title=Hitrate::{command_data(text)}")

    def warning(self, text: str) -> None:
        """A warning on the run's page."""
        self.command(f"::warning title=Hitrate::{command_data(text)}")

    def error(self, text: str) -> None:
        """An error on the run's page."""
        self.command(f"::error title=Hitrate::{command_data(text)}")

    def command(self, line: str) -> None:
        """A line that is already fit to be one."""
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        self._stream.flush()


def set_outputs(runner: Runner, values: Mapping[str, object]) -> None:
    """Set outputs of the step; None is set as nothing, and several lines are set as they are.

    Raises:
        InputError: The runner's file cannot be written.
    """
    lines = (_assignment(name, "" if value is None else str(value)) for name, value in values.items())
    _append("GITHUB_OUTPUT", runner.output, "".join(lines).encode("utf-8", "replace"))


def _assignment(name: str, value: str) -> str:
    """An output as the runner reads it; several lines end at a mark that the value cannot know."""
    if not {"\n", "\r"} & set(value):
        return f"{name}={value}\n"
    mark = secrets.token_hex(16)
    return f"{name}<<{mark}\n{value}\n{mark}\n"


def add_summary(runner: Runner, markdown: str) -> None:
    """Add to the job summary; what is over its limit is left out at the end of a line.

    Raises:
        InputError: The runner's file cannot be written.
    """
    data = markdown.encode("utf-8", "replace")
    if len(data) > SUMMARY_LIMIT:
        data = data[:SUMMARY_LIMIT].rpartition(b"\n")[0]
    _append("GITHUB_STEP_SUMMARY", runner.summary, data + b"\n")


def _append(name: str, path: Path | None, data: bytes) -> None:
    if path is None:
        return
    try:
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        raise InputError(f"{name}: cannot write {path} ({type(error).__name__})") from None
