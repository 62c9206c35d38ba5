import functools
import sys


@functools.lru_cache(maxsize=None)
def hint(topic):
    print(f"hint: see `help {topic}`", file=sys.stderr)


def run(command):
    if command.startswith("-"):
        hint("options")
        hint(command)
    return command.lstrip("-")
