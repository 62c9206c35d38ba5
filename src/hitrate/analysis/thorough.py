"""Effort ``thorough``: the observed run again under other conditions, and what follows them."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hitrate.analysis.screener import observing_edits
from hitrate.analysis.session import Session
from hitrate.files.copying import copy_tree
from hitrate.hazards.disagreement import Disagreement, Ledger, disagreements, read_ledger
from hitrate.hazards.perturbation import Disturbance, Means, Perturbation, perturbed
from hitrate.source.function import Function
from hitrate.testrun import run as testrun
from hitrate.trace import deployment
from hitrate.trace.deployment import ProbePart

_LEFT_OUT = frozenset({".git", ".venv", "venv", ".tox", ".nox", "node_modules", ".hypothesis"})


@dataclass(frozen=True, slots=True)
class Shaken:
    """What the runs under other conditions gave.

    Attributes:
        found: One entry a function, in the order given.
        runs: How many runs were made.
        notes: What could not be changed, each one plain sentence.
    """

    found: tuple[Disagreement, ...]
    runs: int = 0
    notes: tuple[str, ...] = ()

    @classmethod
    def not_at_all(cls, functions: int) -> "Shaken":
        """No run was made."""
        return cls((Disagreement(),) * functions)


def shake(session: Session, functions: Sequence[Function], base: Path, last: float) -> Shaken:
    """Observe the tests under each other condition and compare with the observed run.

    Args:
        session: What to work with.
        functions: Those of the observed run, in its order.
        base: The records of the observed run, which was made with ``ProbePart.RESULT_LOG``.
        last: Clock time after which no further run begins.
    """
    elsewhere = session.scratch / "elsewhere" / session.project.tree.name
    means = Means(
        elsewhere=elsewhere / session.project.suite.directory.relative_to(session.project.tree),
        plugins=session.scratch / "shaken-order" / "probe",
        plugin=f"hitrate_{Disturbance.ORDER.name}.reversed_order",
        which=lambda name: shutil.which(name, path=session.project.suite.environment.get("PATH")),
    )
    runs, notes = perturbed(session.project.suite, means)
    ledgers: dict[Disturbance, Ledger] = {}
    with session.progress.phase("Observed runs under other conditions"):
        for number, run in enumerate(runs):
            if session.clock() >= last:
                left = ", ".join(each.change for each in runs[number:])
                notes += (f"Skipped the runs that change {left}: the time budget was used up.",)
                break
            session.progress.run(run.change.name.lower().replace("_", " "), number + 1, len(runs))
            ledgers[run.change] = _observed(session, functions, run, elsewhere)
    found = disagreements(read_ledger(base), ledgers, len(functions))
    return Shaken(tuple(found), len(ledgers), (*notes, *_order_note(session, ledgers)))


def _observed(session: Session, functions: Sequence[Function], run: Perturbation, elsewhere: Path) -> Ledger:
    folder = session.scratch / f"shaken-{run.change.name.lower().replace('_', '-')}"
    probe = deployment.recording(
        folder, run.change.name, ProbePart.ORACLE, ProbePart.RESULT_LOG, ProbePart.REVERSED_ORDER
    )
    session.patcher.apply(observing_edits(functions, probe))
    try:
        if run.change is Disturbance.DIRECTORY:
            elsewhere.parent.mkdir(parents=True)
            copy_tree(session.project.tree, elsewhere, special=lambda entry, _: entry.name in _LEFT_OUT)
        testrun.run(run.suite, bytecode=folder / "bytecode", progress=session.progress)
    finally:
        session.patcher.apply(())
    return read_ledger(probe.records)


def _order_note(session: Session, ledgers: dict[Disturbance, Ledger]) -> tuple[str, ...]:
    if (
        Disturbance.ORDER not in ledgers
        or (session.scratch / "shaken-order" / "records" / "reversed").exists()
    ):
        return ()
    return ("The order of the tests was not changed: the command does not run pytest with its options.",)
