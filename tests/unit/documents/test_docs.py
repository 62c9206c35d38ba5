"""What the documentation names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M)):
        target = (page.parent / path) if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), (path, anchor)


def test_the_layout_has_a_place_for_every_module() -> None:
    text = (ROOT / "docs" / "design.md").read_text()
    package = ROOT / "src" / "hitrate"
    named = set(re.findall(r"`([a-z]+(?:\.py|/))`", text))
    modules = {path.name for path in package.glob("[a-z]*.py")}
    packages = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    assert (modules | packages) - named == set()
    assert {name for name in named if not (package / name).exists()} == set()


@pytest.mark.parametrize(
    "page", [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "design.md"], ids=lambda page: page.name
)
def test_every_file_that_is_named_exists(page: Path) -> None:
    """By its path from the root, the package or one of its rooms; a bare name stands for several files."""
    package = ROOT / "src" / "hitrate"
    starts = [ROOT, package, *(path for path in package.glob("**/") if path.name != "__pycache__")]
    named = set(re.findall(r"`([\w./-]+(?:/|\.(?:py|md|yml|lock|toml)))`", page.read_text()))
    assert len(named) > 10
    assert {name for name in named if not any((start / name).exists() for start in starts)} == set()
