"""Takes the pictures of README and tutorial, in docs/pictures: the demo's comment, page and terminal.

    python .ci/pictures.py            the README's comment; page and terminal of one run of the demo
    python .ci/pictures.py REPORT     page and terminal of a report.json that the demo has left

Needs Chromium. `.ci/comment.py`, which writes the README's comment, takes them of the same run.
"""

import io
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.integration.browser import loaded, shot, without_policy  # noqa: E402
from tests.integration.test_screenshots import as_github_shows  # noqa: E402

from hitrate.report import html, terminal  # noqa: E402
from hitrate.report.model import Report  # noqa: E402
from hitrate.report.schema import read  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
COMMENT = re.compile(r"<!-- comment -->\n(.*?)\n<!-- /comment -->", re.DOTALL)
WIDTH = 880
"""Pixels across, about as many as a README has on GitHub."""

PAGE = (1100, 760)
"""Pixels of the page that are shown; more of it is read better in a browser."""

COLUMNS = 100
_TALL = "<script>document.documentElement.dataset.tall = Math.ceil(document.body.offsetHeight)</script>"
_BAR = """
<style>
  body { padding: 16px 16px 16px 72px; position: relative }
  .bot { position: absolute; left: 16px; top: 16px; width: 40px; height: 40px; border-radius: 50%;
    background: #6e7781; color: #fff; font: 600 20px/40px sans-serif; text-align: center }
  .bar { font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
    color: var(--quiet); background: var(--stripe); border: 1px solid var(--line); border-bottom: 0;
    border-radius: 6px 6px 0 0; padding: 8px 16px }
  .bar b { color: var(--ink) }
  .bar i { font: 12px/1.5 sans-serif; border: 1px solid var(--line); border-radius: 2em; padding: 0 7px }
  .markdown-body { border-radius: 0 0 6px 6px }
</style>
<div class=bot>g</div><div class=bar><b>github-actions</b> <i>bot</i> commented</div>
"""


def taken(
    page: str,
    name: str,
    schemes: tuple[str, ...] = ("light", "dark"),
    width: int = WIDTH,
    at_most: int = 4000,
) -> None:
    """A picture of a page, from its top, in each colour scheme."""
    with TemporaryDirectory() as folder:
        whole = without_policy(page)
        (tall,) = re.findall(r'data-tall="(\d+)"', loaded(f"{whole}{_TALL}", Path(folder), width))
        size = (width, min(int(tall), at_most))
        for scheme in schemes:
            picture = PICTURES / f"{name}-{scheme}.png"
            shot(whole, picture, Path(folder), size, dark=scheme == "dark", scale=2)


def comment(text: str) -> None:
    """The comment, as GitHub shows it below the name of who posted it."""
    taken(as_github_shows(text).replace("<article", f"{_BAR}<article"), "comment")


def page(report: Report) -> None:
    """The HTML report."""
    taken(html.page(report), "page", width=PAGE[0], at_most=PAGE[1])


def screen(report: Report) -> None:
    """What the command line prints, down to the end of its table."""
    console = Console(width=COLUMNS, record=True, file=io.StringIO(), force_terminal=True)
    console.print("[bold]$ hitrate run --base main[/bold]")
    with console.capture() as printed:
        terminal.render(report, console)
    shown = printed.get().split("\n\n")[:2]
    console.print(Text.from_ansi("\n\n".join(shown)))
    style = "<style>body { margin: 0; padding: 16px } pre { margin: 0; font-size: 13px !important }</style>"
    exported = console.export_html(inline_styles=True, theme=MONOKAI)
    taken(exported.replace("</head>", f"{style}</head>"), "terminal", ("dark",))


def of_anybody(report: Report) -> Report:
    """The report without the folder in which the interpreter lies here."""
    command = re.sub(r"^\S*/python\S*", "python", report.suite.command)
    return report.model_copy(update={"suite": report.suite.model_copy(update={"command": command})})


def take(document: Path) -> None:
    """All pictures, page and terminal of this report of the demo."""
    PICTURES.mkdir(exist_ok=True)
    (text,) = COMMENT.findall((ROOT / "README.md").read_text("utf-8"))
    comment(text)
    report = of_anybody(read(document.read_text("utf-8"), document.name))
    page(report)
    screen(report)


def main() -> None:
    """Take all pictures."""
    if len(sys.argv) > 1:
        return take(Path(sys.argv[1]))
    with TemporaryDirectory() as folder:
        document = Path(folder, "report.json")
        command = [sys.executable, "-m", "hitrate", "demo", "--json", str(document)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return take(document)


if __name__ == "__main__":
    main()
