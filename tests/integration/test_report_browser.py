"""The comment and the page in a real browser: nothing runs, nothing moves, nothing overflows."""

import json
import re
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from hitrate.report import html, markdown
from tests.integration.browser import BROWSER, loaded
from tests.unit import hostile, reports

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="needs Chromium"),
]
MEASURE = """<script>
addEventListener("load", () => {
  const wide = [...document.querySelectorAll("h1, p, li, td, th, summary, details, dd")]
    .filter(element => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .map(element => `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`);
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) wide.push(`page ${page.scrollWidth} > ${page.clientWidth}`);
  document.documentElement.setAttribute("data-wide", JSON.stringify(wide));
});
</script>"""


def as_github_shows(text: str) -> str:
    body = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return f"<!doctype html><meta charset=utf-8><title>comment</title><article>{body}</article>"


PAYLOADS = pytest.mark.parametrize(
    "text",
    [hostile.PAYLOADS[name] for name in ("script", "style", "details", "mermaid", "right-to-left", "long")],
)


@PAYLOADS
def test_nothing_in_the_comment_runs_or_moves(text: str, tmp_path: Path) -> None:
    room = 10_000_000
    comment = markdown.comment(hostile.report_of(text), limit=room)
    # What no line of 300 printable characters can name has no fold that says how it is acknowledged.
    other = "harmless" if "hitrate:ok " in comment else " ".join(["harmless"] * 60)
    said = loaded(as_github_shows(comment), tmp_path)
    harmless = loaded(as_github_shows(markdown.comment(hostile.report_of(other), limit=room)), tmp_path)
    assert "<title>comment</title>" in said
    assert hostile.skeleton(said).parts == hostile.skeleton(harmless).parts


@PAYLOADS
def test_nothing_in_the_page_runs_or_moves(text: str, tmp_path: Path) -> None:
    said = loaded(html.page(hostile.report_of(text)), tmp_path)
    harmless = loaded(html.page(hostile.report_of("harmless")), tmp_path)
    assert re.search("<title>Hitrate – ", said)
    assert hostile.skeleton(said).parts == hostile.skeleton(harmless).parts


@pytest.mark.parametrize("width", [360, 1100])
@pytest.mark.parametrize(
    "text", [None, hostile.PAYLOADS["long"], "word " * 500], ids=["mixed", "long", "words"]
)
def test_nothing_in_the_page_overflows(text: str | None, width: int, tmp_path: Path) -> None:
    page = html.page(reports.mixed() if text is None else hostile.report_of(text))
    measured = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', MEASURE, page)
    measured = measured.replace("<details", "<details open")
    found = re.search(r'data-wide="([^"]*)"', loaded(measured, tmp_path, width))
    assert found is not None
    assert json.loads(found[1].replace("&quot;", '"')) == []
