"""Whether memory is of a project's own history; the rest is shown where it is used."""

from hitrate.analysis.memory.placing import unused


def test_a_folder_is_quoted_and_a_long_one_is_cut() -> None:
    assert unused("a`b", "is damaged") == "All tests were run: memory in `aˋb` is damaged."
    assert "a" * 150 in unused("a" * 150, "is damaged")
    assert len(unused("a" * 5000, "is damaged")) < 300
