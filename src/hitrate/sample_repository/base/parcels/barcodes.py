"""The barcode of a parcel: interleaved 2 of 5, as carriers print it below the address."""

# Five bars, or five spaces, for a digit; two of them are wide.
WIDTHS = {
    "0": "nnwwn", "1": "wnnnw", "2": "nwnnw", "3": "wwnnn", "4": "nnwnw",
    "5": "wnwnn", "6": "nwwnn", "7": "nnnww", "8": "wnnwn", "9": "nwnwn",
}  # fmt: skip
DIGITS = {widths: digit for digit, widths in WIDTHS.items()}
START, STOP = "nnnn", "wnn"


def encoded(digits: str) -> str:
    """Widths of bars and spaces in turn, ``n`` or ``w``; one digit in bars, the next one in the spaces between."""
    if len(digits) % 2:
        digits = f"0{digits}"
    pairs = zip(digits[::2], digits[1::2])
    inner = "".join(bar + space for one, two in pairs for bar, space in zip(WIDTHS[one], WIDTHS[two]))
    return f"{START}{inner}{STOP}"


def scanned(widths: str) -> str:
    """The digits of a barcode."""
    inner = widths[len(START) : -len(STOP)]
    parts = [inner[begin : begin + 10] for begin in range(0, len(inner), 10)]
    return "".join(DIGITS[part[::2]] + DIGITS[part[1::2]] for part in parts)


def drawn(digits: str) -> str:
    """The barcode as SVG."""
    x, bars = 10, []
    for index, width in enumerate(encoded(digits)):
        wide = 3 if width == "w" else 1
        if index % 2 == 0:
            bars.append(f'<rect x="{x}" width="{wide}" height="50"/>')
        x += wide
    return f'<svg viewBox="0 0 {x + 10} 50">{"".join(bars)}</svg>'
