"""Looks for proof that a cache would be wrong, while calls are really computed."""

import time

BEGAN = time.thread_time_ns()
"""When it was imported, on the clock of the thread's CPU time."""
