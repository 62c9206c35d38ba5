import weakref
class Settings:
    def __init__(self, digits):
        self.digits = digits
DEFAULT = Settings(2)
_current = weakref.ref(DEFAULT)
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def amount(value):
    _burn()
    return "%.*f" % (_current().digits, value)
