import conf
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


def width(kind):
    _burn()
    return len(kind) * conf.config["cyclic"][0]
