"""What tox and nox would install and run."""

import tomllib
from pathlib import Path

from hitrate.environment.tox_nox import session_of_tests, sessions_of_tests

TOML = """
[env_run_base]
deps = ["pytest>=8  # the runner", "-r reqs.txt", "--pre"]
extras = ["cli"]
dependency_groups = ["test"]
set_env = { MODE = "a b", HERE = "{env_dir}" }
commands = [["pytest", { replace = "posargs", default = ["tests"] }]]
[env.tests-elsewhere]
change_dir = "sub"
deps = ["pytest"]
commands = [["pytest"]]
[env.docs]
commands = [["sphinx-build"]]
"""
INI = """
[testenv]
deps =
    pytest
    -rreqs.txt
    -c limits.txt
    --index-url x
extras = cli, {posargs}
setenv =
    MODE = fast  # as said
    HERE = {envdir}
commands = pytest {posargs:tests}
"""


def test_tox_toml(tmp_path: Path) -> None:
    (tmp_path / "tox.toml").write_text(TOML)
    base, elsewhere = sessions_of_tests(tmp_path, {})
    assert base.source == "tox.toml [env_run_base]"
    assert base.arguments == ("pytest>=8", "-r", "reqs.txt")
    assert (base.extras, base.groups) == (("cli",), ("test",))
    assert base.commands == ("MODE='a b' pytest tests",)
    assert (elsewhere.source, elsewhere.commands) == ("tox.toml [env.tests-elsewhere]", ())


def test_the_same_in_pyproject(tmp_path: Path) -> None:
    document = {"tool": {"tox": tomllib.loads(TOML)}}
    assert next(sessions_of_tests(tmp_path, document)).source == "pyproject.toml [env_run_base]"


def test_an_ini_file_and_one_within_pyproject(tmp_path: Path) -> None:
    (tmp_path / "tox.ini").write_text(INI)
    own = session_of_tests(tmp_path, {})
    within = session_of_tests(tmp_path / "none", {"tool": {"tox": {"legacy_tox_ini": INI}}})
    assert own is not None
    assert within is not None
    assert own.arguments == within.arguments == ("pytest", "-r", "reqs.txt", "-c", "limits.txt")
    assert (own.extras, own.commands) == (("cli",), ("MODE=fast pytest tests",))


def test_a_session_that_installs_nothing_is_not_what_tests_need(tmp_path: Path) -> None:
    (tmp_path / "tox.ini").write_text("[testenv]\ncommands = pytest\n")
    assert session_of_tests(tmp_path, {}) is None
    (tmp_path / "noxfile.py").write_text(
        "import nox\n@nox.session\ndef tests(session):\n    session.install('pytest')\n"
    )
    found = session_of_tests(tmp_path, {})
    assert found is not None
    assert found.arguments == ("pytest",)
