"""Prices."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from parcels.boxes import postage
from parcels.surcharges import load_surcharges
from parcels.zones import zone_of

FACTORS = {1: 1.0, 2: 1.3, 3: 1.7, 4: 2.2, 5: 5.0}


@dataclass(frozen=True)
class Parcel:
    """Something to send."""

    country: str
    postcode: str
    kilograms: int
    length: int
    width: int
    height: int

    def charged_kilograms(self) -> int:
        """Its weight, or that of its volume where it is light and large."""
        return max(self.kilograms, self.length * self.width * self.height // 5000)


def quote(parcel: Parcel, surcharges: Path) -> int:
    """The price of a parcel in cents."""
    price = postage(parcel.charged_kilograms()) * FACTORS[zone_of(parcel.country, parcel.postcode)]
    return round(price * (1 + sum(load_surcharges(surcharges).values())))


async def pickup_day(postcode: str, ask: Callable[[str], Awaitable[str]]) -> str:
    """The first day on which a carrier collects."""
    return (await ask(postcode)).strip()
