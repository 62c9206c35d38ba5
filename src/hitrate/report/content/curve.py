"""The hit-rate curve, cut down to the points that a small chart can show."""

import math
from dataclasses import dataclass

from hitrate.report.model import FunctionReport

POINTS = 14
FLAT = 0.005


@dataclass(frozen=True, slots=True)
class Curve:
    """Hit rate (a fraction) by cache size, sizes rising."""

    sizes: tuple[int, ...]
    hit_rates: tuple[float, ...]


def curve(function: FunctionReport) -> Curve | None:
    """Few points up to where the curve is level; None where it says nothing (too short, or flat)."""
    points = sorted({size: rate for size, rate, _ in function.curve}.items())
    if len(points) < 3:
        return None
    rates = [rate for _, rate in points]
    if max(rates) - min(rates) < FLAT:
        return None
    level = next(index for index, rate in enumerate(rates) if rate >= max(rates) - FLAT / 2)
    shown = _thinned(points[: max(level + 2, 3)], {function.recommended_maxsize, function.maxsize})
    return Curve(tuple(size for size, _ in shown), tuple(rate for _, rate in shown))


def _thinned(points: list[tuple[int, float]], kept: set[int | None]) -> list[tuple[int, float]]:
    """Every n-th point, so that the axis stays regular, the last one, and those of the sizes to keep."""
    stride = math.ceil(len(points) / POINTS)
    last = len(points) - 1
    return [
        point
        for index, point in enumerate(points)
        if index % stride == 0 or index == last or point[0] in kept
    ]
