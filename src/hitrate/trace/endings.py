"""What became of wrappers that recorded no more: why, and what was counted since. Pure."""

from dataclasses import dataclass, replace

from hitrate.probe.recording import tracefile
from hitrate.trace.calls import Costs

_WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class WrapperEnding:
    """Why a wrapper recorded no more, and its calls since: timings, the calls within them, their time."""

    reason: int = 0
    counted: int = 0
    timings: int = 0
    timed: int = 0
    nanoseconds: int = 0

    def after(self, earlier: "WrapperEnding") -> "WrapperEnding":
        """Both together; the reason is the later one."""
        return WrapperEnding(
            self.reason,
            self.counted + earlier.counted,
            self.timings + earlier.timings,
            self.timed + earlier.timed,
            self.nanoseconds + earlier.nanoseconds,
        )

    def cost(self, costs: Costs) -> float:
        """CPU seconds that counting took."""
        if self.reason in tracefile.UNCOUNTED:
            return 0.0  # the function itself is run
        return self.counted * costs.counted + self.timings * costs.timed

    def seconds(self, costs: Costs) -> float | None:
        """CPU seconds of all counted calls, from those that were timed; None where none was."""
        if not self.timed:
            return None
        own = (
            self.nanoseconds / 1e9 - self.timings * costs.timed - (self.timed - self.timings) * costs.counted
        )
        return max(0.0, own) / self.timed * self.counted

    def and_untimed(self, calls: int) -> "WrapperEnding":
        """With so many calls more, which are taken to be like those that were timed."""
        return replace(self, counted=self.counted + calls)


def endings(data: bytes) -> dict[int, WrapperEnding]:
    """Those in a trace file, by the wrappers' numbers."""
    begin, step = tracefile.ENDINGS_AT, 8 * tracefile.ENDING_WORDS
    words = memoryview(data)[begin : begin + tracefile.ENDINGS * step].cast("Q")
    columns = (words[at :: tracefile.ENDING_WORDS] for at in range(tracefile.ENDING_WORDS))
    found: dict[int, WrapperEnding] = {}
    for number, *figures in zip(*columns, strict=True):
        if number:  # one that was recorded again may have stopped once more
            ending, before = WrapperEnding(number >> 32, *figures), found.get(number & _WORD)
            found[number & _WORD] = ending if before is None else ending.after(before)
    return found
