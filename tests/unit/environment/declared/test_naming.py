"""What names of environments, sessions, targets and jobs say."""

import pytest

from hitrate.environment.declared.naming import Purpose, by_name, odd, words_of


@pytest.mark.parametrize(
    ("names", "purpose"),
    [
        (
            ["test", "tests", "py", "py311", "python3.12", "unit", "ci", "3.12", "runTests", "pytest-3"],
            Purpose.TESTS,
        ),
        (["test-slow", "py311-minimal", "integration-tests", "windows", "tests_pypy3"], Purpose.PART),
        (
            ["lint", "docs", "test-lint", "pre-commit", "Pre-Commit", "build-wheels", "type-checking"],
            Purpose.OTHER,
        ),
        (["", "main2", "linting2", "everything", "contest"], Purpose.UNKNOWN),
    ],
)
def test_what_a_name_says(names: list[str], purpose: Purpose) -> None:
    assert {name: by_name(name) for name in names} == dict.fromkeys(names, purpose)


def test_a_name_is_read_by_its_words() -> None:
    assert words_of("runTests_py3.12-x64") == ["run", "tests", "py3.12", "x64"]
    assert words_of("") == []


def test_what_is_unusual_in_a_matrix() -> None:
    assert odd("windows-latest")
    assert odd("pypy310")
    assert odd("free threaded nightly")
    assert not odd("ubuntu-latest")
    assert not odd("3.12")
