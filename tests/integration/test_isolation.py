"""The project's code as another user: what it cannot do, and how its runs end. Needs root."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hitrate.sandbox import identity, variables
from hitrate.sandbox import launcher as launcher_
from hitrate.sandbox.identity import Identity
from hitrate.sandbox.launcher import Launcher
from hitrate.sandbox.quota import Quota
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Limits, Outcome, Suite, TestRun

# Of this process alone: the end of a run ends every process of its user, those of other tests at work too.
USER = 60_000 + os.getpid() % 4_000
IDENTITY = Identity("tests", USER, USER)
AMPLE = Quota(1 << 40, 1 << 40)
Run = Callable[..., TestRun]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes as another user")


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder that every user can pass through, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def run(scratch: Path) -> Run:
    home = identity.give(scratch / "home", IDENTITY)

    def run(command: str, quota: Quota = AMPLE, timeout_seconds: float = 60.0) -> TestRun:
        launcher = Launcher(IDENTITY, quota, disk=scratch)
        environment = variables.environment(os.environ, home=home, temporary=home)
        suite = Suite(command, home, environment, Limits(timeout_seconds), launcher)
        done = testrun.run(suite, bytecode=scratch / "bytecode")
        notes.extend(launcher.notes)
        return done

    return run


notes: list[str] = []


@needs_root
class TestLauncher:
    def test_who_it_is(self, run: Run) -> None:
        done = run(
            "id -u; id -G; grep -E '^(Cap|NoNewPrivs)' /proc/self/status; cat /proc/self/oom_score_adj"
        )
        uid, groups, *status, score = done.tail.splitlines()
        assert (uid, groups, score) == (str(USER), str(USER), "1000")
        assert {line.split()[1].lstrip("0") or "0" for line in status} == {"0", "1"}

    def test_the_projects_programs_do_not_stand_in_for_the_systems(self, scratch: Path) -> None:
        """What changes the user is itself run as root, and what sets limits must set them."""
        home = identity.give(scratch / "home", IDENTITY)
        programs = scratch / "environment" / "bin"
        programs.mkdir(parents=True)
        for name in ("setpriv", "choom", "prlimit", "bash", "sh"):
            (programs / name).write_text(f"#!/bin/sh\nid -u >> {home}/taken\n")
            (programs / name).chmod(0o755)
        environment = variables.environment({}, home=home, temporary=home, executables=programs)
        suite = Suite("id -u", home, environment, launcher=Launcher(IDENTITY, AMPLE, disk=scratch))
        assert testrun.run(suite, bytecode=scratch / "bytecode").tail == str(USER)
        assert not (home / "taken").exists()

    def test_environments_of_others_are_closed(self, run: Run) -> None:
        assert run(f"cat /proc/{os.getpid()}/environ").exit_code != 0
        assert run(f"kill -0 {os.getpid()}").exit_code != 0

    def test_nobody_survives(self, run: Run) -> None:
        done = run("for i in 1 2 3; do (setsid sh -c 'setsid sleep 100 & sleep 100' &); done; sleep 0.2")
        assert done.outcome is Outcome.PASSED
        assert launcher_.processes_of(IDENTITY) == {}

    def test_nobody_survives_who_multiplies(self, run: Run) -> None:
        run("(setsid sh -c 'while :; do setsid sleep 0.01 & done' &); sleep 0.2")
        assert launcher_.processes_of(IDENTITY) == {}

    def test_nobody_outruns_the_end(self, run: Run) -> None:
        """Each one that is killed alone has been replaced before the next one is."""
        bomb = "trap '' TERM; echo 'while :; do setsid bash bomb & done 2>/dev/null' > bomb; bash bomb"
        done = run(bomb, Quota(1 << 40, 1 << 40, 200), timeout_seconds=0.5)
        assert done.outcome is Outcome.TIMED_OUT
        assert launcher_.processes_of(IDENTITY) == {}

    @pytest.mark.parametrize("signal_name", ["KILL", "STOP"])
    @pytest.mark.parametrize("in_background", [False, True])
    def test_nobody_forestalls_the_end(
        self, run: Run, scratch: Path, signal_name: str, in_background: bool
    ) -> None:
        """Whoever comes to end them as one of theirs is killed or stopped before he can."""
        identity.give(scratch / "home", IDENTITY)
        code = f"trap '' TERM; : > begun; while :; do kill -{signal_name} -1; done 2>/dev/null"
        (scratch / "home" / "guard").write_text(code)
        guard = "/bin/bash guard"
        waiting = "while :; do sleep 0.1; done"
        done = run(f"setsid {guard} & {waiting}" if in_background else f"exec {guard}", timeout_seconds=0.5)
        assert done.outcome is not Outcome.PASSED
        assert (scratch / "home" / "begun").exists()
        assert launcher_.processes_of(IDENTITY) == {}

    def test_nobody_else_is_ended(self) -> None:
        bystander = subprocess.Popen(["sleep", "100"])
        launcher_.kill_all(IDENTITY)
        assert bystander.poll() is None
        bystander.kill()
        bystander.wait()

    def test_roots_programs_do_not_load_the_tests_libraries(self, scratch: Path) -> None:
        """What changes the user is still root's, and the user may have let the variable through."""
        home = identity.give(scratch / "home", IDENTITY)
        setpriv = subprocess.check_output(["ldd", shutil.which("setpriv") or ""], text=True)
        names = [line.split()[0] for line in setpriv.splitlines() if "=> /" in line]
        special = next(name for name in names if not name.startswith("libc."))  # no other program needs it
        (home / special).write_text("no library")
        for places in (f"{home}", ".", f"/nowhere:{home}", "/nowhere:"):
            environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": places, "A": "1\n2=3", "B": ""}
            suite = Suite('echo "$LD_LIBRARY_PATH|$A|$B"; env | wc -l', home, environment)
            suite = replace(suite, launcher=Launcher(IDENTITY, AMPLE, disk=scratch))
            done = testrun.run(suite, bytecode=scratch / "bytecode")
            assert done.outcome is Outcome.PASSED, done.tail
            assert f"{places}|1" in done.tail
            assert "2=3|" in done.tail

    def test_nobody_survives_an_interruption(self, scratch: Path) -> None:
        home = identity.give(scratch / "home", IDENTITY)
        launcher = Launcher(IDENTITY, AMPLE, disk=scratch)
        suite = Suite("setsid sleep 100 & sleep 100", home, {"PATH": os.environ["PATH"]})
        with pytest.raises(KeyboardInterrupt), launcher(suite, suite.environment):
            raise KeyboardInterrupt
        assert all(process.zombie for process in launcher_.processes_of(IDENTITY).values())

    def test_time(self, run: Run) -> None:
        started = time.monotonic()
        done = run("trap '' TERM; sleep 100 & wait; sleep 100", timeout_seconds=0.5)
        assert done.outcome is Outcome.TIMED_OUT
        assert time.monotonic() - started < 30
        assert launcher_.processes_of(IDENTITY) == {}

    def test_memory_of_one_process(self, run: Run) -> None:
        done = run("head -c 1000000000 /dev/zero | tail -n 1 | wc -c", Quota(300_000_000, 1 << 40))
        assert "memory exhausted" in done.tail or "memory-limit" in done.tail

    def test_size_of_one_file(self, run: Run) -> None:
        done = run("head -c 10000000 /dev/zero > f", Quota(1 << 40, 10**6))
        assert "File size limit exceeded" in done.tail

    def test_number_of_processes(self, run: Run) -> None:
        command = "/bin/sh -c 'i=0; while [ $((i += 1)) -le 100 ]; do sleep 1 & done'"
        assert "annot fork" in run(command, Quota(1 << 40, 1 << 40, 20)).tail

    def test_disk_of_all_files_together(self, run: Run) -> None:
        notes.clear()
        one = "head -c 20000000 /dev/zero > $i; sleep 0.05"
        command = f"i=0; while [ $((i += 1)) -le 100 ]; do {one}; done; echo unhurt"
        done = run(command, Quota(1 << 40, 100_000_000))
        assert done.outcome is Outcome.FAILED
        assert "hitrate: The tests wrote more to the disk than disk-limit (100 MB)" in done.tail
        assert len(notes) == 1

    def test_a_full_pipe_does_not_hold_up_the_end(self, run: Run) -> None:
        done = run("while :; do echo '::error::x'; done", timeout_seconds=0.5)
        assert done.outcome is Outcome.TIMED_OUT

    def test_it_costs_little(self, run: Run) -> None:
        assert run("true").cpu_seconds < 0.2


