"""``hitrate run --effort quick`` on real repositories with real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from git import Repo

from hitrate.change.discovery import named_functions
from hitrate.commands.run import check_writable
from hitrate.errors import InputError
from tests.integration.repositories import commit, fingerprint, git, hitrate, new_repository, project, write

PRICES = {
    "prices.py": "def base(n):\n    return n\n",
    "test_prices.py": "from prices import base\n\ndef test_base():\n    assert base(1) == 1\n",
}
FIB = "\n\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
TEST_FIB = "\nfrom prices import fib\n\ndef test_fib():\n    assert fib(18) == 2584\n"


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    """A repository whose working tree adds a recursive function, uncommitted."""
    tree = new_repository(tmp_path / "prices", PRICES)
    write(
        tree, {name: PRICES[name] + text for name, text in (("prices.py", FIB), ("test_prices.py", TEST_FIB))}
    )
    return tree


def quick(tree: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    """Run quick, expect an exit code and an unchanged tree, and return the report."""
    before = fingerprint(tree)
    report = tree.parent / "report.json"
    done = hitrate(tree, "run", "--effort", "quick", "--json", str(report), *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert fingerprint(tree) == before
    loaded: dict[str, Any] = json.loads(report.read_text())
    return loaded


def test_uncommitted_changes_are_the_head(prices: Path) -> None:
    report = quick(prices, "--base", "HEAD")
    (function,) = report["functions"]
    assert function["qualname"] == "fib"
    assert report["change"]["uncommitted"]
    assert (function["hits"], function["misses"]) == (16, 19)
    assert function["verdict"] == "cache"
    assert report["suite"]["processes"] == {"expected": 1, "received": 1}
    assert report["suite"]["tests"] == 2
    assert report["trial"]["speedup"] > 0
    assert report["trial"]["low"] is None


def test_committed_changes_are_compared_with_the_merge_base(prices: Path) -> None:
    git(prices, "checkout", "-q", "-b", "feature")
    commit(prices)
    git(prices, "checkout", "-q", "main")
    commit(prices, {"other.py": "def other():\n    return 1\n"})
    git(prices, "checkout", "-q", "feature")
    assert [function["qualname"] for function in quick(prices, "--base", "main")["functions"]] == ["fib"]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "xdist"])
def test_counts_are_the_sum_over_every_kind_of_process(tmp_path: Path, workers: tuple[str, ...]) -> None:
    tree = project(tmp_path / "processes", "processes")
    command = " ".join(("python", "-m", "pytest", "-q", *workers))
    report = quick(tree, "--function", "counted/__init__.py::square", "--test-command", command)
    (function,) = report["functions"]
    # Processes make ten calls on two keys each. Two of them are forked from one that has the keys already,
    # and test_here and test_fork_starts_from_zero share a process: its second ten calls all hit.
    assert function["hits"] + function["misses"] == 100
    processes = report["suite"]["processes"]
    assert processes["expected"] == processes["received"] >= 8
    if not workers:
        assert function["misses"] == 2 * 7
    assert report["suite"]["tests"] == 9


@pytest.mark.slow
def test_a_cleared_environment_hides_nothing(prices: Path) -> None:
    report = quick(
        prices,
        "--base",
        "HEAD",
        "--test-command",
        'env -i PATH="$PATH" python -m pytest -q -p no:cacheprovider',
    )
    assert report["functions"][0]["hits"] == 16


def test_tests_that_break_with_the_cache_are_named(tmp_path: Path) -> None:
    tree = new_repository(
        tmp_path / "state",
        {
            "state.py": "rate = 1\n\n\ndef price(n):\n    return n * rate\n\n\ndef plain(n):\n    return n\n",
            "test_state.py": (
                "import state\n\n\ndef test_price():\n    assert state.price(2) == 2\n    state.rate = 3\n"
                "    assert state.price(2) == 6\n\n\ndef test_plain():\n    assert state.plain(1) == 1\n"
            ),
        },
    )
    report = quick(
        tree, "--function", "state.py::price", "--function", "state.py::plain", "--min-saving", "95%"
    )
    price, plain = report["functions"]
    assert price["verdict"] == "not-worth-it"  # the proof is told still
    assert price["hazards"][0]["kind"] == "broken"
    assert price["hazards"][0]["test"] == "test_state.py::test_price"
    assert plain["hazards"] == []
    assert report["trial"]["broken_tests"] == ["test_state.py::test_price"]
    assert report["trial"]["speedup"] is None


@pytest.mark.slow
def test_an_existing_cache_that_never_hits_is_to_be_dropped_and_can_fail_the_gate(tmp_path: Path) -> None:
    tree = new_repository(
        tmp_path / "cached",
        {
            "cached.py": "from functools import lru_cache\n\n\n@lru_cache(maxsize=8)\ndef once(n):\n    return n\n",  # noqa: E501
            "test_cached.py": (
                "from cached import once\n\n\ndef test_once():\n    assert [once(n) for n in range(9)] == list(range(9))\n"  # noqa: E501
            ),
        },
    )
    report = quick(tree, "--function", "cached.py::once", "--fail-on", "wasteful", code=1)
    (function,) = report["functions"]
    assert (function["kind"], function["verdict"], function["maxsize"]) == ("existing", "drop", 8)
    assert (function["hits"], function["misses"]) == (0, 9)
    assert report["gate"] == {
        "verdict": "fail",
        "rules": [{"rule": "wasteful", "limit": 0.2, "value": 0.0, "passed": False}],
    }


@pytest.mark.slow
def test_tests_that_cannot_start_are_told_with_the_likeliest_cause(tmp_path: Path) -> None:
    files = {**PRICES, "test_more.py": "import nosuch_plugin\n"}
    report = quick(new_repository(tmp_path / "broken", files), "--function", "prices.py::base", code=3)
    told = [note for note in report["notes"] if note.startswith("Why they may fail: nosuch_plugin is not")]
    assert len(told) == 1
    assert "install" in told[0]


UNUSUAL = "import unittest\nfrom prices import base\n\nclass T(unittest.TestCase):\n    def test(self):\n"
UNUSUAL += "        self.assertEqual(base(base(2)), 2)\n\nif __name__ == '__main__':\n    unittest.main()\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "file", "ran", "runs"),
    [
        (
            "{envpython} -m unittest -v checks",
            "checks.py",
            "python -m unittest -v checks",
            2,
        ),  # not by pytest
        ("python checks_test.py", "checks_test.py", "python checks_test.py", 1),
        ("nosetests", "checks_test.py", "python -m pytest", 2),  # it is not there
        ("python checks_test.py --no-such-option", "checks_test.py", "python -m pytest", 2),
        ("pytest docs", "tests/test_unusual.py", "python -m unittest", 4),  # after pytest, and pytest tests
    ],
)
def test_where_a_command_runs_no_test_the_next_is_tried(
    tmp_path: Path, line: str, file: str, ran: str, runs: int
) -> None:
    files = {"prices.py": PRICES["prices.py"], file: UNUSUAL, "docs/x": "", "tests/__init__.py": ""}
    ini = "[pytest]\npython_files = nothing\n" if runs == 4 else ""
    tree = new_repository(tmp_path / "unusual", files | {"tox.ini": f"{ini}[testenv]\ncommands = {line}\n"})
    report = quick(tree, "--function", "prices.py::base")
    assert report["suite"]["command"].replace("python3 ", "python ") == ran
    assert report["suite"]["runs"]["baseline"] == runs
    assert any("ran no test" in note for note in report["notes"]) is (runs > 1)


@pytest.mark.slow
def test_a_runner_that_cannot_start_is_not_left_for_tests_that_fail(tmp_path: Path) -> None:
    failing = UNUSUAL.replace("base(base(2)), 2", "base(base(2)), 3")
    tox = "[testenv]\ncommands = python checks_test.py --no-such-option\n"
    files = {"prices.py": PRICES["prices.py"], "checks_test.py": failing, "tox.ini": tox}
    report = quick(new_repository(tmp_path / "failing", files), "--function", "prices.py::base", code=3)
    assert "--no-such-option" in report["suite"]["command"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--base", "nosuch"), 2, ("base", "nosuch")),
        (("--base", "HEAD", "--maxsize", "-3"), 2, ("maxsize", "at least 1")),
        (("--base", "HEAD", "--nosuch"), 2, ("--nosuch",)),
        (("--base", "HEAD", "--test-command", "nosuch-runner"), 2, ("test-command", "nosuch-runner")),
        (("--base", "HEAD", "--test-command", "python -m pytest -k nothing"), 3, ("ran no test",)),
        (("--base", "HEAD", "--test-command", "python -m pytest nosuch.py"), 3, ("test-command",)),
        (("--base", "HEAD", "--test-command", "true"), 3, ("no test process imported",)),
        (("--base", "HEAD", "--timeout", "1", "--test-command", "sleep 60"), 3, ("timeout",)),
        (("--function", "prices.py"), 2, ("function", "prices.py")),
        (("--function", "prices.py::nosuch"), 2, ("nosuch", "name one of its functions")),
        (("--function", "prices.py::bass"), 2, ("bass", "did you mean base?")),
        (("--function", "nosuch.py::f"), 2, ("nosuch.py",)),
        (("--base", "HEAD", "--working-directory", "nosuch"), 2, ("working-directory",)),
        (("--base", "HEAD", "--json", "nosuch/report.json"), 2, ("json",)),
        (("--base", "HEAD", "--effort", "huge"), 2, ("effort", "huge")),
        (("--base", "HEAD", "--fail-on", "never,unsafe"), 2, ("fail-on", "never stands alone")),
        (("--base", "HEAD", "--test-command", "python -m unittest -k nothing"), 3, ("ran no test",)),
        (("--base", "HEAD", "--working-directory", ".."), 2, ("working-directory", "inside the repository")),
        (("--base", "HEAD", "--effort", "standard", "--workload", "nosuch"), 2, ("workload", "not found")),
        (("--base", "HEAD", "--json", "-", "--markdown", "-"), 2, ("markdown", "json")),
        (("--base", "HEAD", "--json", "/dev/full"), 2, ("json", "/dev/full", "No space left")),
        (("--function", "nosuch.py::f"), 2, ("function", "from the repository's root")),
        (("--function", "../elsewhere.py::f"), 2, ("function", "outside")),
        (("--base", "nosuch", "--debug"), 2, ("base", "nosuch")),
        (("--base", "HEAD", "--paths", "/src/*.py"), 2, ("paths", "/src/*.py", "repository's root")),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    prices: Path, arguments: tuple[str, ...], code: int, words: tuple[str, ...]
) -> None:
    before = fingerprint(prices)
    done = hitrate(prices, "run", "--effort", "quick", *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    last = done.stderr.strip().splitlines()
    assert last[-1].startswith("hitrate: ")
    assert ("Traceback" in done.stderr) == ("--debug" in arguments)
    assert all(word in last[-1] for word in words), last
    assert fingerprint(prices) == before


@pytest.mark.slow
def test_tests_that_fail_without_any_change_are_named(prices: Path) -> None:
    write(prices, {"test_more.py": "def test_bad():\n    assert False\n"})
    report = quick(prices, "--base", "HEAD", "--fail-on", "never", code=3)
    assert report["suite"]["failing_tests"] == ["test_more.py::test_bad"]
    assert [function["reason"] for function in report["functions"]] == ["it was not measured"]


RELOADING = """
import importlib, os, shutil, sys

