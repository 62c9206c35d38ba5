def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


def rate(code):
    _burn()
    return len(code) / 7
