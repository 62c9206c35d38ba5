"""BatchScreener: one observed run over all functions, and what its trace says about each of them."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hitrate.evidence import Evidence, Screening, Together
from hitrate.patching.patcher import Edit, SourcePatcher
from hitrate.progress.progress import Progress
from hitrate.replay.prediction import Appraisal, ObservedFunction
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.testrun.compiling import seconds_compiling
from hitrate.testrun.pycache import seed
from hitrate.testrun.run import Suite, TestRun
from hitrate.trace import deployment
from hitrate.trace.deployment import ProbePart
from hitrate.trace.reader import Trace, read


@dataclass(frozen=True, slots=True)
class ObservedRun:
    """One observed run.

    Attributes:
        run: How it ended.
        trace: What it recorded.
        records: Where the probe wrote it.
        added_seconds: CPU seconds that observing added to it.
        compiling_seconds: CPU seconds in which it compiled what later runs find compiled.
    """

    run: TestRun
    trace: Trace
    records: Path
    added_seconds: float = 0.0
    compiling_seconds: float = 0.0


class BatchScreener:
    """Looks at all functions at once: their calls are recorded in one run and replayed for any cache.

    Attributes:
        observation: The run of the tests, once :meth:`screen` has made it.
        work: That of the workload, if there is one.
    """

    def __init__(
        self,
        patcher: SourcePatcher,
        suite: Suite,
        scratch: Path,
        progress: Progress,
        *,
        workload: Suite | None = None,
        parts: Sequence[ProbePart] = (),
        warm: Path | None = None,
    ) -> None:
        """Nothing is run yet.

        Args:
            patcher: Patches the tree, inside its ``with`` block; nothing stays patched after a run.
            suite: The test command; it says which tests call a function.
            scratch: A private folder.
            progress: Told how many tests have ended.
            workload: What stands for production, and then supplies hits, savings and sizes; None where the
                tests do.
            parts: What of the probe is wanted besides the recorder, for the run of the tests.
            warm: Bytecode folder of a run of the plain tree, so that not everything is compiled again.
        """
        self._patcher = patcher
        self._suite = suite
        self._workload = workload
        self._scratch = scratch
        self._progress = progress
        self._parts = tuple(parts)
        self._warm = warm
        self._appraisal: Appraisal | None = None
        self._functions: tuple[Function, ...] = ()
        self.observation: ObservedRun | None = None
        self.work: ObservedRun | None = None

    def screen(
        self, functions: Sequence[Function], *, maxsize: int | None, run_name: str = "observed"
    ) -> Screening:
        """Observe one run and say what caches would do.

        Args:
            functions: Candidates and existing caches, none ineligible.
            maxsize: Size for new caches; existing ones keep their own.
            run_name: Folder of the run within ``scratch``.

        Raises:
            PatchError: A function cannot be patched; nothing was run.
        """
        subjects = [_subject(function) for function in functions]
        tests = self._observe(self._suite, subjects, run_name, self._parts)
        appraisal = Appraisal(tests.trace, subjects, maxsize, tests.run)
        evidence, notes = appraisal.evidence(), []
        tests = replace(tests, added_seconds=appraisal.added_seconds)
        if self._workload is not None:
            work = self._observe(self._workload, subjects, f"{run_name}-workload", ())
            appraisal = Appraisal(work.trace, subjects, maxsize, work.run)
            self.work = replace(work, added_seconds=appraisal.added_seconds)
            evidence = _with_workload(evidence, appraisal.evidence())
            notes = list(_workload_notes(work))
        self._appraisal, self._functions, self.observation = appraisal, tuple(functions), tests
        return Screening(evidence, tests.run, tests.trace.delivered, tuple(notes))

    def replay_together(self, selected: Collection[Function]) -> dict[Function, Together]:
        """The figures of these functions when exactly they are cached, from the run that was made.

        Raises:
            RuntimeError: :meth:`screen` was not called before.
        """
        if self._appraisal is None:
            raise RuntimeError("screen() has not been called")
        slots = [self._functions.index(function) for function in selected]
        return {self._functions[slot]: both for slot, both in self._appraisal.together(slots).items()}

    def _observe(
        self, suite: Suite, subjects: Sequence[ObservedFunction], name: str, parts: Sequence[ProbePart]
    ) -> ObservedRun:
        """Run a command with the recorder on every function."""
        folder = self._scratch / name
        probe = deployment.recording(folder, _token(name), *parts)
        edits = _edits(subjects, probe)
        if self._warm is not None:
            seed(folder / "bytecode", self._warm, {edit.path for edit in edits})
        self._patcher.apply(edits)
        started = time.time()
        try:
            run = testrun.run(suite, bytecode=folder / "bytecode", progress=self._progress)
        finally:
            self._patcher.apply(())
        places = [folder / "bytecode", *([self._warm] if self._warm else [])]
        compiling = seconds_compiling(started, places)
        return ObservedRun(run, read(probe.records), probe.records, compiling_seconds=compiling)


def observing_edits(functions: Sequence[Function], probe: deployment.Instrument) -> list[Edit]:
    """The edits that put the recorder on functions; a function's place is its slot."""
    return _edits([_subject(function) for function in functions], probe)


def _edits(subjects: Sequence[ObservedFunction], probe: deployment.Instrument) -> list[Edit]:
    return [_edit(slot, subject, probe) for slot, subject in enumerate(subjects)]


def _token(name: str) -> str:
    return "".join(character if character.isalnum() else "_" for character in name)


def _subject(function: Function) -> ObservedFunction:
    """What is asked about a function's parameters: those that it never reads, and ``self``."""
    own = ("self",) if function.is_method and "self" not in function.unread else ()
    return ObservedFunction(function, (*function.unread, *own))


def _edit(slot: int, subject: ObservedFunction, probe: deployment.Instrument) -> Edit:
    """The edit that puts the recorder on a function; a cache that it carries goes on working inside."""
    function, cache = subject.function, subject.function.cache
    arguments = [str(slot)]
    if cache is not None:
        arguments.append(f"cache=({cache.maxsize_expression or cache.maxsize}, {cache.typed})")
    if subject.without:
        arguments.append(f"without={subject.without!r}")
    decorator = f"{deployment.ALIAS}.observe({', '.join(arguments)})"
    return Edit(function.path, function.qualname, function.line, decorator, probe.preamble)


def _with_workload(tests: Sequence[Evidence], workload: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Figures from the workload, tests from the tests."""
    return tuple(
        replace(worked, tests=tested.tests, hit_rate_within_test=tested.hit_rate_within_test)
        for tested, worked in zip(tests, workload, strict=True)
    )


def _workload_notes(work: ObservedRun) -> Sequence[str]:
    if work.run.exit_code:
        return (f"The workload ended with exit code {work.run.exit_code}; its figures end there.",)
    return ()