@needs_root
class TestFiles:
    def test_roots_files_are_out_of_reach(self, scratch: Path) -> None:
        own = scratch / "root"
        own.write_text("mine")
        theirs = identity.give(scratch / "theirs", IDENTITY)
        (theirs / "link").symlink_to(own)
        with identity.files_as(IDENTITY):
            with pytest.raises(PermissionError):
                (theirs / "link").write_text("not mine")
            with pytest.raises(PermissionError):
                own.unlink()
            (theirs / "made").write_text("theirs")
        assert (theirs / "made").stat().st_uid == IDENTITY.uid
        assert own.read_text() == "mine"
        own.write_text("root again")
        with pytest.raises(RuntimeError), identity.files_as(IDENTITY):
            raise RuntimeError
        own.unlink()

    def test_processes_are_started_with_all_rights(self, scratch: Path) -> None:
        identity.give(scratch / "home", IDENTITY)
        with identity.files_as(IDENTITY):
            done = subprocess.run(["id", "-u"], capture_output=True, text=True, check=True)
            launcher = Launcher(IDENTITY, AMPLE, disk=scratch)
            suite = Suite("id -u", scratch / "home", {"PATH": os.environ["PATH"]}, launcher=launcher)
            (scratch / "home" / "bytecode").mkdir()
            started = testrun.run(suite, bytecode=scratch / "home" / "bytecode")
        assert done.stdout == "0\n"
        assert started.tail == str(USER)


