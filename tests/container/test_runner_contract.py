"""The image as the runner starts it: comment, outputs, summary, gate, an untouched workspace."""

import os
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from hitrate import __version__
from tests.integration.jobs import PROJECTS, TOKEN, Job, changed, everything, job

pytestmark = pytest.mark.container

PROJECT = PROJECTS / "styles" / "groups"
MODULE = "src/prices_lib/prices.py"
CHANGE = changed(PROJECT, MODULE, "    table = [", "    # every land has a rate\n    table = [")


@pytest.fixture
def step(engine: str, image: str, tmp_path: Path) -> Iterator[Job]:
    with job(engine, image, tmp_path, PROJECT, CHANGE) as made:
        yield made


@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_a_pull_request_gets_its_answer(step: Job, effort: str) -> None:
    before = everything(step.workspace)
    done = step.run({"effort": effort})
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert done.report["change"]["head"] == step.pull_request.head
    assert done.report["change"]["base"] == step.pull_request.base
    assert done.report["suite"]["tests"] == 21
    found = done.function("tax_rate")
    assert (found["calls"], found["hits"]) == (21, 19)
    assert found["verdict"] == "cache"
    (comment,) = step.comments()
    assert "tax_rate" in comment
    assert "tax_rate" in done.summary
    assert (done.outputs["recommended"], done.outputs["verdict"]) == ("1", "pass")
    assert done.outputs["comment-url"].endswith(f"issuecomment-{step.github.conversation(7)[0].id}")
    assert everything(step.workspace) == before
    for name in ("report.json", "report.html", "report.md"):
        written = step.workspace / "hitrate-report" / name
        assert written.stat().st_uid == step.workspace.stat().st_uid
        assert TOKEN not in written.read_text("utf-8")
    assert done.outputs["report-json"] == "hitrate-report/report.json"
    assert TOKEN not in done.log


def test_a_second_run_updates_the_comment(step: Job) -> None:
    assert step.run({"effort": "quick"}).exit_code == 0
    assert step.run({"effort": "quick"}).exit_code == 0
    assert len(step.comments()) == 1


def test_a_pull_request_that_is_held_back_is_not_installed(engine: str, image: str, tmp_path: Path) -> None:
    with job(engine, image, tmp_path, PROJECT, CHANGE, message="Rates [hitrate skip]") as step:
        by_words = step.run()
        step.pull_request.labels = ("hitrate:skip",)
        by_label = step.run()
    for done, why in (
        (by_words, "the head commit's message says [hitrate skip]"),
        (by_label, "the pull request has the label hitrate:skip"),
    ):
        assert done.exit_code == 0, done.log
        assert f"::notice title=Hitrate::held back, so nothing was measured: {why}\n" in done.log
        assert "Installing" not in done.log
        assert (done.report, done.outputs["verdict"], done.outputs["unsafe"]) == (None, "", "")
        assert "**Hitrate was held back**" in done.summary
    assert step.comments() == []
    assert not (step.workspace / "hitrate-report").exists()


def test_the_gate_decides_the_exit_code(engine: str, image: str, tmp_path: Path) -> None:
    change = changed(PROJECT, MODULE, "def gross(", "@functools.lru_cache\ndef gross(")
    change[MODULE] = change[MODULE].replace("\n\n\n", "\n\nimport functools\n\n\n", 1)
    with job(engine, image, tmp_path, PROJECT, change) as step:
        done = step.run({"effort": "quick", "fail-on": "wasteful"})
        assert done.exit_code == 1, done.log
        assert done.outputs["verdict"] == "fail"
        assert "wasteful: failed (limit 0.2, value 0)" in done.log
        assert step.run({"effort": "quick", "fail-on": "never"}).exit_code == 0


@pytest.mark.parametrize(
    ("inputs", "exit_code", "said"),
    [
        ({"effort": "huge"}, 2, "::error title=Hitrate::effort: "),
        ({"working-directory": "no/such"}, 2, "working-directory: no folder 'no/such'"),
        (
            {"install": "echo the reason; false"},
            3,
            "install: `echo the reason; false` failed with exit code 1",
        ),
        ({"python-version": "3.99"}, 3, "python-version: `uv venv"),
        (
            {"setup": "apt-get install no-such-package-1"},
            3,
            "setup: `apt-get install no-such-package-1` failed",
        ),
        ({"test-command": "no-such-command"}, 2, "test-command: 'no-such-command' was not found"),
        ({"base": "no-such-branch"}, 3, "base: no-such-branch could not be fetched"),
    ],
)
def test_what_goes_wrong_is_one_clear_line(
    step: Job, inputs: dict[str, str], exit_code: int, said: str
) -> None:
    done = step.run({"effort": "quick"} | inputs)
    assert done.exit_code == exit_code, done.log
    (error,) = [line for line in done.log.splitlines() if line.startswith("::error")]
    assert said in error
    assert "Traceback" not in done.log
    assert "could not measure" in done.summary


def test_failing_tests_are_reported_and_shown(engine: str, image: str, tmp_path: Path) -> None:
    classified = 'version = "1.0"\nclassifiers = ["Programming Language :: Python :: 3.9"]'
    change = (
        CHANGE
        | changed(PROJECT, "pyproject.toml", 'version = "1.0"', classified)
        | {"tests/test_broken.py": "def test_broken():\n    assert 'no' == 'reason'\n"}
    )
    with job(engine, image, tmp_path, PROJECT, change) as step:
        done = step.run({"effort": "quick"})
        assert done.exit_code == 0, done.log
        assert "AssertionError: assert 'no' == 'reason'" in done.log
        assert "tests/test_broken.py::test_broken" in done.summary
        assert 'python-version: "3.9"' in done.summary.replace("&quot;", '"')
        assert step.comments() == []
        assert step.run({"effort": "quick", "fail-on": "broken"}).exit_code == 1
        assert "tests/test_broken.py::test_broken" in step.comments()[0]


