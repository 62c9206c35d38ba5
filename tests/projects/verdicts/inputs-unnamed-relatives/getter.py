import operator
class Settings:
    def __init__(self):
        self.digits = 2
SETTINGS = Settings()
_digits = operator.attrgetter("digits")
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def amount(value):
    _burn()
    return "%.*f" % (_digits(SETTINGS), value)
