"""What can be booked for a parcel."""

from functools import lru_cache

from parcels.quotes import Parcel
from parcels.zones import zone_of


@lru_cache(maxsize=16)
def services(zone: int) -> list[str]:
    """What is offered in a zone."""
    offered = ["standard", "tracked"]
    if zone <= 2:
        offered.append("express")
    if zone < 5:
        offered.append("insured")
    return offered


def offers(parcel: Parcel) -> list[str]:
    """What is offered for a parcel: heavy ones can be collected as well."""
    offered = services(zone_of(parcel.country, parcel.postcode))
    if parcel.charged_kilograms() > 20:
        offered.append("collected")
    return offered
