"""A hit-rate curve drawn as SVG: cache sizes on a logarithmic axis, hit rates from 0 to 100 %."""

import math
from dataclasses import dataclass

from hitrate.report.content.curve import curve
from hitrate.report.model import FunctionReport
from hitrate.wording.figures import percent

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 14, 34
SPACING = 48


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis at a distance in user units."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A size that is pointed out on the curve."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the drawing needs, in user units.

    Attributes:
        line: The points of the curve, ``x,y`` pairs.
        area: The same closed down to the axis.
        sizes: Ticks of the horizontal axis.
        rates: Ticks of the vertical axis.
        marks: The size in use and the one recommended.
        description: The curve in words, for those who do not see it.
    """

    line: str
    area: str
    sizes: tuple[Tick, ...]
    rates: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    description: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def chart(function: FunctionReport) -> Chart | None:
    """The drawing of a function's whole curve; None where it says nothing."""
    if curve(function) is None:
        return None
    points = sorted({max(1, size): rate for size, rate, _ in function.curve}.items())
    last = math.log2(points[-1][0])
    placed = [(_x(size, last), _y(rate)) for size, rate in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    floor = HEIGHT - BOTTOM
    return Chart(
        line=line,
        area=f"{placed[0][0]:.1f},{floor} {line} {placed[-1][0]:.1f},{floor}",
        sizes=tuple(Tick(round(_x(size, last), 1), f"{size:,}") for size, _ in _spaced(points, last)),
        rates=tuple(Tick(round(_y(rate), 1), percent(rate)) for rate in (0.0, 0.5, 1.0)),
        marks=tuple(_marks(function, dict(points), last)),
        description="Hit rate by cache size: "
        + ", ".join(f"{percent(rate)} at {size:,}" for size, rate in _spaced(points, last)),
    )


def _spaced(points: list[tuple[int, float]], last: float) -> list[tuple[int, float]]:
    """Points far enough apart for their sizes to be written below them."""
    spaced: list[tuple[int, float]] = []
    for point in points:
        if not spaced or _x(point[0], last) - _x(spaced[-1][0], last) >= SPACING:
            spaced.append(point)
    return spaced


def _marks(function: FunctionReport, rates: dict[int, float], last: float) -> list[Mark]:
    texts: dict[int, str] = {}
    for size, text in ((function.maxsize, "maxsize"), (function.recommended_maxsize, "recommended")):
        if size in rates:
            texts[size] = f"{text} {size:,}"
    return [Mark(round(_x(size, last), 1), round(_y(rates[size]), 1), text) for size, text in texts.items()]


def _x(size: int, last: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * math.log2(size) / last


def _y(rate: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - rate)
