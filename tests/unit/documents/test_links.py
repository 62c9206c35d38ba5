"""Every link that somebody can follow leads to where it says: in documents, in the comment, in the page.

Nothing is fetched: what is Hitrate's own is looked for in this checkout, what is the pull request's must be
made of what its report names, and of all others the form is checked.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from hitrate.report import html, markdown
from hitrate.report.content import links
from hitrate.report.model import Report
from tests.unit import reports

ROOT = Path(__file__).parents[3]
OWN = "https://github.com/hitrate/hitrate"
DOCUMENTS = [
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")]
    if "node_modules" not in path.parts
]
RENDERED: dict[str, Callable[[Report], str]] = {
    "comment": markdown.comment,
    "resolved": markdown.resolved,
    "summary": markdown.summary,
    "page": html.page,
}
_FENCED = re.compile(r"^ *(```|~~~).*?^ *\1[`~]*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_LINKS = (
    re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)"),  # [text](address)
    re.compile(r"^ *\[[^\]]+\]: *<?(\S+?)>?(?:\s+\"[^\"]*\")?$", re.MULTILINE),  # [name]: address
    re.compile(r"<(https?://[^>\s]+)>"),
    re.compile(r"<[^>]*\b(?:href|src|srcset)=\"([^\"]+)\""),
)


def links_in(text: str) -> Iterator[str]:
    """Addresses of a document in Markdown or HTML, but for those in code."""
    plain = _CODE.sub("", _FENCED.sub("", text))
    for form in _LINKS:
        yield from map(unescape, form.findall(plain))


def headings(page: Path) -> Iterator[str]:
    """The anchors that GitHub gives the headings of a page, those of the same words numbered."""
    text = _FENCED.sub("", page.read_text("utf-8"))
    seen: Counter[str] = Counter()
    for title in re.findall(r"^#{1,6} +(.+?) *#*$", text, re.MULTILINE):
        shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", title)
        anchor = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        yield f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor
        seen[anchor] += 1
    yield from re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text)


def fault(address: str, place: Path) -> str | None:
    """What is wrong with an address in a document; None where it leads somewhere."""
    if address.startswith(f"{OWN}/blob/main/"):
        return _fault_of_file(ROOT, address.removeprefix(f"{OWN}/blob/main/"))
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        if parts.scheme == "mailto":
            return None
        host = parts.hostname or ""
        is_public = parts.scheme == "https" and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}", host)
        return None if is_public and parts.port is None else "no public address"
    return _fault_of_file(place.parent, address)


def _fault_of_file(folder: Path, address: str) -> str | None:
    path, _, anchor = address.partition("#")
    target = (folder / unquote(path)).resolve() if path else None
    if target is None or not target.exists():
        return "no such file"
    if not target.is_relative_to(ROOT):
        return "outside of the repository"
    if not anchor:
        return None
    if target.suffix == ".md":
        return None if anchor in set(headings(target)) else "no such heading"
    lines = len(target.read_text("utf-8").splitlines())
    numbers = re.fullmatch(r"L(\d+)(?:-L(\d+))?", anchor)
    fits = numbers and all(1 <= int(number) <= lines for number in numbers.groups() if number)
    return None if fits else "no such line"


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_of_a_document(page: Path) -> None:
    found = list(links_in(page.read_text("utf-8")))
    # An anchor alone is one of the page itself.
    own = [f"{page.name}{address}" if address.startswith("#") else address for address in found]
    assert {address: wrong for address in own if (wrong := fault(address, page))} == {}


WORKFLOWS = [ROOT / "action.yml", ROOT / "native" / "action.yml", *(ROOT / "docs" / "examples").glob("*.yml")]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_of_a_workflow_or_action(path: Path) -> None:
    named = re.findall(rf"{OWN}/blob/main/[^\s\"')]+", path.read_text("utf-8"))
    assert [address for address in named if fault(address, path)] == []


def test_of_what_the_program_says() -> None:
    """Addresses of Hitrate's own that stand in its source, and files of the documentation that it names."""
    for path in sorted((ROOT / "src" / "hitrate").rglob("*.py")):
        text = path.read_text("utf-8")
        for address in re.findall(rf"{OWN}/blob/main/([\w./-]*\w)", text):
            assert (ROOT / address).exists(), (path, address)
        for name in re.findall(r"(?<![\w/.-])docs/[\w./-]+\.(?:md|json|yml)", text):
            assert (ROOT / name).exists(), (path, name)


def _is_of_the_report(address: str, report: Report) -> bool:
    change = report.change
    repository = f"{change.server_url}/{change.repository}"
    if address == f"{repository}/actions/runs/{change.run}":
        return True
    files = {f"{repository}/blob/{change.head}/{one.path}#L{one.line}" for one in report.functions}
    return address in files


@pytest.mark.parametrize("renderer", RENDERED)
@pytest.mark.parametrize("state", reports.STATES)
def test_of_what_is_rendered(state: str, renderer: str) -> None:
    report = reports.STATES[state]()
    found = list(links_in(RENDERED[renderer](report)))
    assert f"{links.DOCS}/{links.VERDICTS}" in found
    for address in found:
        if address.startswith(OWN):
            assert fault(address, ROOT / "README.md") is None, address
        else:
            assert _is_of_the_report(address, report), address


@pytest.mark.parametrize("text", [markdown.failed, markdown.held])
def test_of_a_run_that_measured_nothing(text: Callable[..., str]) -> None:
    run = links.run_of("https://github.com", "octo-org/shop", 31)
    assert list(links_in(text("why", reports.HEAD, run))) == [
        "https://github.com/octo-org/shop/actions/runs/31"
    ]
    assert list(links_in(text("why", reports.HEAD, links.run_of("javascript:", "octo-org/shop", 31)))) == []


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("README.md", None),
        ("docs/verdicts.md#unsafe", None),
        (f"{links.DOCS}/verdicts.md#unsafe", None),
        ("https://docs.python.org/3/library/functools.html#functools.lru_cache", None),
        ("src/hitrate/cli.py#L1-L9", None),
        ("docs", None),
        ("nowhere.md", "no such file"),
        ("../README.md", "no such file"),
        ("docs/verdicts.md#nothing", "no such heading"),
        (f"{links.DOCS}/verdicts.md#nothing", "no such heading"),
        (f"{links.DOCS}/nowhere.md", "no such file"),
        ("src/hitrate/cli.py#L99999", "no such line"),
        ("http://example.org/", "no public address"),
        ("https://localhost/", "no public address"),
        ("https://example.org:8443/", "no public address"),
        ("file:///etc/passwd", "no public address"),
        ("javascript:alert(1)", "no public address"),
        ("//example.org/a", "no public address"),
    ],
)
def test_a_link_that_leads_nowhere_is_noticed(address: str, wrong: str | None) -> None:
    assert fault(address, ROOT / "README.md") == wrong


def test_every_way_to_write_a_link_is_read() -> None:
    text = (
        '[a](b.md "t") ![c](d.png) <https://e.org/f> <a class="x" href="g.md#h">i</a>\n[j]: k.md\n\n'
        "`[no](no1.md)`\n\n```\n[no](no2.md)\n```\n\n| [`l`](m.md) |\n"
    )
    assert sorted(links_in(text)) == ["b.md", "d.png", "g.md#h", "https://e.org/f", "k.md", "m.md"]
