"""The kept rows as Markdown: ``docs/benchmarks.md``."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from case import Case, Direction, Expected, Kind
from row import AnalysisRow, ObservedRow, PullRequestRow, analysis_path, observed_path
from ruamel.yaml import YAML

from hitrate.trials.stats import student_quantile
from hitrate.vocabulary import Effort

EXPLANATIONS = Path(__file__).with_name("explanations.yml")
WANTED = {Kind.ADDED: {"keep", "resize"}, Kind.REMOVED: {"drop", "unsafe"}}
"""What an audit of a cache should come to that maintainers added, or took out."""
HEAD = """# Agreement with what maintainers did

Functions of real projects at real commits, for which it is known whether maintainers cached them and what a cache does
to their tests. Everything on this page is printed by one command, which measures what its work folder does not hold yet:

```sh
python benchmarks/corpus/run.py CASES --clones DIR --work DIR
```

`CASES` is the list of cases (JSON), `--clones` has a git repository of each project as `OWNER+NAME/repo`, and `--work`
keeps trees, environments and rows. Plain runs and costs are CPU time, on a virtual machine with two cores.
"""

COMPARABLE_SECONDS = 0.01
COMPARABLE_HITS = 0.01
"""A predicted saving is compared with one that a timer has found if that is at least so many seconds, and if the hits of
both differ by no more than this share."""
COMMENTS_HEAD = """# Comments on real pull requests

What the action posts on commits in which maintainers added a cache or took one out: each is run as a pull request of that
one commit, in the action's container, against the stand-in for GitHub's API. Printed, comments and all, by one command:

```sh
python benchmarks/corpus/pull_requests.py CASES --clones DIR --work DIR
```

All comments are there to be read, by `comment: always`; *by default* says whether it would be made under `comment: auto`,
too. With `--render`, the comments of the kept reports are written again in the words of today, and nothing is run.

The gate is the default one (`fail-on: unsafe`), with the exit code. The cost is the CPU time of the whole analysis divided
by that of one plain run of the tests; the time is that of the whole step with the project's installation, on a machine
that was busy with other work. *not looked at*: what carried the cache is no function that was changed.

