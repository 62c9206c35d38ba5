from dataclasses import dataclass
from functools import lru_cache
from typing import Optional
@dataclass(frozen=True)
class Block:
    parent: Optional["Block"]
    n: int
@lru_cache(maxsize=None)
def label(block):
    return "block %d of %s" % (block.n, "chain" if block.parent else "origin")
