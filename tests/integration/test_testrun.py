"""One run of a command, with real processes: limits, what is left behind, CPU time, odd output."""

import math
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from hitrate.progress.progress import Silent
from hitrate.testrun import processtree, treetime
from hitrate.testrun import run as testrun
from hitrate.testrun.run import Limits, Outcome, Suite, TestRun

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="orphans are adopted on Linux only")

BURN = """
import os, time
def burn(seconds):
    start = time.process_time()
    while time.process_time() - start < seconds:
        pass
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "burn.py").write_text(BURN)
    return tmp_path


def run(
    place: Path,
    command: str,
    *,
    timeout: float = 60.0,
    cpu: float = math.inf,
    progress: Silent | None = None,
) -> TestRun:
    suite = Suite(command, place, dict(os.environ), Limits(timeout, cpu))
    return testrun.run(suite, bytecode=place / "bytecode", progress=progress)


def python(place: Path, source: str, name: str = "script.py") -> str:
    (place / name).write_text(textwrap.dedent(source))
    return f"exec {sys.executable} {name}"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pids(place: Path) -> list[int]:
    """The processes that noted themselves in files named ``*.pid``."""
    return [int(file.read_text()) for file in place.glob("*.pid")]


class Interrupting(Silent):
    """Presses Ctrl-C each time the tests say something."""

    def tests(self, done: int) -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("command", "outcome", "code"),
    [
        ("true", Outcome.PASSED, 0),
        ("exit 3", Outcome.FAILED, 3),
        ("no-such-command-anywhere", Outcome.NOT_FOUND, 127),
        ("kill -9 $$", Outcome.FAILED, -signal.SIGKILL),
    ],
)
def test_the_outcome_is_told_by_how_the_command_ended(place, command, outcome, code):
    got = run(place, command)
    assert (got.outcome, got.exit_code) == (outcome, code)


def test_a_timeout_ends_the_whole_group_and_says_so(place):
    got = run(place, "sh -c 'echo $$ > inner.pid; sleep 1000' & echo $! > child.pid; sleep 1000", timeout=0.5)
    assert got.outcome is Outcome.TIMED_OUT
    assert pids(place)
    assert not any(is_alive(pid) for pid in pids(place))


def test_children_that_ignore_sigterm_are_killed(place, monkeypatch):
    monkeypatch.setattr(processtree, "KILL_GRACE_SECONDS", 0.2)
    got = run(place, "trap '' TERM; echo $$ > shell.pid; echo up; while :; do sleep 0.02; done", timeout=0.5)
    assert got.outcome is Outcome.TIMED_OUT
    assert got.exit_code == -signal.SIGKILL
    assert not any(is_alive(pid) for pid in pids(place))


def test_a_command_may_put_itself_right_when_its_time_is_up(place):
    got = run(place, "trap 'echo mended; exit 7' TERM; while :; do sleep 0.02; done", timeout=0.5)
    assert (got.outcome, got.exit_code) == (Outcome.TIMED_OUT, 7)
    assert got.tail.endswith("mended")


@LINUX
@pytest.mark.parametrize(
    "lines",
    [
        "burn.burn(60)",
        "subprocess.run([sys.executable, '-c', 'import burn; burn.burn(60)'])",
        "subprocess.run([sys.executable, '-c', 'import burn; burn.burn(60)'], start_new_session=True)",
        "[threading.Thread(target=burn.burn, args=(60,)).start() for _ in range(3)]",
        "for _ in range(60): subprocess.run([sys.executable, '-c', 'import burn; burn.burn(0.3)'])",
        "if os.fork() == 0: burn.burn(60)\nelse: burn.burn(60)",
    ],
    ids=["itself", "child", "child in a session of its own", "threads", "one child after the other", "fork"],
)
def test_what_computes_too_long_is_ended_long_before_its_deadline(place, lines):
    source = f"import os, subprocess, sys, threading, burn\n{lines}\n"
    got = run(place, python(place, source), cpu=0.6)
    assert got.outcome is Outcome.TIMED_OUT
    assert got.cpu_seconds < 20


@LINUX
@pytest.mark.parametrize("lines", ["burn.burn(0.3)", "time.sleep(1)", "subprocess.run(['sleep', '1'])"])
def test_what_computes_no_longer_than_it_may_goes_on_to_its_end(place, lines):
    command = python(place, f"import subprocess, time, burn\n{lines}\n")
    assert run(place, command, cpu=5.0).outcome is Outcome.PASSED


@LINUX
def test_what_others_compute_meanwhile_counts_against_no_command(place):
    command = python(place, "import burn; burn.burn(0.2)", "short.py")
    with subprocess.Popen([sys.executable, "-c", "import burn; burn.burn(60)"], cwd=place) as other:
        try:
            while treetime.cpu_seconds_below(()) < 1:
                assert run(place, command, cpu=60.0).outcome is Outcome.PASSED
            assert run(place, command, cpu=1.0).outcome is Outcome.PASSED
        finally:
            other.kill()


def test_a_timeout_of_a_silent_command_with_its_output_closed(place):
    got = run(place, "exec >&- 2>&-; sleep 1000", timeout=0.5)
    assert got.outcome is Outcome.TIMED_OUT


def test_a_command_that_closes_its_output_is_waited_for(place):
    got = run(place, "echo before; exec >&- 2>&-; sleep 0.2; touch done")
    assert (place / "done").exists()
    assert (got.outcome, got.tail) == (Outcome.PASSED, "before")


def test_background_children_neither_delay_the_end_nor_survive(place):
    got = run(place, "sleep 1000 & echo $! > child.pid; echo ready")
    assert (got.outcome, got.tail) == (Outcome.PASSED, "ready")
    assert got.wall_seconds < 30
    assert not any(is_alive(pid) for pid in pids(place))


def test_where_the_system_has_no_process_descriptors_the_command_is_polled(place, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    got = run(place, "sleep 1000 & echo $! > child.pid; echo ready")
    assert (got.outcome, got.tail) == (Outcome.PASSED, "ready")
    assert not any(is_alive(pid) for pid in pids(place))


@LINUX
def test_a_daemon_in_a_session_of_its_own_does_not_survive_and_is_counted(place):
    command = python(
        place,
        """
        import os, pathlib, time
        from burn import burn
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork():
                os._exit(0)
            burn(0.4)
            pathlib.Path("daemon.pid").write_text(str(os.getpid()))
            if os.fork() == 0:  # and it has a child in yet another session
                os.setsid()
                pathlib.Path("grandchild.pid").write_text(str(os.getpid()))
                os.close(writer)
                time.sleep(1000)
            os.close(writer)
            time.sleep(1000)
        os.close(writer)
        os.read(reader, 1)  # until both have let go of the pipe
        """,
    )
    got = run(place, command)
    assert got.outcome is Outcome.PASSED
    assert len(pids(place)) == 2
    assert not any(is_alive(pid) for pid in pids(place))
    assert got.cpu_seconds >= 0.4


DAEMONS = """
import os, time, burn
def daemon(seconds):
    reader, writer = os.pipe()
    if os.fork() == 0:
        if os.fork() == 0:
            os.write(writer, str(os.getpid()).encode())
            burn.burn(seconds)
        os._exit(0)
    os.wait()
    return int(os.read(reader, 20))
