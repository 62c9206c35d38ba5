"""How long a parcel travels."""

import heapq
from functools import lru_cache

# Hours between depots that a lorry goes directly.
LEGS = {
    ("Hamburg", "Berlin"): 4, ("Hamburg", "Essen"): 5, ("Berlin", "Leipzig"): 3, ("Essen", "Frankfurt"): 4,
    ("Leipzig", "Munich"): 6, ("Frankfurt", "Munich"): 5, ("Frankfurt", "Strasbourg"): 3, ("Munich", "Vienna"): 6,
    ("Munich", "Milan"): 8, ("Essen", "Utrecht"): 3, ("Utrecht", "Antwerp"): 2, ("Antwerp", "Lille"): 2,
    ("Lille", "Paris"): 3, ("Strasbourg", "Paris"): 6, ("Strasbourg", "Lyon"): 6, ("Paris", "Lyon"): 5,
    ("Lyon", "Milan"): 6, ("Milan", "Rome"): 7,
}  # fmt: skip


@lru_cache(maxsize=256)
def hours(start: str, end: str) -> int:
    """The fewest hours from one depot to another."""
    known, ahead = {}, [(0, start)]
    while ahead:
        time, depot = heapq.heappop(ahead)
        if depot in known:
            continue
        known[depot] = time
        for (here, there), leg in LEGS.items():
            if depot in (here, there):
                heapq.heappush(ahead, (time + leg, there if depot == here else here))
    return known[end]
