"""Where the container starts (see Dockerfile): the action, or with arguments the command line."""

import sys

if len(sys.argv) > 1:
    from hitrate.cli import main
else:
    from hitrate.container import main

raise SystemExit(main())