def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
"""


@LINUX
@pytest.mark.parametrize("how", ["exec 2>&1", "exec >&- 2>&-"], ids=["output open", "output closed"])
def test_a_daemon_that_ends_is_gone_while_the_command_goes_on(place, how):
    """As it is where the system's first process waits for it; a test of a daemon looks for that."""
    (place / "daemons.py").write_text(DAEMONS)
    source = """
        import daemons, time
        pid = daemons.daemon(0.3)
        while daemons.is_there(pid):
            time.sleep(0.02)
        """
    got = run(place, f"{how}; {python(place, source)}", timeout=30.0)
    assert got.outcome is Outcome.PASSED
    assert 0.3 <= got.cpu_seconds < 3


@LINUX
def test_daemons_that_are_gone_count_against_what_a_command_may_compute(place):
    (place / "daemons.py").write_text(DAEMONS)
    source = """
        import daemons, time
        for _ in range(60):
            pid = daemons.daemon(0.3)
            while daemons.is_there(pid):
                time.sleep(0.02)
        """
    got = run(place, python(place, source), cpu=1.0)
    assert got.outcome is Outcome.TIMED_OUT
    assert 1.0 <= got.cpu_seconds < 10


@LINUX
def test_a_child_of_the_caller_that_has_ended_is_left_to_it(place):
    with subprocess.Popen(["sh", "-c", "exit 7"]) as other:
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert run(place, "sleep 0.2").outcome is Outcome.PASSED
        assert other.wait() == 7


def test_cpu_time_of_waited_for_children_counts(place):
    burning = f"{sys.executable} -c 'from burn import burn; burn(0.3)'"
    got = run(place, f"{burning}; {burning}")
    assert 0.6 <= got.cpu_seconds < 3


@LINUX
def test_cpu_time_of_children_that_nobody_waited_for_counts(place):
    command = python(
        place,
        """
        import os
        from burn import burn
        reader, writer = os.pipe()
        if os.fork() == 0:
            burn(0.4)
            os._exit(0)
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
        """,
    )
    assert run(place, command).cpu_seconds >= 0.4


def test_waiting_is_not_cpu_time(place):
    got = run(place, "sleep 0.5")
    assert got.wall_seconds >= 0.5
    assert got.cpu_seconds < 0.4


