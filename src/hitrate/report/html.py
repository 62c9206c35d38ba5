"""The report as one self-contained HTML page: no request, light and dark, no script but one that copies."""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from hitrate.report import escape
from hitrate.report.chart import chart
from hitrate.report.content import links
from hitrate.report.content.answer import answer, interval, not_measured
from hitrate.report.content.diff import diff
from hitrate.report.content.facts import evidence, gate, method, notes, reason
from hitrate.report.content.ranking import BRIEF, Rank, label, rank, ranked
from hitrate.report.content.row import advised_size, saves, why
from hitrate.report.details import reproduction
from hitrate.report.model import FunctionReport, Report
from hitrate.wording import text as text_
from hitrate.wording.figures import UNKNOWN, count, percent, seconds, times
from hitrate.wording.prose import clause

NAME_LIMIT = 200
DETAILED = 1_000
HAZARDS = 20
_BRIEF = (Rank.NOT_WORTH_IT, Rank.INELIGIBLE)
"""What is listed in a line a function; a page has room for the evidence of all others."""

_Column = tuple[str, Callable[[FunctionReport], str]]


def page(report: Report) -> str:
    """The whole page as text."""
    functions = [] if not_measured(report) else ranked(report)
    detailed = [function for function in functions if rank(function) not in _BRIEF]
    return _template().render(
        report=report,
        answer=answer(report),
        gate=list(gate(report)),
        method=[*method(report), *notes(report)],
        unknown=UNKNOWN,
        functions=functions,
        columns=_columns(report, functions),
        detailed=detailed[:DETAILED],
        undetailed=len(detailed[DETAILED:]),
        brief=[
            (BRIEF[group], [function for function in functions if rank(function) is group])
            for group in _BRIEF
        ],
        evidence=partial(evidence, report),
        line=partial(links.lines, report),
        run=links.run(report),
        explained=links.explained,
        script=Markup(_script()),  # noqa: S704 - a file of the package
        script_hash=_allowed(_script()),
        verdicts=Counter(one.verdict for one in functions).items(),
        hazards=HAZARDS,
        reproduction=partial(reproduction, report),
        rank=lambda function: rank(function).name.lower().replace("_", "-"),
    )


def _columns(report: Report, functions: Sequence[FunctionReport]) -> list[_Column]:
    """The columns of figures; one in which nothing is known is left out."""
    columns: list[_Column] = [
        ("Hit rate", lambda function: percent(function.hit_rate)),
        ("In the same test", lambda function: percent(function.hit_rate_within_test)),
        ("Calls", lambda function: count(function.calls)),
        ("Saves", partial(saves, report)),
        ("maxsize", advised_size),
    ]
    return [(title, cell) for title, cell in columns if {*map(cell, functions)} - {UNKNOWN}]


@cache
def _script() -> str:
    """The page's own script; no other is allowed to run in it."""
    return files("hitrate.report").joinpath("templates/page.js").read_text("utf-8")


def _allowed(script: str) -> str:
    """What a content security policy allows a script by."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"sha256-{digest}"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("hitrate.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "sentence": lambda text: Markup(escape.html(text)),  # noqa: S704 - escaped there
        "name": partial(text_.plain, limit=NAME_LIMIT),
        "clause": clause,
        "reason": reason,
        "why": why,
        "seconds": seconds,
        "count": count,
        "times": times,
        "interval": interval,
        "label": label,
        "chart": chart,
        "changes": _changes,
    }
    return environment.get_template("page.html.j2")


def _changes(function: FunctionReport) -> list[tuple[str, str]]:
    """The lines of the change to make, each with its kind: added, removed, where or kept."""
    kinds = {"+": "added", "-": "removed", "@": "where"}
    lines = (diff(function) or "").split("\n")
    return [(kinds.get(line[:1], "kept"), text_.plain(line.replace("\t", "    "))) for line in lines if line]
