"""What the boxes of an order cost."""

from configparser import ConfigParser

TARIFF = """
[parcels, cents by kilograms]
3 = 390
10 = 890
23 = 1690

[books, cents by kilograms]
1 = 195
2 = 270
5 = 420

[returns, cents by kilograms]
3 = 350
10 = 790
23 = 1490

[rolls, cents by kilograms]
3 = 590
10 = 1090

[bulky goods, cents by kilograms]
10 = 3290
23 = 3990
32 = 4690

[pallets, cents by kilograms]
150 = 5900
300 = 8400
600 = 11900
"""


def postage(kilograms: int) -> int:
    """The least cents for boxes that hold an order, which may be divided in any way."""
    if kilograms <= 0:
        return 0
    tariff = ConfigParser()
    tariff.read_string(TARIFF)
    boxes = tariff["parcels, cents by kilograms"]
    return min(int(boxes[size]) + postage(kilograms - int(size)) for size in boxes)