@LINUX
def test_children_of_this_process_are_left_alone(place):
    with subprocess.Popen(["sleep", "1000"]) as neighbour:
        run(place, "true")
        assert neighbour.poll() is None
        neighbour.kill()


def test_ctrl_c_ends_the_tree_and_goes_on_to_the_caller(place):
    with pytest.raises(KeyboardInterrupt):
        run(place, "echo $$ > shell.pid; echo ...; sleep 1000", progress=Interrupting())
    assert pids(place)
    assert not any(is_alive(pid) for pid in pids(place))


def test_an_impatient_second_ctrl_c_leaves_nothing_behind_either(place):
    stubborn = "trap 'echo ...' TERM; echo $$ > shell.pid; echo ...; while :; do sleep 0.02; done"
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(place, stubborn, progress=Interrupting())
    assert time.monotonic() - started < processtree.KILL_GRACE_SECONDS
    assert not any(is_alive(pid) for pid in pids(place))


def test_a_real_sigint_reaches_hitrate_and_the_tests_are_gone(place):
    fifo = place / "started"
    os.mkfifo(fifo)
    caller = textwrap.dedent(
        f"""
        import os, pathlib
        from hitrate.testrun import run as testrun
        suite = testrun.Suite("echo $$ > {fifo}; sleep 1000", pathlib.Path({str(place)!r}), dict(os.environ))
        try:
            testrun.run(suite, bytecode=pathlib.Path({str(place / "b")!r}))
        except KeyboardInterrupt:
            os._exit(42)
        """
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(testrun.__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", caller], env=environment) as process:
        pid = int(fifo.read_text())
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 42
    assert not is_alive(pid)


@LINUX
def test_a_command_whose_start_was_interrupted_is_ended_too(place):
    started = []

    def launch(suite, environment):
        started.append(testrun.launch(suite, environment))
        raise KeyboardInterrupt

    suite = Suite("sleep 1000", place, dict(os.environ), launcher=launch)
    with pytest.raises(KeyboardInterrupt):
        testrun.run(suite, bytecode=place / "bytecode")
    (process,) = started
    assert not is_alive(process.pid)
    process.returncode = -signal.SIGKILL  # the run has waited for it
    process.stdout.close()


def test_a_flood_of_output_is_read_in_bounded_memory(place):
    many = "print('a line of no interest\\n' * 200_000)"
    got = run(place, f'{sys.executable} -c "{many}"; echo the end')
    assert got.outcome is Outcome.PASSED
    assert len(got.tail) < 10_000
    assert got.tail.endswith("the end")


def test_a_huge_line_is_cut(place):
    got = run(place, "head -c 5000000 /dev/zero | tr '\\0' x; echo; echo the end")
    assert len(got.tail) < 10_000
    assert got.tail.endswith("the end")


def test_output_that_is_not_utf_8_and_control_characters_are_made_plain(place):
    got = run(place, r"printf 'caf\351 \033[31mred\033[0m\007\n\000nul\n'")
    assert got.tail == "caf\N{REPLACEMENT CHARACTER} red\nnul"


def test_what_was_written_just_before_the_end_is_read(place):
    lines = run(place, f"{sys.executable} -c 'print(*range(1, 20001), sep=chr(10))'").tail.splitlines()
    assert lines[-1] == "20000"


def test_tests_that_failed_are_named_and_counted(place):
    (place / "test_it.py").write_text(
        "import pytest\ndef test_good(): pass\n"
        "@pytest.mark.parametrize('x', ['a - b'])\ndef test_bad(x): assert 0\n"
    )
    got = run(place, f"{sys.executable} -m pytest -q -p no:cacheprovider test_it.py")
    assert (got.outcome, got.tests, got.failed) == (Outcome.FAILED, 2, ("test_it.py::test_bad[a - b]",))


def test_each_variant_runs_its_own_bytecode_with_a_fixed_hash_seed(place):
    ours = ("PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    (place / "module.py").write_text("import sys; print(sys.pycache_prefix, hash('x'))\n")
    suite = Suite(f"{sys.executable} -c 'import module'", place, environment)
    once, again = (testrun.run(suite, bytecode=place / name) for name in ("one", "two"))
    assert once.tail.split()[0] == str(place / "one")
    assert again.tail.split()[0] == str(place / "two")
    assert once.tail.split()[1] == again.tail.split()[1]
    assert list((place / "one").rglob("module*.pyc"))
    assert not (place / "__pycache__").exists()


def test_a_caller_who_wants_no_bytecode_gets_none(place):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    (place / "module.py").write_text("import sys; print(sys.dont_write_bytecode)\n")
    suite = Suite(f"{sys.executable} -c 'import module'", place, environment)
    assert testrun.run(suite, bytecode=place / "one").tail == "True"
    assert not list(place.rglob("module*.pyc"))
