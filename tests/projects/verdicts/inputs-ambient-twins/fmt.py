from conf import settings
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


def amount(cents):
    _burn()
    return f"{cents / 100:.2f} {settings.currency}"
