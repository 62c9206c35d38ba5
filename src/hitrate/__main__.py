"""``python -m hitrate``, and the command ``hitrate``."""


def main() -> None:
    """Run a command, and exit; from the first instant on a signal ends it with one line."""
    line = "hitrate: interrupted; the tree is as it was"
    try:
        from hitrate import starting  # noqa: PLC0415 - a signal may come at once

        starting.begin(line, descriptor=2, terminated=128 + 15)
        from hitrate.cli import main as commands  # noqa: PLC0415 - heavy

        try:
            commands()
        finally:
            starting.over()
    except KeyboardInterrupt:  # before there was a handler, or once more while the first one was being told
        import sys  # noqa: PLC0415

        print(line, file=sys.stderr)
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
