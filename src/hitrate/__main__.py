"""``python -m hitrate``."""

from hitrate.cli import main

if __name__ == "__main__":
    main()
