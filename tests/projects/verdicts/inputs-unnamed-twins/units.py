class Units:
    _table = {"m": 1.0, "km": 1000.0, "mi": 1609.344}
    @property
    def table(self):
        return self._table
UNITS = Units()
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def convert(value, unit):
    return _burn() * 0 + value * UNITS.table[unit]