def test_only_what_was_named_is_passed_on(engine: str, image: str, tmp_path: Path) -> None:
    """A service of the job answers the tests, whose address they get by name."""

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"at your service")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has
            pass

    code = """
import os
import urllib.request

def test_service():
    assert urllib.request.urlopen(os.environ["SERVICE_URL"]).read() == b"at your service"
    assert "OTHER_URL" not in os.environ
    assert "GITHUB_TOKEN_IN_ENV" not in os.environ
    assert os.environ["CI"] == "true"
"""
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with job(engine, image, tmp_path, PROJECT, CHANGE | {"tests/test_service.py": code}) as step:
            wanted = {"pass-env": "SERVICE_URL, GITHUB_TOKEN_IN_ENV"}
            done = step.run({"effort": "quick", **wanted}, {"SERVICE_URL": url, "OTHER_URL": url})
        server.shutdown()
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert done.report["suite"]["failing_tests"] == [], done.log


@pytest.fixture
def network(engine: str) -> Iterator[str]:
    """A network such as the runner makes for each job that has services."""
    name = f"github_network_{uuid.uuid4().hex}"
    subprocess.run([engine, "network", "create", name], check=True, capture_output=True)
    yield name
    subprocess.run([engine, "network", "rm", name], check=True, capture_output=True)


@pytest.fixture
def service(engine: str, image: str, network: str) -> Iterator[str]:
    """A service container of the job, by its name on the network."""
    command = [engine, "run", "--detach", "--rm", "--network", network, "--network-alias", "answers"]
    served = ["--workdir", "/usr/share", "--entrypoint", "python", image, "-m", "http.server", "8000"]
    name = subprocess.run([*command, *served], check=True, capture_output=True, text=True).stdout.strip()
    yield "http://answers:8000"
    subprocess.run([engine, "kill", name], check=True, capture_output=True)


def test_a_service_container_is_reached_by_its_name(
    engine: str, image: str, tmp_path: Path, network: str, service: str
) -> None:
    """As the runner does it: the step is on the job's own network, where GitHub's stand-in is not."""
    code = """
import os
import urllib.request

def test_service():
    with urllib.request.urlopen(os.environ["SERVICE_URL"], timeout=20) as answer:
        assert b"Directory listing" in answer.read()
"""
    with job(engine, image, tmp_path, PROJECT, CHANGE | {"tests/test_service.py": code}) as step:
        shutil.rmtree(step.workspace)
        step.check_out(depth=2)
        step.network = network
        done = step.run(
            {"effort": "quick", "pass-env": "SERVICE_URL", "comment": "never"}, {"SERVICE_URL": service}
        )
    assert done.exit_code == 0, done.log
    assert done.report is not None
    assert (done.report["suite"]["tests"], done.report["suite"]["failing_tests"]) == (22, [])


def test_built_packages_are_kept_for_the_next_job(engine: str, image: str, tmp_path: Path) -> None:
    """docopt is offered as source alone, so that it is built; what needs no building is not kept."""
    text = (PROJECT / "pyproject.toml").read_text("utf-8").replace('"idna"', '"idna", "docopt"')
    with job(engine, image, tmp_path, PROJECT, CHANGE | {"pyproject.toml": text}) as step:
        done = step.run({"effort": "quick", "cache-dir": ".cache/hitrate"})
        assert done.exit_code == 0, done.log
        kept = step.workspace / ".cache" / "hitrate"
        assert list(kept.rglob("docopt-0.6.2-*.whl"))
        assert not list(kept.rglob("idna-*"))
        owners = {path.lstat().st_uid for path in (kept.parent, *kept.parent.rglob("*"))}
        assert owners == {step.workspace.stat().st_uid}
        again = step.run(
            {"effort": "quick", "cache-dir": ".cache/hitrate"}, {"UV_NO_BUILD_PACKAGE": "docopt"}
        )
        assert again.exit_code == 0, again.log


def test_nothing_is_checked_out(engine: str, image: str, tmp_path: Path) -> None:
    with job(engine, image, tmp_path, PROJECT, CHANGE) as step:
        subprocess.run(["rm", "-rf", str(step.workspace)], check=True)
        done = step.run({"effort": "quick"})
        assert done.exit_code == 0, done.log
        assert done.function("tax_rate")["calls"] == 21
        assert [path.name for path in step.workspace.iterdir()] == ["hitrate-report"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelled(step: Job, number: signal.Signals) -> None:
    """As the runner cancels: a signal to the client of the engine, which hands it to the container."""
    before = everything(step.workspace)
    paths = step.prepared({"test-command": "sleep 100"}, {})
    command, environment = step.command(paths)
    with subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "run 1 of 1: observed" in line:
                break
        started = time.monotonic()
        process.send_signal(number)
        rest = process.stdout.read()
    assert time.monotonic() - started < 7.5, "the runner's next signal would have come"
    done = step.result(process.returncode, "".join(lines) + rest, paths)
    assert done.exit_code == 130, done.log
    assert "Cancelled" in done.log
    assert "Traceback" not in done.log
    assert everything(step.workspace, but="") == before
    assert (step.comments(), done.outputs) == ([], {})
    running = [step.engine, "ps", "-q", "--filter", f"label={step.label}"]
    assert subprocess.check_output(running, text=True) == ""


def test_the_same_program_as_a_command_line(engine: str, image: str, tmp_path: Path) -> None:
    run = [engine, "run", "--rm", image]
    assert (
        subprocess.check_output([*run, "--version"], text=True).strip() == f"hitrate, version {__version__}"
    )
