import functools


class Alloy:
    def __init__(self, name, parts):
        self.name = name
        self.parts = dict(parts)

    def __hash__(self):
        return len(self.name)

    def __eq__(self, other):
        mine = sorted(f"{metal}:{share:.4f}" for metal, share in self.parts.items() for _ in range(60))
        theirs = sorted(f"{metal}:{share:.4f}" for metal, share in other.parts.items() for _ in range(60))
        return mine == theirs


@functools.lru_cache(maxsize=64)
def weight(alloy):
    return sum(share * len(metal) for metal, share in sorted(alloy.parts.items()) for _ in range(40))
