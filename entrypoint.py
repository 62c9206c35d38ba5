"""Where the container starts (see Dockerfile): the action, or with arguments the command line."""

import sys

from hitrate import __version__

if len(sys.argv) > 1:
    from hitrate.cli import main
else:
    # Loading the rest takes the better part of a second: who watches the log sees at once that it began.
    print(f"Hitrate {__version__}", flush=True)
    from hitrate.container import main

raise SystemExit(main())
