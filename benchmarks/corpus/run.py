"""Hitrate on functions of real projects with a known answer.

python benchmarks/corpus/run.py CASES --clones DIR --work DIR [--case ID …] [--again] [--only PART …]

Measures what the work folder does not hold yet, or everything --again, and writes docs/benchmarks.md from all
that it holds. Parts: ``standard``, ``quick``, ``thorough`` (the function is named), ``change`` (caches that
maintainers added or took out), ``observed`` (plain, observed and cached runs in turn).
Needs uv and the interpreters of the cases on PATH.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from case import Case, Direction, corpus_parser, read_cases
from measure import Bench
from row import Row, analysis_path, observed_path, write
from table import kept, page

from hitrate.vocabulary import Effort

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


class Part(StrEnum):
    """What can be measured."""

    STANDARD = "standard"
    QUICK = "quick"
    THOROUGH = "thorough"
    CHANGE = "change"
    OBSERVED = "observed"


DEFAULT = (Part.STANDARD, Part.QUICK, Part.CHANGE, Part.OBSERVED)


def main() -> None:
    parser = corpus_parser(__doc__)
    parser.add_argument("--only", action="append", type=Part, default=[])
    parser.add_argument("--rounds", type=int, default=5, help="of the runs in turn")
    options = parser.parse_args()
    bench = Bench(options.clones.resolve(), options.work.resolve())
    chosen = read_cases(options.cases, options.case)
    for part in options.only or DEFAULT:
        for case in chosen:
            path, measure = task(bench, part, case, options.rounds)
            if case.commit(direction(part)) is None or (path.exists() and not options.again):
                continue
            row = measure()
            write(path, row)
            print(f"{part:9} {case.id:36} {row.model_dump_json(exclude={'case', 'effort'})}", flush=True)
    PAGE.write_text(page(kept(read_cases(options.cases, []), bench.work)), "utf-8")


def direction(part: Part) -> Direction:
    """From which side a part looks at a case."""
    return Direction.CHANGE if part is Part.CHANGE else Direction.FUNCTION


def task(bench: Bench, part: Part, case: Case, rounds: int) -> tuple[Path, Callable[[], Row]]:
    """Where the row of a part lies, and what measures it."""
    if part is Part.OBSERVED:
        return observed_path(bench.work, case.id), lambda: bench.observed(case, rounds)
    side = direction(part)
    effort = Effort.STANDARD if part is Part.CHANGE else Effort(part)
    return (
        analysis_path(bench.work, case.id, side, effort),
        lambda: bench.analysis(case, side, effort),
    )


if __name__ == "__main__":
    main()
