"""Has a process make passes over the chosen tests, and reads what it says of them."""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hitrate.files import untrusted
from hitrate.patching.edits import Edit
from hitrate.testrun.run import Outcome, Suite, TestRun
from hitrate.trace import deployment
from hitrate.trace.deployment import Instrument
from hitrate.trials.arms import Arms, Winner
from hitrate.trials.passes import Order
from hitrate.trials.sitting import Pass, Refusal, RefusedError, Sitting

LIMIT_BYTES = 1 << 20
DETAIL_CHARACTERS = 80
_REFUSALS = {refusal.value: refusal for refusal in Refusal}


def passes_of(arms: Arms, winners: Sequence[Winner], suite: Suite) -> Callable[[Order], Sitting]:
    """What has one process after the other make passes.

    Args:
        arms: The tree, with what runs in it.
        winners: The functions whose caches are switched.
        suite: Runs the chosen tests, a pytest call.
    """
    name = f"passes{arms.bench.spent.runs}"
    probe = deployment.passing(arms.bench.scratch / name, name)
    edits = [_edit(slot, winner, probe) for slot, winner in enumerate(winners)]
    loaded = deployment.loading(suite, probe, deployment.PASSES_PLUGIN)

    def sit(order: Order) -> Sitting:
        plan = {
            "number": order.number,
            "pairs": order.pairs,
            "on": order.cached_first,
            "slots": len(winners),
            "cpu_seconds": order.cpu_seconds,
            "saving_seconds": order.saving_seconds,
        }
        (probe.folder / probe.package / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        limits = replace(loaded.limits, timeout_seconds=order.timeout_seconds)
        patient = replace(loaded, limits=limits)
        run = arms.run_with(edits, patient, "passes without and with the caches", order.number, order.of)
        return _read(probe, order.number, run)

    return sit


def _edit(slot: int, winner: Winner, probe: Instrument) -> Edit:
    function = winner.function
    arguments = f"{slot}, {winner.maxsize!r}, {winner.typed!r}, {function.cache is not None!r}"
    decorator = f"{deployment.ALIAS}.both({arguments})"
    return Edit(function.path, function.qualname, function.line, decorator, probe.preamble)


def _read(probe: Instrument, number: int, run: TestRun) -> Sitting:
    """What a process wrote of its passes.

    Raises:
        RefusedError: It made none, or not to their end.
    """
    lines = [*_lines(probe, f"{number}.passes")]
    for kind, *rest in lines:
        if kind == "refused":
            detail = str(rest[1])[:DETAIL_CHARACTERS] if len(rest) > 1 else ""
            raise RefusedError(_REFUSALS.get(str(rest[0]) if rest else "", Refusal.NOTHING), detail)
    if [*_lines(probe, f"{number}.elsewhere")]:
        raise RefusedError(Refusal.ELSEWHERE)
    if run.outcome is not Outcome.PASSED or not lines or lines[-1][0] != "end":
        raise RefusedError(Refusal.NOTHING)
    try:
        first, *passes = [_pass(line) for line in lines if line[0] == "pass"]
        cpu_seconds, wall_seconds = map(_seconds, lines[-1][1:3])
    except (ValueError, TypeError):
        raise RefusedError(Refusal.NOTHING) from None
    # One pair, or whole groups of four, in each of which both arms are as often first as last.
    is_whole = len(passes) == 2 or (len(passes) % 4 == 0 and passes)
    if not first.on or not is_whole or sum(each.on for each in passes) * 2 != len(passes):
        raise RefusedError(Refusal.NOTHING)
    alone = replace(
        run,
        cpu_seconds=max(run.cpu_seconds - cpu_seconds, first.cpu_seconds),
        wall_seconds=max(run.wall_seconds - wall_seconds, first.wall_seconds),
    )
    return Sitting(alone, first, tuple(passes))


def _lines(probe: Instrument, name: str) -> Iterator[list[object]]:
    """The lines of a file; none from the first one on that is not whole."""
    for line in untrusted.read_up_to(probe.records, name, LIMIT_BYTES).splitlines():
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(found, list) or not found:
            return
        yield found


def _pass(line: Sequence[object]) -> Pass:
    """One line as a pass.

    Raises:
        ValueError, TypeError: It is none.
    """
    _, on, cpu_seconds, wall_seconds, looked_up = line
    if not isinstance(on, bool) or not isinstance(looked_up, list):
        raise ValueError(line)
    counts = [(int(hits), int(misses)) for hits, misses in looked_up]
    return Pass(on, _seconds(cpu_seconds), _seconds(wall_seconds), tuple(counts))


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(value)
    return float(value)
