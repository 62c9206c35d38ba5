"""What is printed on a parcel."""

import itertools
from functools import lru_cache

_numbers = itertools.count(1)


def next_tracking(service: str) -> str:
    """A new tracking number, still without its check digit."""
    return f"{service}{next(_numbers):09d}"


def check_digit(body: str) -> int:
    """The last digit of a tracking number: weights 8 6 4 2 3 5 9 7, as postal services have it."""
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    digits = [int(character, 36) for character in body]
    total = sum(digit * weights[index % 8] for index, digit in enumerate(digits))
    return {0: 5, 1: 0}.get(total % 11, 11 - total % 11)


@lru_cache(maxsize=1024)
def label(tracking: str, name: str, zone: int) -> str:
    """The text of a label, in capitals and at most 24 characters wide."""
    lines = [tracking, name.upper()[:24], f"ZONE {zone}"]
    return "\n".join(line.ljust(24) for line in lines)
