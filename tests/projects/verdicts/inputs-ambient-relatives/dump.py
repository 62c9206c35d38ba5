from enc import encode
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


def dump(value):
    _burn()
    return encode(value)
