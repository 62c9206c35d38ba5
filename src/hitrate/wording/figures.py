"""Figures with their units, as every renderer shows them; an unknown one is ``–``, never 0."""

from collections.abc import Sequence

from hitrate.vocabulary import Metric

UNKNOWN = "–"
TIMES = {Metric.CPU: "CPU time", Metric.WALL: "wall time"}
"""What a metric measures."""

NBSP = "\N{NO-BREAK SPACE}"
DIGITS = 5
"""Decimals of a percentage at most."""


def percent(share: float | None) -> str:
    """A fraction as percent, finer near both ends; only 0 is shown as 0 % and only 1 as 100 %."""
    if share is None:
        return UNKNOWN
    if 0 < share < 0.001:
        return f"<0.1{NBSP}%"
    if 0.999 < share < 1:
        return f">99.9{NBSP}%"
    fine = 0 < share < 0.00995 or 0.99 < share < 1
    return f"{share * 100:.{1 if fine else 0}f}{NBSP}%"


def fine_percent(share: float) -> str:
    """A threshold or effect as percent with two digits that count: 2 %, 0.35 %."""
    return f"{share * 100:.2g}{NBSP}%" if abs(share) < 0.1 else f"{share * 100:,.0f}{NBSP}%"


def percent_below(share: float, limit: float) -> str:
    """A fraction below a limit as percent, fine enough that it does not read as the limit."""
    shown, whole = percent(share), fine_percent(limit)
    digits = 1
    while shown == whole and digits < DIGITS:
        shown = f"{share * 100:.{digits}f}{NBSP}%"
        digits += 1
        if float(shown.split(NBSP)[0]) >= limit * 100:
            shown = whole
    return f"just below {whole}" if shown == whole else shown


def count(number: int | None) -> str:
    """A whole number with thousands separated."""
    return UNKNOWN if number is None else f"{number:,}"


def rounded(number: float) -> str:
    """A count to two significant digits, with thousands separated."""
    return f"{float(f'{number:.2g}'):,.0f}"


def some(number: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun: ``1 test``, ``2 tests``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def seconds(duration: float | None) -> str:
    """A duration in the unit that suits it."""
    if duration is None:
        return UNKNOWN
    sign, size = ("−" if duration < 0 else ""), abs(duration)
    if size == 0:
        return f"0{NBSP}s"
    if size >= 120:
        minutes, rest = divmod(round(size), 60)
        return f"{sign}{minutes:,}{NBSP}min" + (f"{NBSP}{rest}{NBSP}s" if rest and minutes < 60 else "")
    for scale, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if size >= scale * 0.9995:
            return f"{sign}{_three_digits(size / scale)}{NBSP}{unit}"
    return f"{sign}{size * 1e9:.0f}{NBSP}ns" if size >= 1e-9 else f"<1{NBSP}ns"


def size(amount: int | None) -> str:
    """A number of bytes in the unit that suits it."""
    if amount is None:
        return UNKNOWN
    value = float(amount)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f}{NBSP}{unit}" if unit == "B" or value >= 10 else f"{value:.1f}{NBSP}{unit}"
        value /= 1024
    return f"{value:,.1f}{NBSP}TiB"


def times(ratio: float | None) -> str:
    """A speedup: ``1.38×``, ``21×``."""
    if ratio is None:
        return UNKNOWN
    return f"{ratio:.2f}×" if ratio < 10 else f"{ratio:,.0f}×"


def entries(maxsize: int | None) -> str:
    """A cache size; None is unbounded."""
    return "unbounded" if maxsize is None else f"{maxsize:,}"


def listed(names: Sequence[str], limit: int = 3) -> str:
    """Names in a sentence: ``a, b and c``, ``a, b, c and 4 more``."""
    shown, more = names[:limit], len(names) - limit
    if more > 0:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part) if shown else ""


def verb(things: Sequence[object], one: str, many: str) -> str:
    """The form that agrees with the number of things."""
    return one if len(things) == 1 else many


def _three_digits(value: float) -> str:
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
