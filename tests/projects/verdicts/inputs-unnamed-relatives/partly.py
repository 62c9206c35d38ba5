import functools
class Style:
    def __init__(self):
        self.digits = 2
def _show(style, value):
    return "%.*f" % (style.digits, value)
show = functools.partial(_show, Style())
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def amount(value):
    _burn()
    return show(value)
