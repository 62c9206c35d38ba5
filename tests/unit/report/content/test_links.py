"""Links lead to where they say, whatever a report says of itself."""

import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitrate.report.content import links
from hitrate.vocabulary import HazardKind, Verdict
from tests.unit import reports

DOCS = Path(__file__).parents[4] / "docs"


@pytest.mark.parametrize("term", [*Verdict, *HazardKind])
def test_every_verdict_and_hazard_is_explained_below_its_own_heading(term: Verdict | HazardKind) -> None:
    page, _, anchor = links.explained(term).removeprefix(f"{links.DOCS}/").partition("#")
    headings = re.findall(r"^#+ (.+)$", (DOCS / page).read_text("utf-8"), re.MULTILINE)
    assert [heading.lower().replace(" ", "-") for heading in headings].count(anchor) == 1


def test_the_page_without_a_term() -> None:
    assert (DOCS / links.explained().removeprefix(f"{links.DOCS}/")).exists()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("src/shop/a.py", "src/shop/a.py"),
        ("a b/é.py", "a%20b/%C3%A9.py"),
        ("a#b?c.py", "a%23b%3Fc.py"),
        ("a)b](c.py", "a%29b%5D%28c.py"),
        ("a\"'<>.py", "a%22%27%3C%3E.py"),
        ("\udcff.py", "%FF.py"),
    ],
)
def test_a_line_in_the_head_commit(path: str, shown: str) -> None:
    address = links.lines(reports.report(), reports.win(path=path, line=7))
    assert address == f"https://github.com/octo-org/shop/blob/{reports.HEAD}/{shown}#L7"


@pytest.mark.parametrize(
    "path", ["../a.py", "a/../../b.py", "./a.py", "/etc/a.py", "a//b.py", "", "..", "a\\b"]
)
def test_no_link_leads_out_of_the_commit(path: str) -> None:
    assert links.lines(reports.report(), reports.win(path=path)) is None


@given(st.text(min_size=1))
def test_a_link_stays_in_its_commit_whatever_the_file_is_called(path: str) -> None:
    address = links.lines(reports.report(), reports.win(path=path))
    if address is not None:
        joined = urlsplit(urljoin("https://example.org/", address))
        assert (joined.scheme, joined.netloc, joined.fragment) == ("https", "github.com", "L41")
        assert unquote(joined.path) == f"/octo-org/shop/blob/{reports.HEAD}/{path}"


@pytest.mark.parametrize(
    "fields",
    [
        {"server_url": None},
        {"server_url": "javascript:alert(1)"},
        {"server_url": "https://github.com@evil.example"},
        {"server_url": "https://evil.example/x"},
        {"server_url": "https://github.com\n"},
        {"repository": None},
        {"repository": "octo-org/.."},
        {"repository": "octo-org/shop/../x"},
        {"repository": "octo-org/shop)"},
    ],
    ids=str,
)
def test_nothing_is_linked_in_a_place_that_is_none(fields: dict[str, str]) -> None:
    report = reports.report(change=reports.change(**fields))
    assert links.lines(report, reports.win()) is None
    assert links.run(report) is None


@pytest.mark.parametrize("fields", [{"head": None}, {"head": "main"}, {"uncommitted": True}], ids=str)
def test_lines_are_only_linked_where_the_head_commit_holds_them(fields: dict[str, object]) -> None:
    report = reports.report(change=reports.change(**fields))
    assert links.lines(report, reports.win()) is None
    assert links.run(report) is not None


def test_a_run_that_is_not_known_is_not_linked() -> None:
    assert links.run(reports.report(change=reports.change(run=None))) is None


@pytest.mark.parametrize("server", ["https://git.example.org:8443", "http://127.0.0.1:8080"])
def test_an_enterprise_server(server: str) -> None:
    report = reports.report(change=reports.change(server_url=server))
    assert links.run(report) == f"{server}/octo-org/shop/actions/runs/31"
