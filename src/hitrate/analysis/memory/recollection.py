"""Memory is used: of all tests, those are run that a change may make a difference to."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from hitrate.analysis.memory.remembering import circumstances, is_configuration
from hitrate.analysis.session import Kept, Measurement, Plain, Project, Recalled
from hitrate.errors import AnalysisError
from hitrate.evidence import Evidence, duration_of
from hitrate.memory.model import Memory, Piece
from hitrate.memory.names.mentions import seeing
from hitrate.memory.pieces import OUTSIDE
from hitrate.memory.selection import Wanted, bindings_changed, choose, docstrings_changed, path_of
from hitrate.memory.sources import digests_of, imports_of, is_compiled
from hitrate.source.function import Function
from hitrate.testrun.narrowing import NEARLY_ALL, Narrowing, ways_to_run
from hitrate.testrun.run import Outcome, TestRun

Measure = Callable[[Project, Callable[[TestRun], TestRun], str], Measurement]
"""Measures a project: how a run of its tests becomes one of all tests, and a name for the attempt."""

NEARLY_EVERY = "nearly all of them reach what changed"
NOT_BY_THEMSELVES = "the chosen ones could not be run on their own"
UNCALLED = "what used to call a function is gone"
NOT_NARROWED = "the test command cannot be limited to chosen tests"
WORKLOAD = "the workload is run as well"
NEVER_IMPORTED = "none of them has imported the changed files"


@dataclass(frozen=True, slots=True)
class Recollection:
    """What memory says of a change.

    Attributes:
        memory: It.
        tests: How many of all tests are to be run.
        everything: Why all are run, as the second half of a sentence; None where these are enough.
        commands: Ways to run them, narrowest first; none where all are run, or no test.
    """

    memory: Memory
    tests: int
    everything: str | None = None
    commands: tuple[str, ...] = ()

    def of_all(self, run: TestRun) -> TestRun:
        """A run of the tests that were chosen, with the number and the times of all of them."""
        return replace(
            run,
            tests=len(self.memory.tests),
            cpu_seconds=max(run.cpu_seconds, self.memory.cpu_seconds),
            wall_seconds=max(run.wall_seconds, self.memory.wall_seconds),
        )


def measured_by_memory(
    project: Project, kept: Kept, functions: Sequence[Function], measure: Measure
) -> Measurement:
    """Measure with the tests that memory says are enough; where they tell too little, with all of them.

    Args:
        project: What is analysed.
        kept: Memory of its base.
        functions: Those that are measured.
        measure: Measures it.
    """
    found = recall(project, kept, functions)
    told = Recalled(
        kept.memory.commit, max(0.0, kept.now - kept.memory.made), found.tests, len(kept.memory.tests)
    )
    missed = _reached(kept.memory, functions)
    why = found.everything or (NOT_BY_THEMSELVES if found.commands else UNCALLED)
    if not found.commands and found.everything is None and not missed:
        return replace(_uncalled(found, functions), recalled=told)
    for number, command in enumerate(found.commands):
        chosen = replace(project, suite=project.suite.with_command(command), others=())
        try:
            measured = measure(chosen, found.of_all, f"chosen-{number}")
        except AnalysisError:  # they ran no test, or not to their end
            continue
        if project.workload is None and measured.processes and not measured.processes.expected:
            measured = _uncalled(found, functions, measured)
        if missed & {item.function.id for item in measured.evidence if not item.calls}:
            why = UNCALLED  # a cache may have kept other tests from calling it
            break
        if _tells_all(measured) and measured.plain is not None:
            run = measured.plain.run
            told = told if run.tests is None else replace(told, run=run.tests)
            plain = replace(measured.plain, run=found.of_all(run))
            return replace(measured, plain=plain, command=project.suite.command, recalled=told)
    measured = measure(project, lambda run: run, "all")
    return replace(measured, recalled=replace(told, run=told.tests, everything=why))


def recall(project: Project, kept: Kept, functions: Sequence[Function]) -> Recollection:
    """Which tests may go another way, or call something else, than when memory was written.

    Args:
        project: What is analysed.
        kept: Memory of its base.
        functions: Those that are measured; whatever reaches one of them is run.
    """
    memory = kept.memory
    tests = len(memory.tests)
    now = circumstances(project.suite, project.tree, kept.listed)
    data = [path for path in memory.sources if not path.endswith(".py")]
    sources = digests_of(project.tree, kept.listed, data, memory.sources)
    imports = imports_of(project.tree, sources, memory)
    wanted = Wanted.that_call(frozenset(_pieces_of(functions)), imports)
    reached = {*memory.files, *(piece.path for piece in memory.pieces)}  # nothing of other source is run
    others = frozenset(path for path in kept.others - sources.keys() if not is_configuration(path))
    ran = {path: each for path, each in sources.items() if path in reached or path[-3:] != ".py"}
    bound, described = (of(memory.sources, sources) for of in (bindings_changed, docstrings_changed))
    seen = seeing(project.tree, ran, bound, others, described)
    choice = choose(memory, sources, now, wanted, imports, seen)
    count = choice.remembered(memory)
    if (why := _strange(memory, kept, others) or choice.everything) is not None:
        return Recollection(memory, tests, why)
    if not any(Piece(function.path, OUTSIDE) in memory.pieces for function in functions):
        return Recollection(memory, tests, NEVER_IMPORTED)
    if count >= NEARLY_ALL * tests:
        return Recollection(memory, tests, NEARLY_EVERY)
    targets = (*choice.files, *choice.tests)
    if not targets:
        return Recollection(memory, 0) if project.workload is None else Recollection(memory, tests, WORKLOAD)
    ways = ways_to_run(project.suite.command, project.suite.directory, targets)
    commands = tuple(way.command for way in ways if way.reach is not Narrowing.ALL)
    if not commands:
        return Recollection(memory, tests, NOT_NARROWED)
    return Recollection(memory, count, commands=commands)


def _strange(memory: Memory, kept: Kept, others: Collection[str]) -> str | None:
    """Why all tests are run for the sake of files that are no Python, as the second half of a sentence."""
    if new := _new_data(memory, kept.listed):
        return f"{new} is new"
    if built := min(filter(is_compiled, others), default=None):
        return f"{built} may be compiled into what they test"
    return f"{min(kept.links)} is a link, and another one" if kept.links else None


def _reached(memory: Memory, functions: Sequence[Function]) -> frozenset[str]:
    """Ids of functions that some test reached."""
    reached = {memory.pieces[place] for places in memory.tests.values() for place in places}
    return frozenset(each.id for each in functions if not reached.isdisjoint(_pieces_of([each])))


def _new_data(memory: Memory, listed: Collection[str]) -> str | None:
    """A new file that may hold tests though it is no Python, such as a doctest's."""
    files = {path_of(test) for test in memory.tests}
    suffixes = {PurePosixPath(path).suffix for path in files if not path.endswith(".py")}
    new = (path for path in listed if PurePosixPath(path).suffix in suffixes and path not in memory.sources)
    return min(new, default=None)


def _pieces_of(functions: Collection[Function]) -> Iterator[Piece]:
    """The pieces that functions may be in: one in another function belongs to the outer one."""
    for function in functions:
        parts = function.qualname.split(".")
        yield from (Piece(function.path, ".".join(parts[:end])) for end in range(1, len(parts) + 1))


def _uncalled(
    found: Recollection, functions: Sequence[Function], measured: Measurement | None = None
) -> Measurement:
    """What is known of functions that no test calls."""
    run = found.of_all(TestRun(Outcome.PASSED, 0, 0.0, 0.0))
    return replace(
        measured or Measurement(),
        evidence=tuple(Evidence(function, calls=0) for function in functions),
        processes=None,
        plain=measured.plain if measured else Plain(run, estimated=True),
        workload=measured.workload if measured else duration_of(run),
        broken_off=None,
    )


def _tells_all(measured: Measurement) -> bool:
    """Whether the chosen tests passed and were seen to their end, so that all of them need not be run."""
    return (
        measured.plain is not None
        and measured.plain.run.outcome is Outcome.PASSED
        and measured.broken_off is None
    )