def test_a_module_is_made_twice_within_a_second(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    for value in (1, 2):
        shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
        (tmp_path / "made.py").write_text(f"VALUE = {value}")
        os.utime(tmp_path / "made.py", (1, 1))
        sys.modules.pop("made", None)
        importlib.invalidate_caches()
        assert importlib.import_module("made").VALUE == value
"""


@pytest.mark.slow
@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_tests_that_delete_bytecode_themselves_are_measured(prices: Path, effort: str) -> None:
    """They pass by themselves, and fail where all bytecode is kept elsewhere."""
    write(prices, {"test_made.py": RELOADING})
    report = prices.parent / "report.json"
    done = hitrate(
        prices,
        *("run", "--effort", effort, "--base", "HEAD", "--json", str(report)),
        PYTHONDONTWRITEBYTECODE="",
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(report.read_text())
    assert said["suite"]["failing_tests"] == []
    assert said["suite"]["runs"]["baseline"] == 2
    assert [function["hits"] for function in said["functions"]] == [16]
    assert any("PYTHONDONTWRITEBYTECODE" in note for note in said["notes"])


@pytest.mark.slow
def test_failing_tests_are_named_in_the_last_line(prices: Path) -> None:
    write(prices, {"test_more.py": "def test_bad():\n    assert False\n"})
    done = hitrate(prices, "run", "--effort", "quick", "--base", "HEAD")
    assert done.returncode == 3
    assert "test_more.py::test_bad" in done.stderr.strip().splitlines()[-1]


def test_a_command_that_is_broken_is_not_said_to_be_tests_to_fix(prices: Path) -> None:
    given = "python -m pytest --no-such-option"
    done = hitrate(prices, "run", "--effort", "quick", "--base", "HEAD", "--test-command", given)
    assert done.returncode == 3
    last = done.stderr.strip().splitlines()[-1]
    assert "names no test that fails" in last
    assert "fix these tests" not in last


@pytest.mark.slow
def test_of_failing_tests_only_those_are_run_once_more(prices: Path, tmp_path: Path) -> None:
    """Whether they fail for where bytecode is kept, or for want of it, is not worth a run of all tests."""
    runs = tmp_path / "runs"
    code = f"""
def noted(name):
    with open({str(runs)!r}, "a") as file:
        file.write(name + " ")

def test_good():
    noted("good")

def test_bad():
    noted("bad")
    assert False
"""
    write(prices, {"test_more.py": code})
    plain = dict.fromkeys(("PYTHONDONTWRITEBYTECODE", "CI", "GITHUB_ACTIONS", "BUILD_NUMBER"), "")
    done = hitrate(prices, "run", "--effort", "quick", "--base", "HEAD", **plain)
    assert done.returncode == 3
    assert runs.read_text() == "good bad bad bad "


@pytest.mark.slow
@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_tests_that_look_for_bytecode_beside_its_source_are_measured(prices: Path, effort: str) -> None:
    code = """
import py_compile

def test_compiled(tmp_path):
    (tmp_path / "made.py").write_text("x = 1")
    py_compile.compile(str(tmp_path / "made.py"))
    assert len([*tmp_path.glob("__pycache__/*.pyc")]) == 1
"""
    write(prices, {"test_more.py": code})
    report = prices.parent / "report.json"
    done = hitrate(prices, *("run", "--effort", effort, "--base", "HEAD", "--json", str(report)), CI="")
    assert done.returncode == 0, done.stderr
    said = json.loads(report.read_text())
    assert said["suite"]["failing_tests"] == []
    assert [function["hits"] for function in said["functions"]] == [16]
    assert any("without PYTHONPYCACHEPREFIX" in note for note in said["notes"])


@pytest.mark.slow
@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_tests_that_read_their_input_are_measured_without_capturing(prices: Path, effort: str) -> None:
    write(prices, {"test_more.py": "import sys\n\ndef test_input():\n    assert not sys.stdin.read()\n"})
    report = prices.parent / "report.json"
    done = hitrate(prices, *("run", "--effort", effort, "--base", "HEAD", "--json", str(report)), CI="")
    assert done.returncode == 0, done.stderr
    said = json.loads(report.read_text())
    assert (said["suite"]["failing_tests"], said["suite"]["command"]) == ([], "python -m pytest -s")
    assert [function["hits"] for function in said["functions"]] == [16]


@pytest.mark.slow
@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_tests_that_pass_outside_of_ci_alone_are_measured(prices: Path, effort: str) -> None:
    """As where tox runs them, which keeps these variables to itself."""
    code = "import os\n\ndef test_ci():\n    assert not os.environ.get('CI')\n"
    write(prices, {"test_more.py": code})
    report = prices.parent / "report.json"
    done = hitrate(prices, *("run", "--effort", effort, "--base", "HEAD", "--json", str(report)), CI="true")
    assert done.returncode == 0, done.stderr
    said = json.loads(report.read_text())
    assert said["suite"]["failing_tests"] == []
    assert [function["hits"] for function in said["functions"]] == [16]
    assert any("without CI in their environment" in note for note in said["notes"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "code"), [("extra/test_more.py", 0), ("tests/test_more.py", 3), ("test_more.py", 0)]
)
def test_files_outside_of_the_folder_of_the_tests_do_not_keep_them_from_running(
    tmp_path: Path, broken: str, code: int
) -> None:
    files = {
        "prices.py": PRICES["prices.py"],
        "tests/test_prices.py": UNUSUAL,
        broken: "import nosuch_thing\n",
    }
    tree = new_repository(tmp_path / "broken", files)
    report = quick(tree, "--function", "prices.py::base", code=code)
    assert report["suite"]["command"].endswith("pytest tests" if code == 0 else "pytest")


def test_without_a_command_the_help_is_shown(tmp_path: Path) -> None:
    done = hitrate(tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: hitrate")
    assert "\n  run " in done.stderr


@pytest.mark.slow
def test_a_terminal_without_the_letters_gets_the_report_all_the_same(prices: Path) -> None:
    done = hitrate(prices, "run", "--effort", "quick", "--base", "HEAD", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "prices.py" in done.stdout
    assert "?" not in done.stdout


@pytest.mark.slow
def test_a_document_on_standard_output_is_utf_8_whatever_the_terminal_speaks(prices: Path) -> None:
    arguments = ("run", "--effort", "quick", "--base", "HEAD", "--markdown", "-")
    assert "\N{NO-BREAK SPACE}" in hitrate(prices, *arguments, PYTHONIOENCODING="ascii").stdout


@pytest.mark.slow
def test_functions_may_be_named_by_any_path_into_the_repository(prices: Path) -> None:
    whole = prices / "prices.py"
    report = quick(prices, "--function", f"{whole}::base", "--function", "./prices.py::base")
    (function,) = report["functions"]
    assert function["path"] == "prices.py"


@pytest.mark.slow
def test_a_blank_command_is_no_command(prices: Path) -> None:
    report = quick(prices, "--base", "HEAD", "--test-command", " ", "--workload", "")
    assert report["suite"]["command"] == "python -m pytest"
    assert report["suite"]["workload"] is None


def test_links_and_names_that_are_no_text_hide_no_changed_function(prices: Path) -> None:
    (prices / "link.py").symlink_to("prices.py")
    with open(os.fsencode(prices) + b"/not\xfftext.py", "wb") as file:
        file.write(b"def f(x):\n    return x\n")
    done = hitrate(prices, "run", "--base", "HEAD", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "prices.py::fib" in done.stdout
    assert "link.py::" not in done.stdout


def test_globs_that_leave_everything_out_are_told(prices: Path) -> None:
    report = quick(prices, "--base", "HEAD", "--paths", "lib/**")
    assert report["functions"] == []
    assert report["notes"] == [
        "The globs of `paths` and `exclude` leave out all 2 Python files of this change.",
        "`paths: lib/**` matches no file.",
    ]


@pytest.mark.slow
def test_a_single_function_can_be_left_out_and_is_told(prices: Path) -> None:
    write(prices, {"prices.py": PRICES["prices.py"] + FIB + "\n\ndef other(n):\n    return n\n"})
    report = quick(prices, "--base", "HEAD", "--exclude", "prices.py::fi*")
    assert [function["qualname"] for function in report["functions"]] == ["other"]
    assert "`exclude` leaves out `prices.py::fib`." in report["notes"]


@pytest.mark.slow
@pytest.mark.parametrize("looking", [True, False], ids=["progress", "a plan"])
def test_a_reader_that_has_gone_is_no_failed_gate(prices: Path, looking: bool) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    more = ["--effort", "quick"] if looking else ["--dry-run"]
    command = [sys.executable, "-m", "hitrate", "run", "--base", "HEAD", *more]
    done = subprocess.run(command, cwd=prices, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_outside_a_repository(tmp_path: Path) -> None:
    done = hitrate(tmp_path, "run")
    assert done.returncode == 2
    assert "not in a git repository" in done.stderr


def test_before_the_first_commit(tmp_path: Path) -> None:
    tree = new_repository(tmp_path / "prices", {})
    git(tree, "update-ref", "-d", "HEAD")
    done = hitrate(tree, "run")
    assert done.returncode == 2
    assert "nothing has been committed yet" in done.stderr


def test_no_change_is_no_error_and_told(tmp_path: Path) -> None:
    tree = new_repository(tmp_path / "prices", PRICES)
    report = quick(tree)
    assert report["functions"] == []
    (note,) = report["notes"]
    assert note.startswith("No Python file differs from `main`; `--base` names another commit")
    assert not report["change"]["uncommitted"]


@pytest.mark.parametrize("text", ["def broken(:\n", "def f():\n    print 'two'\n", "\x00"])
def test_a_changed_file_that_cannot_be_parsed(prices: Path, text: str) -> None:
    tree = prices
    git(tree, "stash", "-q")
    write(tree, {"prices.py": text})
    done = hitrate(tree, "run", "--effort", "quick", "--base", "HEAD")
    assert done.returncode == 2
    assert "prices.py" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


FROZEN = """\
import time
import sys

import prices
import pytest


@pytest.fixture
def stopped_clock():
    # What freezegun does: every name of the function in every module is replaced.
    real = time.perf_counter_ns
    named = [
        (module, name)
        for module in list(sys.modules.values())
        for name, value in list(vars(module).items())
        if value is real
    ]
    for module, name in named:
        setattr(module, name, lambda: 0)
    yield
    for module, name in named:
        setattr(module, name, real)


def test_base(stopped_clock):
    for _ in range(50):
        assert prices.base(1) == 1
"""


@pytest.mark.slow
@pytest.mark.parametrize("effort", ["quick", "standard"])
def test_tests_that_stop_the_clock_do_not_stop_ours(tmp_path: Path, effort: str) -> None:
    tree = new_repository(tmp_path / "prices", PRICES | {"test_prices.py": FROZEN})
    report = tree.parent / "report.json"
    done = hitrate(tree, "run", "--effort", effort, "--json", str(report), "--function", "prices.py::base")
    assert done.returncode == 0, done.stdout + done.stderr
    (function,) = json.loads(report.read_text())["functions"]
    assert (function["calls"], function["hits"]) == (50, 49)
    assert abs(function["saved_seconds"] or 0) < 1
    assert 0 <= (function["mean_call_seconds"] or 0) < 1


@pytest.mark.slow
def test_a_repository_that_git_refuses(prices: Path) -> None:
    done = hitrate(prices, "run", "--dry-run", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "git refuses this repository" in line
    assert f"safe.directory {prices}" in line


def test_a_repository_that_lacks_a_file_of_the_base(prices: Path) -> None:
    blob = git(prices, "rev-parse", "HEAD:prices.py").strip()
    (prices / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    done = hitrate(prices, "run", "--base", "HEAD", "--dry-run")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("hitrate: base: git cannot compare with ")


def test_without_git(prices: Path) -> None:
    done = hitrate(prices, "run", PATH="/nowhere")
    assert (done.returncode, done.stderr) == (2, "hitrate: git: not found on the PATH; install it\n")


def test_a_tree_that_cannot_be_written_is_refused_before_the_tests_are_run(prices: Path) -> None:
    with Repo(prices) as repository:
        selection = named_functions(prices, ["prices.py::fib"])
        check_writable(repository, selection)
        (prices / ".git").chmod(0o555)
        user = os.getuid()
        os.setreuid(51999 if user == 0 else user, -1)  # root may write everywhere
        try:
            with pytest.raises(InputError, match=r"\.git: not writable"):
                check_writable(repository, selection)
        finally:
            os.setreuid(user, -1)
            (prices / ".git").chmod(0o755)


@pytest.mark.slow
def test_a_cache_in_front_says_nothing_against_the_one_behind_it(tmp_path: Path) -> None:
    """``far`` and ``near`` lie behind ``front``, ``seldom`` beside it, ``back`` behind what never hits."""
    tree = new_repository(
        tmp_path / "nested",
        {
            "nested.py": (
                "from functools import lru_cache\n\n\n@lru_cache\ndef far(n):\n    return n\n\n\n"
                "def near(n):\n    return far(n)\n\n\ndef front(n):\n    return near(n)\n\n\n"
                "@lru_cache\ndef seldom(n):\n    return n\n\n\n"
                "@lru_cache\ndef back(n):\n    return n\n\n\ndef never(n):\n    return back(n)\n"
            ),
            "test_nested.py": (
                "import nested\n\n\ndef test_all():\n    for n in range(30):\n"
                "        assert nested.front(n % 3) == n % 3\n"
                "        assert nested.seldom(n) == nested.never(n) == n\n"
            ),
        },
    )
    names = ("far", "near", "front", "seldom", "back", "never")
    named = [word for name in names for word in ("--function", f"nested.py::{name}")]
    report = quick(tree, *named, "--fail-on", "wasteful", "--min-saving", "95%", code=1)
    found = {each["qualname"]: each for each in report["functions"]}
    assert {name: found[name]["verdict"] for name in names} == {
        "far": "inconclusive",
        "near": "inconclusive",
        "front": "not-worth-it",
        "seldom": "drop",
        "back": "drop",
        "never": "not-worth-it",
    }
    assert "the cache of front, from which it is called" in found["far"]["reason"]
    assert report["gate"]["verdict"] == "fail"  # for seldom and back
    (tree / "nested.py").write_text(
        (tree / "nested.py").read_text().replace("@lru_cache\ndef seldom", "def seldom")
    )
    report = quick(tree, *named[:8], "--fail-on", "wasteful")
    assert report["gate"]["verdict"] == "inconclusive"