| case | commit | maintainers | verdict | by default | gate | cost | time | checkout |
|---|---|---|---|---|---|---:|---:|---|"""


@dataclass(frozen=True)
class Kept:
    """Everything that a work folder holds of some cases.

    Attributes:
        cases: In the order in which they are shown.
        analyses: Rows by case, direction and effort.
        observed: Rows by case.
        explanations: Sentences by case: why it differs from what is known.
    """

    cases: Sequence[Case]
    analyses: Mapping[tuple[str, Direction, Effort], AnalysisRow] = field(default_factory=dict)
    observed: Mapping[str, ObservedRow] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)

    def of(self, direction: Direction, effort: Effort) -> list[tuple[Case, AnalysisRow]]:
        """The rows of one direction and effort."""
        found = ((case, self.analyses.get((case.id, direction, effort))) for case in self.cases)
        return [(case, row) for case, row in found if row is not None]


def kept(cases: Sequence[Case], work: Path) -> Kept:
    """Read what a work folder holds."""
    analyses, observed = {}, {}
    for case in cases:
        for direction in Direction:
            for effort in Effort:
                path = analysis_path(work, case.id, direction, effort)
                if path.exists():
                    row = AnalysisRow.model_validate_json(path.read_text("utf-8"))
                    analyses[case.id, direction, effort] = row
        path = observed_path(work, case.id)
        if path.exists():
            observed[case.id] = ObservedRow.model_validate_json(path.read_text("utf-8"))
    return Kept(cases, analyses, observed, YAML(typ="safe").load(EXPLANATIONS) or {})


def page(known: Kept) -> str:
    """The whole page."""
    parts = [HEAD]
    parts += (
        "\n".join(_verdicts(effort, rows, known))
        for effort in (Effort.STANDARD, Effort.QUICK, Effort.THOROUGH)
        if (rows := known.of(Direction.FUNCTION, effort))
    )
    rows = [*known.of(Direction.FUNCTION, Effort.STANDARD), *known.of(Direction.CHANGE, Effort.STANDARD)]
    if tried := [(case, row) for case, row in rows if row.trial and row.trial.low is not None]:
        parts.append("\n".join(_trials(tried)))
    if rows := known.of(Direction.CHANGE, Effort.STANDARD):
        parts.append("\n".join(_changes(rows, known)))
    if known.observed:
        parts.append("\n".join(_observed(known)))
    return "\n".join(parts)


def _verdicts(effort: Effort, rows: Sequence[tuple[Case, AnalysisRow]], known: Kept) -> Iterator[str]:
    good = [(case, row) for case, row in rows if row.error is None]
    decided = [(case, row) for case, row in good if case.expected is not Expected.EITHER]
    agree = sum(case.expected == row.said for case, row in decided)
    wrong = sum(case.must_not and row.said == "recommend" for case, row in good)
    single = [(case, row) for case, row in good if case.processes == 1 and row.hits is not None]
    exact = sum((case.hits, case.misses) == (row.hits, row.misses) for case, row in single)
    costs = [row.suite_equivalents for _, row in good]
    yield f"## `{effort}`: the function is named\n"
    yield (
        f"{len(rows)} cases, {len(rows) - len(good)} of them not analysed. {agree} of {len(decided)} decided ones "
        f"agree, {wrong} unsafe recommendations, {sum(not row.tree_unchanged for _, row in good)} trees left "
        f"changed. Hits and misses are the known ones in {exact} of {len(single)} cases of one process. Cost: "
        f"median {statistics.median(costs):.2f}, worst {max(costs):.2f} suite-equivalents.\n"
    )
    yield "| case | expected | verdict | hazards | hits (known) | misses (known) | plain run | cost | wall |"
    yield "|---|---|---|---|---:|---:|---:|---:|---:|"
    for case, row in rows:
        yield _verdict(case, row)
    yield ""
    yield from _explained([(case, row) for case, row in rows if _differs(case, row)], known)


def _verdict(case: Case, row: AnalysisRow) -> str:
    if row.error is not None:
        return f"| {case.id} | {case.expected} | not analysed: {row.error} | | | | | | |"
    mark = "" if case.expected in (Expected.EITHER, row.said) else " (differs)"
    hits, misses = (_count(found) for found in (row.hits, row.misses))
    return (
        f"| {case.id} | {case.expected} | {row.verdict}{mark} | {', '.join(row.hazards)} | {hits} ({case.hits:,}) | "
        f"{misses} ({case.misses:,}) | {row.plain_seconds:.1f} s | {row.suite_equivalents:.2f} | "
        f"{row.wall_seconds:.0f} s |"
    )


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _differs(case: Case, row: AnalysisRow) -> bool:
    """Whether a row is not as the case has it, in verdict or counts."""
    if row.error is not None:
        return True
    counted = row.hits is None or (row.hits, row.misses) == (case.hits, case.misses)
    return case.expected not in (Expected.EITHER, row.said) or not counted


def _explained(rows: Sequence[tuple[Case, AnalysisRow]], known: Kept) -> Iterator[str]:
    for case, _ in rows:
        yield f"- **{case.id}**: {known.explanations.get(case.id, 'not explained yet.')}"
    if rows:
        yield ""


def _changes(rows: Sequence[tuple[Case, AnalysisRow]], known: Kept) -> Iterator[str]:
    good = [(case, row) for case, row in rows if row.error is None]
    agree = sum(row.verdict in WANTED[case.kind] for case, row in good)
    yield "## `standard`: caches that maintainers added or took out\n"
    yield (
        "Where a cache was added, the real commit is compared with the one before it; where it was taken out, the "
        "function is audited as it was before. `keep` or `resize` is expected of the first, `drop` or `unsafe` of "
        f"the others. {len(rows)} cases, {len(rows) - len(good)} of them not analysed, {agree} of {len(good)} as "
        f"expected, {sum(not row.tree_unchanged for _, row in good)} trees left changed.\n"
    )
    yield "| case | maintainers | verdict | reason |"
    yield "|---|---|---|---|"
    for case, row in rows:
        mark = "" if row.verdict in WANTED[case.kind] else " (differs)"
        told = f"not analysed: {row.error} |" if row.error else f"{row.verdict}{mark} | {_cell(row.reason)}"
        yield f"| {case.id} | {case.kind} | {told} |"
    yield ""
    differing = [(case, row) for case, row in good if row.verdict not in WANTED[case.kind]]
    for case, _ in differing:
        yield f"- **{case.id}**: {known.explanations.get(f'{case.id} (change)', 'not explained yet.')}"
    if differing:
        yield ""


def _trials(rows: Sequence[tuple[Case, AnalysisRow]]) -> Iterator[str]:
    yield "## Trials: what the trace promised, and what real caches gave\n"
    yield (
        "Tests that call the function, without and with a real `lru_cache` in pairs of runs. The promised speedup is "
        "that of the trace's saving in the mean run without.\n"
    )
    yield "| case | tests | run without | promised saving | promised | measured (95 % interval) | pairs |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for case, row in rows:
        trial = row.trial
        if trial is None or trial.seconds_without is None:
            continue
        saving = trial.predicted_saving_seconds or 0.0
        promised = trial.seconds_without / max(1e-9, trial.seconds_without - saving)
        told = "" if row.direction is Direction.FUNCTION else " (real change)"
        tests = "all" if trial.tests_selected is None else f"{trial.tests_selected:,}"
        yield (
            f"| {case.id}{told} | {tests} | {trial.seconds_without:.2f} s | {saving * 1e3:.0f} ms | {promised:.3f}× | "
            f"{trial.speedup:.3f}× ({trial.low:.3f}–{trial.high:.3f}) | {trial.pairs} |"
        )
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _observed(known: Kept) -> Iterator[str]:
    rows = [(case, known.observed[case.id]) for case in known.cases if case.id in known.observed]
    good = [(case, row) for case, row in rows if row.error is None]
    slowdowns = [row.slowdown for _, row in good]
    yield "## The observed run, and what the trace predicts\n"
    yield (
        "Plain, observed and cached runs in turn. The slow-down is the CPU time of the observed run over that of the "
        f"plain one: median {statistics.median(slowdowns):.3f}, worst {max(slowdowns):.3f}. The oracle's part, by its "
        f"own account: median {statistics.median(row.oracle_share for _, row in good):.1%}, worst "
        f"{max(row.oracle_share for _, row in good):.1%} of the plain run. A saving counts as measurable where its "
        "95 % interval (Student's t) leaves zero out; one in twenty does by chance. Since whole runs scatter by more "
        "than these caches save, a timer around the function alone sums the calls that a cache would answer "
        "(`stopwatch.py`; its own time and a cache's lookups are taken off).\n"
    )
    yield "| case | slow-down | oracle | predicted saving | by a timer | predicted ÷ timer | measured saving (± standard error) |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for case, row in rows:
        if row.error is not None:
            yield f"| {case.id} | {row.error} | | | | | |"
            continue
        predicted = "–" if row.predicted_seconds is None else f"{row.predicted_seconds * 1e3:.1f} ms"
        shown = f"{row.slowdown:.3f} | {row.oracle_share:.1%} | {predicted} | {_timed(row)} | {_saved(row)}"
        yield f"| {case.id} | {shown} |"
    yield ""


def _timed(row: ObservedRow) -> str:
    """Saving by the timer, and the predicted one over it where there is something to compare."""
    if not row.timed_seconds:
        return "– | –"
    seconds = statistics.median(row.timed_seconds)
    same = row.hits is not None and abs(row.hits - row.timed_hits) <= COMPARABLE_HITS * row.hits
    comparable = seconds >= COMPARABLE_SECONDS and same
    ratio = f"{(row.predicted_seconds or 0.0) / seconds:.2f}" if comparable else "–"
    return f"{seconds * 1e3:.1f} ms | {ratio}"


def _saved(row: ObservedRow) -> str:
    if not row.cached_passed:
        return "tests fail"
    mean = statistics.fmean(row.saved_seconds)
    if len(row.saved_seconds) < 2:
        return f"{mean * 1e3:.1f} ms"
    error = statistics.stdev(row.saved_seconds) / len(row.saved_seconds) ** 0.5
    wide = student_quantile(0.975, len(row.saved_seconds) - 1) * error
    measurable = " (measurable)" if abs(mean) > wide else ""
    return f"{mean * 1e3:.1f} ± {error * 1e3:.1f} ms{measurable}"


def comments_page(rows: Sequence[tuple[Case, PullRequestRow]]) -> str:
    """The list of the comments that the action posted: ``docs/comments/README.md``."""
    return "\n".join((COMMENTS_HEAD, *(_answer(case, row) for case, row in rows), ""))


def _answer(case: Case, row: PullRequestRow) -> str:
    commit = f"[{case.fix_commit[:10]}](https://github.com/{case.repo}/commit/{case.fix_commit})"
    name = f"[{case.id}]({case.id}.md)" if row.error is None else case.id
    start = f"| {name} | {case.repo} {commit} | {case.kind} `{case.qualname}` "
    if row.error is not None:
        return f"{start}| no answer: {_cell(row.error)} | | | | | |"
    cost = "–" if row.suite_equivalents is None else f"{row.suite_equivalents:.2f}"
    checkout = "unchanged" if row.workspace_unchanged else "CHANGED"
    told = "comment" if row.news else "silence"
    start = f"{start}| {row.verdict} | {told} "
    return f"{start}| {row.gate} ({row.exit_code}) | {cost} | {row.wall_seconds:.0f} s | {checkout} |"
