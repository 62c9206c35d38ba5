"""Records every call of the functions that it wraps, for an offline replay of ``lru_cache`` over them.

Laid out under a name of its own for each run and imported by patched code. Standard library, CPython 3.8+.
It never changes a result or an exception, and adds one frame to a traceback. What it sees goes to memory-mapped
files, which survive ``os._exit``, SIGTERM and SIGKILL; ``hitrate.trace`` reads them.

Files, native byte order
    ``<stem>.trace``, one a process: a page of ``HEADER`` and of ``TALLIES`` 64-bit counters, then chunks. A chunk is
    ``CHUNK`` and three columns of ``capacity`` entries: ``starts`` and ``ends`` (64 bits, signed) and ``numbers``
    (32 bits). Each thread fills chunks of its own, in the order in which calls begin (*preorder*), so that what an
    entry calls follows it. ``<stem>.names`` holds texts, a line each. ``announced`` holds a stem a line, written
    before anything else.

Entries
    A number below ``EVENTS`` is a call with one key of one wrapped function; 0 is an entry that was not used.
    ``starts`` and ``ends`` are ``perf_counter_ns``; the end is negative if the call raised, ``SERVED`` if an existing
    cache answered, 0 if it never came back. ``BLOCK`` entries say which numbers belong to which wrapper. The first
    number of a wrapper's first block stands for calls whose arguments cannot be a key, the second for
    ``cache_clear()``. Numbers from ``EVENTS`` on are not calls; the two other columns hold their values.

Keys
    As ``lru_cache`` makes them: a single ``int`` or ``str`` is its own key, else the tuple of arguments; keywords
    follow behind a mark. A key's objects live as long as those of an unbounded ``lru_cache``, until a wrapper holds
    ``KEYS`` keys or ``KEY_BYTES`` bytes; then it records no more.

How the cost is bounded
    When a chunk is full its calls are looked at. A function that takes no longer than a look-up is *settled*: its
    wrapper turns back into the function itself and costs nothing from then on. Where recording takes more than
    ``SHARE`` of the process's CPU time, the busiest function is from then on only counted.

The oracle, which compares and watches (hazards), is a second file beside this one, found by its name:
``hitrate_recorder_X`` has ``hitrate_oracle_X``. Without it, nothing below happens.

    ``oracle.begin(stem: str) -> Oracle``
        Once a process, and again in a forked child, with the process's own file name without ending.
    ``Oracle.watch(slot: int, instance: int, function, wanted: set) -> Watch | None``
        For each wrapped function object: ``slot`` is the analysed function, ``instance`` counts the decorated
        objects of the process (a decorated inner function has many), ``function`` is undecorated, or the real cache
        if there is one. ``wanted`` is the oracle's to fill: **only calls whose key number is in it are shown to it**,
        everything else stays on the fast path. It may change the set at any time.
    ``Watch.met(number: int, args: tuple, kwargs: dict) -> None``
        A key was seen for the first time; add ``number`` to ``wanted`` to be shown this very call.
    ``Watch.before(number, args, kwargs) -> token``
        A wanted call begins. ``None`` declines: the two below are then not called for it.
    ``Watch.returned(token, result, served: bool) -> None``, ``Watch.raised(token, error) -> None``
        It ended; ``served`` if an existing cache answered and the function did not run.
    ``Oracle.tick(now: int) -> None``
        From some recorded call, at most once a millisecond: the place to put numbers into ``wanted`` again.
    ``Oracle.test(name: str | None) -> None``
        Another test runs now (pytest), ``None``: none does.
    All times are ``perf_counter_ns``. Time spent in these calls is recorded and subtracted. An exception out of one
    of them ends the oracle, never the test. A key's first call is the one during which ``met`` was called.
"""
