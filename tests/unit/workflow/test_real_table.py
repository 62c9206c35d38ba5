"""The table of real repositories says what was tried, and holds what was promised."""

import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "benchmarks" / "init_real"
ROW = re.compile(
    r"^\| \[[^\]]+\]\(https://github\.com/([^/]+/[^/]+)/tree/(\w+)/\S+\) "
    r"\| (.+?) \| ([^|]+) \| ",
    re.MULTILINE,
)
WRONG_BEFORE = (
    "click humanize hatch kombu parsel psutil tqdm poetry-core yarl tomlkit packaging GitPython pydantic "
    "holidays fastapi jsonschema pluggy pytest rich"
)


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_repository_is_in_the_table_at_its_commit() -> None:
    told = [
        (repository, commit) for repository, commit, _, _ in ROW.findall((ROOT / "docs/init.md").read_text())
    ]
    listed = [(row["repository"], row["commit"]) for row in rows("repositories.csv")]
    assert told == listed
    assert {row["repository"] for row in rows("labels.csv")} == {repository for repository, _ in listed}
    assert len(listed) >= 40
    names = {repository.partition("/")[2] for repository, _ in listed}
    assert set(WRONG_BEFORE.split()) <= names


def test_at_least_nine_in_ten_are_right_or_honestly_unsure() -> None:
    outcomes = [outcome for _, _, _, outcome in ROW.findall((ROOT / "docs/init.md").read_text())]
    good = [outcome for outcome in outcomes if outcome in ("right", "unsure, and says so")]
    assert len(good) >= 0.9 * len(outcomes)
