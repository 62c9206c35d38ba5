from platform import machine
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def place(name):
    _burn()
    return "%s/%s" % (machine(), name)
