import functools
import operator
from collections import namedtuple
Item = namedtuple("Item", "name weight")
_weight = operator.attrgetter("weight")
_first = operator.itemgetter(0)
_rounded = functools.partial(round, ndigits=2)
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def rank(items):
    _burn()
    return tuple((_first(item), _rounded(_weight(item))) for item in sorted(items, key=_weight))
