"""Sessions of nox, read without running anything."""

from pathlib import Path

from hitrate.environment.declared.nox import nox_sessions

FILE = """
import nox

EXTRA = ["pytest-mock"]

def _run(session, *words):
    session.run(*words, env={"MODE": "a b", "OTHER": unknown()})

@nox.session(python=["3.11", "3.12"])
@nox.parametrize("django", ["4.2", "5.1"])
def tests(session, django):
    session.install("-r", "requirements/test.txt", "-c", "limits.txt", "-e", ".[cli, web]", *EXTRA)
    session.install(f"django~={django}", "--group", "test")
    session.run("uv", "sync", "--extra=fast", "--group", "dev", external=True)
    _run(session, "pytest", "-q")

@nox.session(name="test-more")
def more(session):
    session.run("python", "-m", "pytest", *session.posargs)

@nox.session
def lint(session):
    session.run("ruff")

def test_helper(session):
    session.run("nothing")
"""


def test_sessions_named_for_tests_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "noxfile.py").write_text(FILE)
    assert [one.source for one in nox_sessions(tmp_path)] == [
        "noxfile.py session 'tests'",
        "noxfile.py session 'test-more'",
    ]


def test_what_a_session_installs_and_runs(tmp_path: Path) -> None:
    (tmp_path / "noxfile.py").write_text(FILE)
    tests, more = nox_sessions(tmp_path)
    assert tests.arguments == (
        "-r", "requirements/test.txt", "-c", "limits.txt", "pytest-mock", "django~=5.1",
    )  # fmt: skip
    assert tests.extras == ("cli", "web", "fast")
    assert tests.groups == ("test", "dev")
    assert tests.commands == ("MODE='a b' pytest -q",)
    assert more.commands == ("python -m pytest",)


def test_what_is_no_noxfile_has_none(tmp_path: Path) -> None:
    assert list(nox_sessions(tmp_path)) == []
    (tmp_path / "noxfile.py").write_text("def (")
    assert list(nox_sessions(tmp_path)) == []
