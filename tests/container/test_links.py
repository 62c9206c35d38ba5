"""Links of every kind, made by everybody who can make some: the rest of the machine stays as it was."""

import os
import runpy
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.integration.jobs import PROJECTS, Done, Job, changed, job, own

pytestmark = pytest.mark.container

PROJECT = PROJECTS / "links"
CHANGE = changed(PROJECT, "victim.py", "    total = 0\n", "    total = 0  # nothing yet\n")
TESTS = 11
OWN_PLACES = ("/tmp", "/github", "/run", "/var/run")


def links(prefix: str) -> dict[str, str]:
    """The links that the project itself makes."""
    made = runpy.run_path(str(PROJECT / "planting.py"))["links"](prefix)
    return {str(name): str(target) for name, target in made.items()}


def at_every_level(prefix: str) -> dict[str, str]:
    return {
        f"{folder}{name}": target
        for folder in ("", "pkg/", f"{prefix}.d/", f"{prefix}.d/deep/er/")
        for name, target in links(prefix).items()
    }


def state(*folders: Path) -> dict[str, tuple[object, ...]]:
    """Owner, mode, times and content of all that lies below, except what Hitrate is asked to write."""
    found: dict[str, tuple[object, ...]] = {}
    for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
        if {"hitrate-report", "kept"} & set(path.parts):
            continue
        status = path.lstat()
        content: object = None
        if stat.S_ISREG(status.st_mode):
            content = path.read_bytes()
        elif stat.S_ISLNK(status.st_mode):
            content = os.readlink(path)
        times = (status.st_mtime_ns, status.st_ctime_ns)
        found[str(path)] = (status.st_mode, status.st_uid, status.st_gid, times, content)
    return found


@dataclass(frozen=True)
class Watched:
    """A run, and what it has changed."""

    done: Done
    changed: list[str] = field(default_factory=list)
    on_the_host: dict[str, tuple[object, ...]] = field(default_factory=dict)


def watch(step: Job, inputs: dict[str, str]) -> Watched:
    """Run a step and look at its container, which the engine compares with the image, and at the host."""
    environment = step.prepared(inputs, {})
    (step.home / ".gitconfig").write_text("[user]\n\tname = secret\n")
    (step.home / ".gitconfig").chmod(0o600)
    own(step.home)
    command, translated = step.command(environment)
    command.remove("--rm")
    name = command[command.index("--name") + 1]
    folders = (step.workspace, step.home, step.workflow)
    before = state(*folders)
    try:
        done = step.done(command, os.environ | translated, environment)
        listed = subprocess.check_output([step.engine, "diff", name], text=True).splitlines()
    finally:
        subprocess.run([step.engine, "rm", "--force", name], check=True, capture_output=True)
    after = state(*folders)
    differing = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return Watched(done, changes(listed), {path: after.get(path, ()) for path in sorted(differing)})


def changes(listed: list[str]) -> list[str]:
    """What differs from the image, but for temporary files, the runner's mounts and what Python has compiled.

    The engine lists the folders above a path too, as changed.
    """
    paths = {line[2:]: line[0] for line in listed}
    expected = {
        path
        for path, kind in paths.items()
        if (kind == "A" and "/__pycache__/" in path and path.endswith(".pyc"))
        or path in OWN_PLACES
        or path.startswith(tuple(f"{place}/" for place in OWN_PLACES))
    }
    above = {str(folder) for path in expected for folder in Path(path).parents}
    return sorted(path for path, kind in paths.items() if path not in expected and path not in above)


def assert_harmless(watched: Watched) -> None:
    done = watched.done
    assert done.exit_code == 0, done.log
    assert "Files of the checkout" in done.log, "nothing of the workspace was copied"
    assert done.report is not None
    assert done.report["suite"]["failing_tests"] == [], done.log
    assert done.report["suite"]["tests"] == TESTS
    assert done.function("slow")["verdict"] == "cache"
    assert watched.changed == []
    assert watched.on_the_host == {}


