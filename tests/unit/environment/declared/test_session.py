"""What a session installs, and the variables that it sets."""

import shlex
import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from hitrate.environment.declared.session import DeclaredSession, assignments


def test_commands_alone_install_nothing() -> None:
    assert DeclaredSession("tox.ini", commands=("pytest",)).installs_nothing
    assert not DeclaredSession("tox.ini", arguments=("pytest",)).installs_nothing
    assert not DeclaredSession("tox.ini", extras=("test",)).installs_nothing
    assert not DeclaredSession("tox.ini", groups=("test",)).installs_nothing


@given(st.dictionaries(st.from_regex(r"[A-Z]\w{0,5}\Z", fullmatch=True), st.text(), max_size=3))
def test_a_shell_reads_back_each_value(variables: dict[str, str]) -> None:
    words = shlex.split(assignments(variables))
    assert words == [f"{name}={value}" for name, value in variables.items()]


def test_names_that_no_shell_takes_and_values_that_are_no_text_are_left_out() -> None:
    assert assignments({"A-B": "1", "1A": "1", "A": 1, "B": None, "C": "x y"}) == "C='x y' "


@settings(max_examples=5)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20))
def test_a_real_shell_sets_them(value: str) -> None:
    line = f"{assignments({'VALUE': value})}printenv VALUE"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=True)
    assert done.stdout == f"{value}\n".encode()
