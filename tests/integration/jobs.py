"""A job on GitHub's runner whose step is Hitrate, with the stand-in for the API behind it.

The container is started with the options of actions/runner (``ContainerActionHandler`` and others): its
folders at their places, every input and variable by name, as root in somebody else's files.
"""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import uuid
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from hitrate.demo.standin import GitHub, PullRequest, pull_request_step, serve
from tests.integration.githttp import serve_git
from tests.integration.repositories import commit, git, new_repository, write

REPOSITORY = "octo/widgets"
NUMBER = 7
TOKEN = "ghs_" + "0123456789abcdef" * 2
BOT = "github-actions[bot]"
RUNNER_USER = 1001
ROOT = Path(__file__).parents[2]
INPUTS = YAML(typ="safe").load(ROOT / "action.yml")["inputs"]
NATIVE_INPUTS = YAML(typ="safe").load(ROOT / "native" / "action.yml")["inputs"]
PROJECTS = Path(__file__).parents[1] / "projects"


@dataclass
class Done:
    """What a run of the container has left."""

    exit_code: int
    log: str
    outputs: dict[str, str]
    summary: str
    report: dict[str, Any] | None

    def function(self, name: str) -> dict[str, Any]:
        """What the report says about a function, by its qualified name."""
        assert self.report is not None, self.log
        (found,) = [item for item in self.report["functions"] if item["qualname"] == name]
        return found


