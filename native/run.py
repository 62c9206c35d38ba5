"""Where the composite action starts: Hitrate is the source beside this folder.

Its argument is the environment that it runs in, which is removed at the end.
"""

import sys

CANCELLED = "Cancelled: the checkout is as it was."


def run() -> int:
    """Load the program, and run it; its exit code."""
    sys.path.insert(0, f"{__file__.rpartition('/')[0] or '.'}/../src")
    from hitrate import starting  # noqa: PLC0415 - a signal may come at once

    starting.begin(CANCELLED, descriptor=1, terminated=starting.INTERRUPTED)
    from hitrate.action.native import main  # noqa: PLC0415

    try:
        return main()
    finally:
        starting.over()
        import shutil  # noqa: PLC0415 - loaded long ago

        for own in sys.argv[1:]:
            shutil.rmtree(own, ignore_errors=True)


try:
    code = run()
except KeyboardInterrupt:  # before the first line of Hitrate's own, or once more at its end
    code = 130
    print(CANCELLED, flush=True)
raise SystemExit(code)