@needs_root
class TestReach:
    def test_what_is_within_reach(self, scratch: Path) -> None:
        open_file, closed, missing = scratch / "open", scratch / "closed", scratch / "missing"
        open_file.write_text("")
        closed.write_text("")
        closed.chmod(0o600)
        assert identity.reachable([open_file, closed, missing], IDENTITY) == (open_file,)

    def test_folders_of_the_runner_are_closed(self, scratch: Path) -> None:
        lent = scratch / "github"
        file = lent / "file_commands" / "output"
        file.parent.mkdir(parents=True)
        file.write_text("")
        file.chmod(0o666)
        assert identity.reachable([file], IDENTITY) == (file,)
        identity.close([file], own_folders=[lent])
        assert identity.reachable([file], IDENTITY) == ()
        assert stat.S_IMODE(file.stat().st_mode) == 0o666, "what is the host's stays as it was"
        assert file.read_text() == ""

    def test_a_socket_that_is_open_to_everybody(self, scratch: Path) -> None:
        (scratch / "run").mkdir()
        path = scratch / "run" / "docker.sock"
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            path.chmod(0o666)
            identity.close([path], own_folders=[])
        assert identity.reachable([path], IDENTITY) == ()


class TestEnvironment:
    def test_nothing_but_what_is_listed(self) -> None:
        given = {"CI": "true", "INPUT_TOKEN": "t", "GITHUB_TOKEN": "t", "ACTIONS_X": "t", "SECRET": "t"}
        kept = variables.environment(given, home=Path("/h"), temporary=Path("/t"))
        assert kept == {
            "CI": "true",
            "HOME": "/h",
            "TMPDIR": "/t",
            "LANG": "C.UTF-8",
            "PATH": identity.SYSTEM_PATH,
        }

    def test_what_the_user_names(self) -> None:
        given = {"URL": "u", "GITHUB_TOKEN": "t", "INPUT_X": "t", "LANG": "de_DE.UTF-8"}
        names = ["URL", "GITHUB_TOKEN", "INPUT_X", "MISSING"]
        kept = variables.environment(given, home=Path("/h"), temporary=Path("/t"), names=names)
        assert (kept["URL"], kept["LANG"]) == ("u", "de_DE.UTF-8")
        assert not {"GITHUB_TOKEN", "INPUT_X", "MISSING"} & kept.keys()

    def test_the_virtual_environment(self) -> None:
        kept = variables.environment({}, home=Path("/h"), temporary=Path("/t"), executables=Path("/e/bin"))
        assert kept["VIRTUAL_ENV"] == "/e"
        assert kept["PATH"].startswith("/e/bin:")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")
def test_memory_is_hidden_from_the_same_user() -> None:
    code = """
import os, subprocess, sys
from hitrate.sandbox.identity import hide_memory
hide_memory()
if os.getuid() == 0:
    os.setgid(51515), os.setuid(51515)
done = subprocess.run(["cat", f"/proc/{os.getpid()}/environ"], capture_output=True)
sys.exit(done.returncode == 0)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