@pytest.fixture
def step(engine: str, image: str, tmp_path: Path) -> Iterator[Job]:
    with job(engine, image, tmp_path, PROJECT, CHANGE) as made:
        yield made


INPUTS = {"effort": "quick", "test-command": "python -m pytest tests"}


def test_made_while_it_is_installed_and_between_runs(step: Job) -> None:
    assert_harmless(watch(step, INPUTS))


def test_kept_for_the_next_job(step: Job) -> None:
    """The packages that are kept hold links to everything, and the next job begins with them."""
    for _ in range(2):
        assert_harmless(watch(step, INPUTS | {"cache-dir": "kept"}))
        for name, target in links("installed").items():
            assert os.readlink(step.workspace / "kept" / name) == target
        owners = {path.lstat().st_uid for path in (step.workspace / "kept").rglob("*")}
        assert owners == {step.workspace.stat().st_uid}


def test_committed(engine: str, image: str, tmp_path: Path) -> None:
    committed = at_every_level("zz")
    with job(engine, image, tmp_path, PROJECT, CHANGE, links=committed) as step:
        assert_harmless(watch(step, INPUTS))


def test_untracked(step: Job) -> None:
    """An earlier step of the job, which may have run the project's code, leaves links, in git too."""
    gitdir = step.workspace / ".git"
    for folder in ("", ".git/", ".git/objects/", ".git/objects/pack/", ".git/info/", ".git/modules/part/"):
        (step.workspace / folder).mkdir(parents=True, exist_ok=True)
        for name, target in links("zz").items():
            (step.workspace / folder / name).symlink_to(target)
    for name, target in {
        "config.worktree": "/github/home/.gitconfig",
        "reftable": "/opt/hitrate",
        "info/attributes": "/etc/passwd",
        "info/grafts": "/github/workflow/event.json",
        "modules/zz": "/opt/hitrate",
    }.items():
        (gitdir / name).unlink(missing_ok=True)
        (gitdir / name).symlink_to(target)
    own(step.workspace)
    assert_harmless(watch(step, INPUTS))


@pytest.mark.parametrize("target", ["/opt/hitrate", "missing", "round"])
def test_one_link_at_the_top(engine: str, image: str, tmp_path: Path, target: str) -> None:
    """As it is met with nobody attacking: bazel-out, result, node_modules of another machine."""
    with job(engine, image, tmp_path, PROJECT, CHANGE, links={"round": target}) as step:
        assert_harmless(watch(step, INPUTS))


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"report-dir": ".git/hooks"}, "report-dir: '.git/hooks' lies in git's own folder"),
        ({"report-dir": "pkg"}, "report-dir: 'pkg' holds files that git tracks"),
        ({"report-dir": "out/x"}, "report-dir: 'out/x' lies behind a symbolic link"),
        ({"cache-dir": "shop"}, "cache-dir: 'shop' holds files that git tracks"),
        ({"cache-dir": "out"}, "cache-dir: 'out' is a symbolic link"),
        ({"cache-dir": "hitrate-report/c"}, "'hitrate-report/c' overlap"),
    ],
)
@pytest.mark.parametrize("by", ["input", "config"])
def test_folders_that_are_not_hitrates(
    engine: str, image: str, tmp_path: Path, inputs: dict[str, str], said: str, by: str
) -> None:
    change = CHANGE | {"shop/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n", "shop/x.py": ""}
    if by == "config":
        change |= {".github/hitrate.yml": "".join(f"{name}: {value}\n" for name, value in inputs.items())}
    with job(engine, image, tmp_path, PROJECT, change, links={"out": "pkg"}) as step:
        watched = watch(step, inputs if by == "input" else {})
    assert watched.done.exit_code == 2, watched.done.log
    assert said in watched.done.log
    assert "Installing" not in watched.done.log
    assert (watched.changed, watched.on_the_host) == ([], {})
