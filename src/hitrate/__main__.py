"""``python -m hitrate``."""

from hitrate.cli import main

main()