@dataclass
class Job:
    """A repository on the hub with a pull request, checked out as actions/checkout does it."""

    engine: str
    image: str
    folder: Path
    github: GitHub
    api_url: str
    git_url: str
    pull_request: PullRequest
    merge: str
    mounts: list[str] = field(default_factory=list)
    runs: int = 0
    seconds_at_most: float = 500.0
    network: str = "host"

    @property
    def label(self) -> str:
        """Marks the containers of this job; other tests run theirs at the same time."""
        return f"tests={self.folder}"

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def temporary(self) -> Path:
        """The runner's ``_temp``."""
        return self.folder / "_temp"

    @property
    def commands(self) -> Path:
        return self.temporary / "_runner_file_commands"

    @property
    def workflow(self) -> Path:
        return self.temporary / "_github_workflow"

    @property
    def home(self) -> Path:
        return self.temporary / "_github_home"

    def check_out(self, ref: str = "merge", depth: int = 1) -> None:
        """A shallow checkout with the token left in it, as actions/checkout leaves it."""
        self.workspace.mkdir()
        url = f"{self.git_url}/{self.github.repository}"
        credential = b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        header = f"AUTHORIZATION: basic {credential}"
        git(self.workspace, "init", "-q")
        git(self.workspace, "remote", "add", "origin", url)
        git(self.workspace, "config", f"http.{self.git_url}/.extraheader", header)
        refs = f"+refs/pull/{NUMBER}/{ref}:refs/remotes/pull/{NUMBER}/{ref}"
        git(self.workspace, "fetch", "-q", "--no-tags", f"--depth={depth}", "origin", refs)
        git(self.workspace, "checkout", "-q", "--force", f"refs/remotes/pull/{NUMBER}/{ref}")
        own(self.workspace)

    def prepared(self, inputs: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
        """Lay out the runner's files, and give the environment of a step that runs outside a container."""
        self.runs += 1
        for folder in (self.commands, self.workflow, self.home, self.workspace):
            folder.mkdir(parents=True, exist_ok=True)
        step = pull_request_step(
            self.github,
            self.api_url,
            self.pull_request,
            folder=self.workflow,
            workspace=self.workspace,
            inputs={name: declared.get("default", "") for name, declared in INPUTS.items()}
            | {"github-token": TOKEN}
            | inputs,
            run=self.runs,
        )
        files = {
            f"GITHUB_{name}": self.commands / f"{name.lower()}_{uuid.uuid4()}"
            for name in ("OUTPUT", "STEP_SUMMARY", "ENV", "PATH", "STATE")
        }
        for file in files.values():
            file.touch()
        own(self.temporary)
        return {
            **step.environment,
            "GITHUB_SHA": self.merge,
            "GITHUB_SERVER_URL": self.git_url,
            "GITHUB_TOKEN_IN_ENV": TOKEN,
            **{name: str(file) for name, file in files.items()},
            "HOME": str(self.home),
            "RUNNER_TEMP": str(self.temporary),
            "RUNNER_OS": "Linux",
            "ACTIONS_RUNTIME_TOKEN": f"runtime-{TOKEN}",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": f"id-{TOKEN}",
            "pythonLocation": "/opt/hostedtoolcache/Python/3.12.1/x64",
            "LD_LIBRARY_PATH": "/opt/hostedtoolcache/Python/3.12.1/x64/lib",
            **variables,
        }

    def command(self, environment: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
        """The runner's ``docker run`` line, and its environment with the paths of the container."""
        mounts = {
            self.workspace: "/github/workspace",
            self.commands: "/github/file_commands",
            self.workflow: "/github/workflow",
            self.home: "/github/home",
            self.temporary: "/github/runner_temp",
            docker_socket(): "/var/run/docker.sock",
        }
        translated = dict(environment)
        for source, target in mounts.items():
            translated = {name: value.replace(str(source), target) for name, value in translated.items()}
        options = [word for source, target in mounts.items() for word in ("-v", f"{source}:{target}")]
        options += [word for mount in self.mounts for word in ("-v", mount)]
        options += [word for name in environment for word in ("-e", name)]
        name = f"hitrate_{uuid.uuid4().hex[:8]}"
        command = [
            self.engine,
            "run",
            "--name",
            name,
            "--label",
            self.label,
            "--workdir",
            "/github/workspace",
            "--rm",
        ]
        return [*command, *options, "--network", self.network, self.image], translated

    def run(
        self, inputs: Mapping[str, str] | None = None, variables: Mapping[str, str] | None = None
    ) -> Done:
        """Run the step to its end, in its container."""
        environment = self.prepared(inputs or {}, variables or {})
        command, translated = self.command(environment)
        return self.done(command, os.environ | translated, environment)

    def run_native(self, command: list[str], inputs: Mapping[str, str], variables: Mapping[str, str]) -> Done:
        """Run the step to its end as a composite action does: its inputs as one JSON object."""
        environment = self.prepared({}, variables)
        own_inputs = {name: environment.pop(f"INPUT_{name.upper()}") for name in INPUTS}
        given = {name: own_inputs[name] for name in NATIVE_INPUTS} | inputs
        environment["HITRATE_INPUTS"] = json.dumps(given)
        return self.done(command, os.environ | environment, environment)

    def done(self, command: list[str], environment: Mapping[str, str], paths: Mapping[str, str]) -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=self.seconds_at_most,
            cwd=self.workspace,
        )
        return self.result(done.returncode, done.stdout + done.stderr, paths)

    def result(self, exit_code: int, log: str, paths: Mapping[str, str]) -> Done:
        """What the files hold that the step could write to."""
        outputs = Path(paths["GITHUB_OUTPUT"]).read_text("utf-8")
        report = self.workspace / "hitrate-report" / "report.json"
        return Done(
            exit_code,
            log,
            dict(line.partition("=")[::2] for line in outputs.splitlines()),
            Path(paths["GITHUB_STEP_SUMMARY"]).read_text("utf-8"),
            json.loads(report.read_bytes()) if report.exists() else None,
        )

    def comments(self) -> list[str]:
        """What was posted to the pull request."""
        return [comment.body for comment in self.github.conversation(NUMBER)]


def own(folder: Path) -> None:
    """Give a folder to the runner's user, where that is possible: as that user it is its own already."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, RUNNER_USER, RUNNER_USER, follow_symlinks=False)


def docker_socket() -> Path:
    """The engine's socket, which the runner mounts into every container."""
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    return Path(host.removeprefix("unix://"))


def everything(folder: Path, *, but: str = "hitrate-report") -> dict[str, str]:
    """Every path below a folder with owner, mode, time of change and content, git's folder included."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if but in path.parts:
            continue
        status = path.lstat()
        regular = stat.S_ISREG(status.st_mode)
        content = hashlib.sha256(path.read_bytes()).hexdigest() if regular else ""
        when = status.st_mtime_ns if regular else 0
        found[str(path)] = f"{status.st_uid} {stat.filemode(status.st_mode)} {when} {content}"
    return found


@contextmanager
def job(
    engine: str,
    image: str,
    folder: Path,
    project: Path,
    change: Mapping[str, str],
    *,
    links: Mapping[str, str] | None = None,
    message: str = "change",
) -> Iterator[Job]:
    """A job about a pull request that changes files of a sample project.

    Args:
        engine: The container engine.
        image: Hitrate's image.
        folder: An empty folder.
        project: The sample project, which is the base.
        change: Files of the head, by path.
        links: Symbolic links of the head, by path.
        message: Of the head commit.
    """
    hub = folder / "hub" / REPOSITORY
    shutil.copytree(project, hub, ignore=shutil.ignore_patterns("__pycache__"))
    new_repository(hub, {})
    git(hub, "checkout", "-q", "-b", "change")
    for path, target in (links or {}).items():
        (hub / path).parent.mkdir(parents=True, exist_ok=True)
        (hub / path).unlink(missing_ok=True)
        (hub / path).symlink_to(target)
    head = commit(hub, change, message)
    git(hub, "checkout", "-q", "main")
    base = commit(hub, {"NEWS": "the base went on\n"})
    with job_about(engine, image, folder, REPOSITORY, base, head) as made:
        yield made


@contextmanager
def job_about(engine: str, image: str, folder: Path, repository: str, base: str, head: str) -> Iterator[Job]:
    """A job about a pull request between two commits of the repository in ``folder/hub``, checked out."""
    hub = folder / "hub" / repository
    git(hub, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(hub, "checkout", "-q", "--detach", base)
    git(hub, "merge", "-q", "--no-ff", "-m", "merge", head)
    merge = git(hub, "rev-parse", "HEAD").strip()
    git(hub, "update-ref", "refs/heads/main", base)
    git(hub, "update-ref", f"refs/pull/{NUMBER}/head", head)
    git(hub, "update-ref", f"refs/pull/{NUMBER}/merge", merge)
    git(hub, "checkout", "-q", "main")
    github = GitHub(repository)
    github.add_token(TOKEN, BOT, {"pull_requests": "write", "contents": "read"})
    pull_request = PullRequest(NUMBER, head, base, repository)
    github.add_pull_request(pull_request)
    with serve(github) as api_url, serve_git(folder / "hub", TOKEN) as (git_url, _):
        made = Job(engine, image, folder, github, api_url, git_url, pull_request, merge)
        made.check_out()
        yield made


def changed(project: Path, path: str, old: str, new: str) -> dict[str, str]:
    """A change of one place in one file of a project."""
    text = (project / path).read_text("utf-8")
    assert text.count(old) == 1, (path, old)
    return {path: text.replace(old, new)}


__all__ = ["Done", "Job", "changed", "everything", "job", "job_about", "write"]
