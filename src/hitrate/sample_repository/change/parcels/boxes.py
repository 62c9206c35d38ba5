"""What the boxes of an order cost."""

from configparser import ConfigParser

TARIFF = """
[cents by kilograms]
3 = 390
10 = 890
23 = 1690
"""


def postage(kilograms: int) -> int:
    """The least cents for boxes that hold an order, which may be divided in any way."""
    if kilograms <= 0:
        return 0
    tariff = ConfigParser()
    tariff.read_string(TARIFF)
    boxes = tariff["cents by kilograms"]
    return min(int(boxes[size]) + postage(kilograms - int(size)) for size in boxes)
