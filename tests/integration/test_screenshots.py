"""What people see, as pictures that somebody looks at: comment, page and terminal, narrow and wide.

``python -m pytest -q -m slow tests/integration/test_screenshots.py`` leaves them in ``build/screenshots``.
Each picture has the same thing at three widths, and nothing in it may stick out.
"""

import io
import json
import os
import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from rich.console import Console

from hitrate.report import html, markdown, terminal
from hitrate.report.model import Report
from hitrate.vocabulary import Verdict
from tests.integration.browser import BROWSER, loaded, shot, without_policy
from tests.unit import reports

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="needs Chromium"),
]
PICTURES = Path(os.environ.get("HITRATE_SCREENSHOTS") or Path(__file__).parents[2] / "build" / "screenshots")
WIDTHS = (380, 768, 1000)
GAP = 16
STYLE = (Path(__file__).parents[1] / "data" / "github" / "comment.css").read_text("utf-8")

COMMENTS: Mapping[str, Callable[[], str]] = {
    "worth-caching": lambda: markdown.comment(reports.one_win()),
    "several": lambda: markdown.comment(reports.mixed()),
    "wrong": lambda: markdown.comment(reports.report([reports.wrong()], gate=reports.failing())),
    "resize": lambda: markdown.comment(reports.report([reports.existing(Verdict.RESIZE)])),
    "doubted": lambda: markdown.comment(reports.report([reports.doubted()])),
    "tests-fail": lambda: markdown.comment(reports.broken_suite()),
    "resolved": lambda: markdown.resolved(reports.nothing()),
    "not-measured": lambda: markdown.failed("install: pip could not build `lxml`; add a setup", reports.HEAD),
    "held-back": lambda: markdown.held("the pull request has the label `hitrate:skip`", reports.HEAD),
    "fifty": lambda: markdown.comment(reports.many(50)),
    "several-unfolded": lambda: markdown.comment(reports.mixed()).replace("<details>", "<details open>"),
}
PAGES: Mapping[str, Callable[[], Report]] = {
    "5-functions": lambda: reports.report(
        [
            reports.wrong(),
            reports.win(),
            reports.existing(Verdict.DROP),
            reports.tempting(),
            reports.not_worth_it(),
        ],
        trial=reports.trial(),
        gate=reports.failing(),
    ),
    "300-functions": lambda: reports.many(300),
}
TERMINALS = ("one-win", "mixed", "nothing", "broken-suite", "at-home")

MEASURE = """
const wide = frame => {
  const page = frame.contentDocument.documentElement;
  const scrolled = element => {
    for (let each = element; each; each = each.parentElement)
      if (getComputedStyle(each).overflowX !== "visible") return true;
    return false;
  };
  const parts = [...page.querySelectorAll("body *")].filter(element =>
    element.getBoundingClientRect().right > page.clientWidth + 1 && !scrolled(element));
  return parts.map(element => `${frame.width}: ${element.tagName} ${element.textContent.slice(0, 40)}`);
};
addEventListener("load", () => {
  const frames = [...document.querySelectorAll("iframe")];
  for (const frame of frames) frame.height = frame.contentDocument.documentElement.scrollHeight;
  const root = document.documentElement;
  root.setAttribute("data-wide", JSON.stringify(frames.flatMap(wide)));
  root.setAttribute("data-tall", Math.max(...frames.map(frame => Number(frame.height))));
});
"""


def as_github_shows(text: str) -> str:
    """A comment as a page that looks much like GitHub's."""
    body = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    head = f"<!doctype html><meta charset=utf-8><title>comment</title><style>{STYLE}</style>"
    return f"{head}<article class=markdown-body>{body}</article>"


def sheet(page: str, widths: tuple[int, ...]) -> str:
    """The page at several widths, each in a frame that has the width of its screen."""
    frames = "".join(
        f'<iframe width={width} height=100 srcdoc="{escape(page)}"></iframe>' for width in widths
    )
    style = (
        f"body {{ margin: {GAP}px; display: flex; gap: {GAP}px; align-items: start; background: #888 }}"
        "iframe { border: 0; flex: none }"
    )
    return f"<!doctype html><meta charset=utf-8><style>{style}</style>{frames}<script>{MEASURE}</script>"


def taken(page: str, name: str, folder: Path, *, dark: bool, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """Take the picture; what sticks out in it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    framed = sheet(without_policy(page), widths)
    measured = loaded(framed, folder, sum(widths) + GAP * (len(widths) + 1))
    height, wide = re.search(r'data-tall="(\d+)"', measured), re.search(r'data-wide="([^"]*)"', measured)
    assert height is not None
    assert wide is not None
    size = (sum(widths) + GAP * (len(widths) + 1), min(int(height[1]) + 2 * GAP, 16_000))
    shot(framed, PICTURES / f"{name}.png", folder, size, dark=dark)
    found: list[str] = json.loads(wide[1].replace("&quot;", '"').replace("&amp;", "&"))
    return found


SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@SCHEMES
@pytest.mark.parametrize("state", COMMENTS)
def test_the_comment(state: str, scheme: str, tmp_path: Path) -> None:
    page = as_github_shows(COMMENTS[state]())
    assert taken(page, f"comment-{state}-{scheme}", tmp_path, dark=scheme == "dark") == []


@SCHEMES
@pytest.mark.parametrize("state", PAGES)
def test_the_page(state: str, scheme: str, tmp_path: Path) -> None:
    page = html.page(PAGES[state]())
    assert taken(page, f"page-{state}-{scheme}", tmp_path, dark=scheme == "dark") == []


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("state", TERMINALS)
def test_the_terminal(state: str, columns: int, tmp_path: Path) -> None:
    console = Console(width=columns, record=True, file=io.StringIO(), force_terminal=True)
    terminal.render(reports.STATES[state](), console, Path("/home/ada/shop"))
    text = console.export_text(clear=False)
    assert max(map(len, text.splitlines())) <= columns
    page = console.export_html(inline_styles=True).replace("<pre ", '<pre class="terminal" ')
    PICTURES.mkdir(parents=True, exist_ok=True)
    size = (columns * 10 + 40, 18 * (text.count("\n") + 3) + 20)
    shot(page, PICTURES / f"terminal-{state}-{columns}.png", tmp_path, size)
