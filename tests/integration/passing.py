"""A small project whose tests are run again and again in one process."""

from collections.abc import Sequence
from dataclasses import dataclass

from hitrate.analysis.rounds.sittings import passes_of
from hitrate.patching.patcher import SourcePatcher
from hitrate.trials.arms import Bench, Winner
from hitrate.trials.passes import Order
from hitrate.trials.sitting import RefusedError, Sitting
from tests.integration.trials import PYTEST, Sample


@dataclass(frozen=True)
class Passed:
    """What one process made of its order: passes, or why it refused."""

    sitting: Sitting | None
    refused: RefusedError | None
    content_kept: bool

    @property
    def why(self) -> str | None:
        return self.refused and self.refused.refusal.value

    @property
    def looked_up(self) -> list[tuple[int, int]]:
        """Hits and misses of the first function in each pass, the first one included."""
        assert self.sitting is not None, self.refused and (self.refused.refusal, self.refused.detail)
        return [each.looked_up[0] for each in (self.sitting.first, *self.sitting.passes)]


def passed(
    sample: Sample,
    functions: Sequence[str | Winner],
    command: str = PYTEST,
    cpu_seconds: float = 60.0,
    pairs: int = 2,
) -> Passed:
    """Have one process make passes over the sample's tests, its functions switched."""
    before = sample.content()
    winners = [each if isinstance(each, Winner) else sample.winner(each) for each in functions]
    with SourcePatcher(sample.root) as patcher:
        bench = Bench(patcher, sample.scratch, sample.scratch / "warm")
        with bench.arms(winners) as arms:
            sit = passes_of(arms, winners, sample.suite(command))
            try:
                sitting, refused = sit(Order(1, 1, pairs, True, cpu_seconds, 0.0, 60.0)), None
            except RefusedError as error:
                sitting, refused = None, error
    kept = {name: data for name, data in sample.content().items() if "__pycache__" not in name}
    return Passed(sitting, refused, kept == before)
