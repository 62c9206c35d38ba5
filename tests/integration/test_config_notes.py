"""A change that comes with settings of its own is told as such."""

from pathlib import Path

import pytest
from git import Repo

from hitrate.action.measuring import config_notes

PATH = ".github/hitrate.yml"
NOTE = "This change also changes `.github/hitrate.yml`, and was measured with its settings."


@pytest.mark.parametrize(
    ("before", "after", "notes"),
    [
        (None, "effort: quick\n", (NOTE,)),
        ("maxsize: 1\n", "maxsize: 2\n", (NOTE,)),
        ("maxsize: 1\n", None, (NOTE,)),
        ("maxsize: 1\n", "maxsize: 1\n", ()),
    ],
)
def test_it_is_said_where_the_config_file_changes(
    tmp_path: Path, before: str | None, after: str | None, notes: tuple[str, ...]
) -> None:
    (tmp_path / ".github").mkdir()
    with Repo.init(tmp_path) as repository:
        for text in (before, after):
            (tmp_path / PATH).unlink(missing_ok=True)
            if text is not None:
                (tmp_path / PATH).write_text(text)
            repository.git.add("--all")
            author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
            repository.git.execute(["git", *author, "commit", "-qm", "x", "--allow-empty"])
        base = repository.commit("HEAD~1").hexsha
        assert config_notes(repository, base, PATH) == notes
        assert config_notes(repository, base, "*") == ()
        assert config_notes(repository, None, PATH) == ()
