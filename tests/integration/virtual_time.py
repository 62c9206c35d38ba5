"""Time that passes by being spent: what a program records does not depend on the machine that runs it."""

PRELUDE = """
import time
class VirtualTime:
    now = 1_000_000_000
    @classmethod
    def read(cls):
        cls.now += {tick}
        return cls.now
    @classmethod
    def spend(cls, nanoseconds):
        cls.now += nanoseconds
spend = VirtualTime.spend
time.perf_counter_ns = time.process_time_ns = time.thread_time_ns = VirtualTime.read
"""


def virtual_time(tick: int = 50) -> str:
    """Code that defines ``spend(nanoseconds)``, beside which only reading a clock takes time, ``tick`` ns.

    It goes before the probe, which takes its clocks as they are when it is imported.
    """
    return PRELUDE.format(tick=tick)
