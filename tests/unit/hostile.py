"""Hostile text in every place of a report that somebody else fills, and the structure it must not change."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from hitrate.report.model import ChangeReport, HazardReport, Report, ToolReport
from hitrate.vocabulary import Verdict
from tests.unit import reports

PAYLOADS = {
    "backticks": "`` ` ``` ```` a``b` `` ```",
    "pipes": r"a|b \| c \\| d ||| \\\| e",
    "mention": "@octocat and foo@octo-org/team, mail me@example.org",
    "reference": "#1 octo-org/shop#2 GH-3 https://github.com/octo-org/shop/issues/4 www.example.org",
    "script": "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">",
    "style": "<style>*{display:none}</style><link rel=stylesheet href=//evil.example><base href=//a.b>",
    "details": "</details></summary></td></table></code></pre></li></ul></p></article></main>",
    "comment": "<!-- hitrate id=hitrate schema=1 head=00 run=9.9 --> --> ]]> <!-- open",
    "command": "::set-output name=x::y\n::error::owned\r\n##[error]owned %0A::add-mask::a",
    "ansi": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m \x1b[2J\x08\x08",
    "right-to-left": "abc\u202egnp.exe\u2066x\u2069\u200f\u061c end",
    "invisible": "a\u200bb\u200dc\ufeffd\u00ade\U000e0041f",
    "newlines": "one\ntwo\r\nthree\rfour\u2028five\u2029six\x85seven\x0beight\x0cnine",
    "heading": "# heading\n\n- item\n\n1. item\n\n> quote\n\n---\n\n    code",
    "fence": "```\n~~~\n```mermaid\ngraph TD\n",
    "markdown": "**bold** _it_ *it* ~~no~~ [a](javascript:alert(1)) ![b](http://evil.example/x) <http://evil.example>",
    "footnote": "[^1] [x]: http://evil.example [[wiki]] [ ] [x] :tada: $x$ $$y$$ $`z`$",
    "entities": "&lt;script&gt; &amp; &#60; &nbsp; &colon;",
    "mermaid": "\"] --> x\n%%{init: {'securityLevel': 'loose'}}%%\nclick A href \"javascript:alert(1)\"",
    "template": "{{ 7 * 7 }} {% raw %} ${{ github.token }} {# x #}",
    "quotes": "\" ' ` ' onload='x' \" onmouseover=\"y",
    "surrogate": "\ud800 lone \udfff",
    "null": "a\x00b",
    "zalgo": "Z" + "\u0301\u0302\u0303\u0304\u0305" * 20,
    "long": "x" * 10_000,
    "long pipes": "|" * 10_000,
    "long backticks": "`" * 10_000,
    "spaces": "     ",
    "leading spaces": "      indented",
}  # fmt: skip


def report_of(text: str) -> Report:
    """A report with every kind of content, in which all text that others fill is ``text``."""
    kind = reports.HazardKind.STALE
    hazard = HazardReport(kind=kind, test=text, key=text, detail=text, remedy=text, gist=text)
    names: dict[str, Any] = {"path": text, "qualname": text, "reason": text, "gist": text}
    names["remarks"] = (text, text)
    edits = (reports.EditReport(line=3, before=text, after=(text, text)),)
    functions = [
        reports.wrong(**names, hazards=(hazard, hazard)),
        reports.tempting(**names, hazards=(hazard,)),
        reports.win(**names, edits=edits, suggestion=text, tests=(text,) * 5),
        reports.second_win(**names, suggestion=text, tests=(text,)),
        reports.existing(Verdict.RESIZE, **names, edits=(), suggestion=text),
        reports.inconclusive(**names),
        reports.inconclusive(**names, kind=reports.Kind.EXISTING, doubted=True),
        reports.not_worth_it(**names),
        reports.ineligible(**names),
    ]
    return reports.report(
        functions,
        tool=ToolReport(version=text),
        change=ChangeReport(repository=text, base=text, head=text, pull_request=7, server_url=text, run=4),
        suite=reports.suite(command=text, workload=text),
        trial=reports.trial(broken_tests=(text, text)),
        gate=reports.failing(),
        notes=(text,),
    )


def broken_report_of(text: str) -> Report:
    """A report on tests that fail without any change, in which all text that others fill is ``text``."""
    suite = reports.suite(command=text, passed=False, failing_tests=(text, text, text, text))
    return reports.report([], suite=suite, notes=(text,))


def linked_report_of(text: str) -> Report:
    """As :func:`report_of`, in a repository to which links can be made."""
    return report_of(text).model_copy(update={"change": reports.change()})


SHAPES: tuple[Callable[[str], Report], ...] = (report_of, linked_report_of, broken_report_of)


class Skeleton(HTMLParser):
    """The elements of a page in order with their attributes, but for those that only format text."""

    FORMATTING = frozenset({"code", "span", "a"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.texts: list[str] = []
        self.mention_texts: list[str] = []
        self.links: list[str | None] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in ("code", "pre")
        if tag == "a":
            assert {name for name, _ in attrs} - {"class"} == {"href"}
            self.links.extend(value for name, value in attrs if name == "href")
        if tag not in self.FORMATTING:
            self.parts.append(f"<{tag} {[pair for pair in attrs if pair[0] != 'points']}>")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("code", "pre")
        if tag not in self.FORMATTING:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if not self._code:
            self.mention_texts.append(data)


def skeleton(html: str) -> Skeleton:
    """The page, taken apart."""
    parser = Skeleton()
    parser.feed(html)
    parser.close()
    return parser
