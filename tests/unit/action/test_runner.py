"""What the runner's variables say, and what is given back to it."""

import json
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from hitrate.action.runner import (
    SUMMARY_LIMIT,
    Log,
    Runner,
    add_summary,
    read_inputs,
    read_runner,
    set_outputs,
)
from hitrate.errors import InputError
from hitrate.github.event import Run


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "event.json").write_text(json.dumps({"action": "opened"}))
    return {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_REPOSITORY": "octo/widgets",
        "GITHUB_WORKSPACE": str(tmp_path),
        "GITHUB_RUN_ID": "12345678901",
        "GITHUB_RUN_ATTEMPT": "2",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "INPUT_GITHUB-TOKEN": "secret",
    }


@pytest.fixture
def runner(environment: dict[str, str]) -> Runner:
    return read_runner(environment)


def test_what_the_runner_tells(runner: Runner, tmp_path: Path) -> None:
    assert runner.event.run == Run(12345678901, 2)
    assert runner.event.payload == {"action": "opened"}
    assert runner.api_url == "https://api.github.com"
    assert runner.access is not None
    assert "secret" not in repr(runner.access)
    assert runner.workspace == tmp_path


def test_an_enterprise_server_has_its_own_address_and_certificates(environment: dict[str, str]) -> None:
    own = {"GITHUB_API_URL": "https://github.example.com/api/v3", "SSL_CERT_FILE": "/certs/own.pem"}
    access = read_runner(environment | own).access
    assert access is not None
    assert (access.api_url, access.authorities) == ("https://github.example.com/api/v3", "/certs/own.pem")


@pytest.mark.parametrize(
    "name", ["GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_REPOSITORY", "GITHUB_WORKSPACE"]
)
def test_what_every_runner_sets_must_be_there(environment: dict[str, str], name: str) -> None:
    with pytest.raises(InputError, match=rf"^{name}: not set; the action runs on GitHub's runners"):
        read_runner(environment | {name: ""})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GITHUB_REPOSITORY", "widgets", "'widgets' is not owner/name"),
        ("GITHUB_REPOSITORY", "../../user", "'../../user' is not owner/name"),
        ("GITHUB_REPOSITORY", "octo/..", "'octo/..' is not owner/name"),
        ("GITHUB_API_URL", "github.example.com", "'github.example.com' is not the address of an API"),
        ("GITHUB_API_URL", "file:///etc", "'file:///etc' is not the address of an API"),
        ("GITHUB_RUN_ID", "x", "'x' is not a number"),
        ("GITHUB_RUN_ATTEMPT", "²", "'²' is not a number"),
    ],
)
def test_what_makes_no_sense_is_said(environment: dict[str, str], name: str, value: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read_runner(environment | {name: value})
    assert str(raised.value) == f"{name}: {said}"


@pytest.mark.parametrize("content", ["", "{", "[]", "\0"])
def test_an_event_that_is_none(environment: dict[str, str], tmp_path: Path, content: str) -> None:
    (tmp_path / "event.json").write_text(content)
    with pytest.raises(InputError, match=r"^GITHUB_EVENT_PATH: "):
        read_runner(environment)


def test_inputs_by_field_and_empty_ones_not_given() -> None:
    assert read_inputs(
        {
            "INPUT_FAIL-ON": "unsafe, wasteful",
            "INPUT_TEST-COMMAND": "  ",
            "INPUT_EFFORT": "",
            "INPUT_GITHUB-TOKEN": "x",
            "INPUT_ARGS": "run",
            "INPUT_ENTRYPOINT": "x",
            "OTHER": "y",
        }
    ) == {"fail_on": "unsafe, wasteful"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("MAX-SIZE", "max-size: no such input; did you mean maxsize?"),
        ("TOKEN", "token: no such input; did you mean github-token?"),
        ("OVERRIDES", "overrides: no such input"),
        ("QQQ", "qqq: no such input; the README lists all"),
    ],
)
def test_unknown_inputs(name: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read_inputs({f"INPUT_{name}": ""})
    assert said in str(raised.value)


def outputs_in(text: str) -> dict[str, str]:
    """What the runner makes of a file of outputs (``FileCommandManager`` of actions/runner)."""
    found = {}
    lines = iter(text.split("\n"))
    for line in lines:
        name, mark = line.partition("<<")[::2]
        if mark and "=" not in name:
            found[name] = "\n".join(iter(lines.__next__, mark))
        elif line:
            found.update([line.split("=", 1)])
    return found


def test_outputs(runner: Runner, tmp_path: Path) -> None:
    set_outputs(runner, {"a": 1, "b": None, "c": "x\ninjected=1\n", "d": 0.5, "e": "a<<b"})
    written = (tmp_path / "output").read_text()
    assert outputs_in(written) == {"a": "1", "b": "", "c": "x\ninjected=1\n", "d": "0.5", "e": "a<<b"}
    assert written.startswith("a=1\nb=\nc<<")


def test_a_summary_is_never_so_large_that_the_runner_drops_it(runner: Runner, tmp_path: Path) -> None:
    line = "ä" * 99 + "\n"
    add_summary(runner, line * 10_000)
    written = (tmp_path / "summary").read_bytes()
    assert SUMMARY_LIMIT - 300 < len(written) <= SUMMARY_LIMIT
    assert set(written.decode().splitlines()) == {line.strip()}


def test_what_is_said_is_no_command() -> None:
    stream = StringIO()
    log = Log(stream)
    log.say("::error::no")
    log.say("  ::set-output name=x::y")
    log.say("text ##[error]no")
    log.warning("100 %\nand ::stop-commands::x")
    assert stream.getvalue().splitlines() == [
        ": :error::no",
        "  : :set-output name=x::y",
        "text ## [error]no",
        "::warning title=Hitrate::100 %25%0Aand ::stop-commands::x",
    ]


def test_a_log_that_is_not_unicode_loses_only_what_it_cannot_show() -> None:
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding="ascii")
    Log(stream).say("1.38×")
    assert raw.getvalue() == b"1.38?\n"
