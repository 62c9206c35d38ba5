"""What patched code imports inside the analysed project's processes: standard library only, CPython 3.8+."""

import time

BEGAN = time.thread_time_ns()
"""When it was imported, on the clock of the thread's CPU time."""
