"""Where the container starts (see Dockerfile): the action, or with arguments the command line."""

import sys


def run() -> int:
    """Load the program, and run it; its exit code."""
    if sys.flags.no_site:
        import site  # noqa: PLC0415

        site.main()
    from hitrate import __version__, starting  # noqa: PLC0415 - a signal may come at once

    if len(sys.argv) > 1:
        from hitrate.__main__ import main as commands  # noqa: PLC0415

        commands()  # which exits
    starting.begin(CANCELLED, descriptor=1, terminated=starting.INTERRUPTED)
    # Loading the rest takes the better part of a second: who watches the log sees at once that it began.
    print(f"Hitrate {__version__}", flush=True)
    from hitrate.action.container import main  # noqa: PLC0415

    try:
        return main()
    finally:
        starting.over()


CANCELLED = "Cancelled: the checkout is as it was."
try:
    code = run()
except KeyboardInterrupt:  # before the first line of Hitrate's own, or once more at its end
    code = 130
    print(CANCELLED, flush=True)
raise SystemExit(code)
