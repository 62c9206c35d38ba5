"""What the boxes of an order cost."""

CENTS = {2: 390, 5: 590, 10: 890, 23: 1690}


def postage(kilograms: int) -> int:
    """The least cents for boxes that hold an order, which may be divided in any way."""
    if kilograms <= 0:
        return 0
    return min(cents + postage(kilograms - size) for size, cents in CENTS.items())
