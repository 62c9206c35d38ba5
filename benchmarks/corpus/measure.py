"""Measures one case: ``hitrate run`` as a user calls it, and plain, observed and cached runs in turn."""

import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from case import Case, Direction
from row import AnalysisRow, ObservedRow
from workbench import Place, WorkbenchError, prepared

from hitrate.analysis.screener import BatchScreener
from hitrate.change.discovery import named_functions
from hitrate.hazards.oversight import read_oversights
from hitrate.patching.edits import Edit
from hitrate.patching.patcher import SourcePatcher, cached
from hitrate.progress.progress import Silent
from hitrate.report.model import FunctionReport
from hitrate.report.schema import read
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.pycache import seed
from hitrate.testrun.run import Outcome, Suite
from hitrate.trace.deployment import ProbePart
from hitrate.vocabulary import Effort

PLAIN_RUNS = 2


@dataclass(frozen=True)
class Bench:
    """Where git repositories lie (``OWNER+NAME/repo``), and a folder for everything that is made."""

    clones: Path
    work: Path

    def analysis(self, case: Case, direction: Direction, effort: Effort) -> AnalysisRow:
        """One analysis; a case that cannot be analysed gives a row with the error."""
        row = AnalysisRow(case=case.id, direction=direction, effort=effort)
        try:
            return self._analysed(case, row, prepared(case, direction, self.clones, self.work))
        except WorkbenchError as error:
            return row.model_copy(update={"error": " ".join(str(error).split())})

    def observed(self, case: Case, rounds: int) -> ObservedRow:
        """Runs in turn; a case that cannot be run gives a row with the error."""
        try:
            return _in_turn(case, prepared(case, Direction.FUNCTION, self.clones, self.work), rounds)
        except WorkbenchError as error:
            return ObservedRow(case=case.id, error=" ".join(str(error).split()))

    def _analysed(self, case: Case, row: AnalysisRow, place: Place) -> AnalysisRow:
        plain = [place.shell(case.test) for _ in range(PLAIN_RUNS)]
        if plain[-1].exit_code:
            raise WorkbenchError(f"the tests fail by themselves: {plain[-1].output[-200:]}")
        before = place.fingerprint()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "report.json"
            options = ("--effort", row.effort, "--fail-on", "never", "--json", str(file))
            chosen = (*case.selection(row.direction), "--test-command", case.test)
            done = place.run([str(Path(sys.executable).parent / "hitrate"), "run", *options, *chosen])
            if not file.exists():
                raise WorkbenchError(f"no report, exit code {done.exit_code}: {done.output[-200:]}")
            report = read(file.read_bytes(), str(file))
        function = _of(report.functions, case)
        processes = report.suite.processes
        return row.model_copy(
            update={
                "verdict": function.verdict.value,
                "reason": function.reason,
                "hazards": tuple(sorted({hazard.kind.value for hazard in function.hazards})),
                "hits": function.hits,
                "misses": function.misses,
                "plain_seconds": statistics.median(run.cpu_seconds for run in plain[1:]),
                "cpu_seconds": done.cpu_seconds,
                "wall_seconds": done.wall_seconds,
                "tree_unchanged": place.fingerprint() == before,
                "expected_processes": processes.expected if processes else None,
                "received_processes": processes.received if processes else None,
                "trial": report.trial,
            }
        )


def _of(functions: tuple[FunctionReport, ...], case: Case) -> FunctionReport:
    for function in functions:
        if function.id == case.function:
            return function
    raise WorkbenchError("the function is not in the report")


def _in_turn(case: Case, place: Place, rounds: int) -> ObservedRow:
    suite = Suite(case.test, place.tree, place.environment)
    (function,) = named_functions(place.tree, [case.function]).functions
    if function.ineligible is not None:
        return ObservedRow(case=case.id, error=f"ineligible: {function.ineligible}")
    slowdowns, shares, saved, outcomes, timed = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder, SourcePatcher(place.tree) as patcher:
        scratch = Path(folder)
        warm = scratch / "warm"
        testrun.run(suite, bytecode=warm)
        screener = BatchScreener(patcher, suite, scratch, Silent(), parts=(ProbePart.ORACLE,), warm=warm)
        seed(scratch / "cached", warm, {function.path})
        seed(scratch / "timing", warm, {function.path})
        for number in range(rounds):
            plain = testrun.run(suite, bytecode=warm).cpu_seconds
            screening = screener.screen([function], maxsize=case.maxsize_used, run_name=f"observed{number}")
            slowdowns.append(screening.run.cpu_seconds / plain)
            if screener.observation is not None:
                (oversight,) = read_oversights(screener.observation.records, 1)
                shares.append(oversight.seconds / plain)
            patcher.apply([cached(function.path, function.qualname, function.line, case.maxsize_used)])
            run = testrun.run(suite, bytecode=scratch / "cached")
            patcher.apply(())
            saved.append(plain - run.cpu_seconds)
            outcomes.append(run.outcome)
            timed.append(_by_stopwatch(patcher, suite, case, function, scratch))
    (evidence,) = screening.evidence
    return ObservedRow(
        case=case.id,
        slowdown=statistics.median(slowdowns),
        oracle_share=statistics.median(shares) if shares else 0.0,
        predicted_seconds=evidence.saved_seconds,
        saved_seconds=tuple(saved),
        cached_passed=all(outcome is Outcome.PASSED for outcome in outcomes),
        timed_seconds=tuple(seconds for _, seconds in timed),
        timed_hits=timed[-1][0],
        hits=evidence.hits,
    )


def _by_stopwatch(
    patcher: SourcePatcher, suite: Suite, case: Case, function: Function, scratch: Path
) -> tuple[int, float]:
    """Hits, and the seconds that a cache saves, by a timer around the function; summed over processes."""
    file = scratch / "timed"
    file.unlink(missing_ok=True)
    place = repr(str(Path(__file__).parent))
    preamble = (
        f"import sys; sys.path.append({place}); import stopwatch as _stopwatch; sys.path.remove({place})"
    )
    decorator = f"_stopwatch.timed({case.maxsize_used}, {str(file)!r})"
    patcher.apply([Edit(function.path, function.qualname, function.line, decorator, preamble)])
    try:
        testrun.run(suite, bytecode=scratch / "timing")
    finally:
        patcher.apply(())
    lines = file.read_text("utf-8").split("\n")[:-1] if file.exists() else []
    return sum(int(line.split()[0]) for line in lines), sum(float(line.split()[1]) for line in lines)
