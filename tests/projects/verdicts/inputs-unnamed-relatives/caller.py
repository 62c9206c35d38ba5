import operator
class Style:
    def __init__(self):
        self._places = 2
    def places(self):
        return self._places
STYLE = Style()
_places = operator.methodcaller("places")
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def amount(value):
    _burn()
    return "%.*f" % (_places(STYLE), value)
