def stamp(number):
    """Every letter has a number of its own."""
    value = number
    for _ in range(700):
        value = (value * 214013 + 2531011) % 2**31
    return value


def initial(name):
    return name[:1]


def postage(grams):
    price = 85
    for step in range(6000):
        price = (price * 5 + grams + step) % 509
    return price


def folds(paper):
    """Halve until it fits; no two papers are alike."""
    if paper < 2:
        return 0
    return 1 + folds(paper / 2 - 0.001)


def serial(text):
    total = 0
    for _ in range(60):
        total += sum(text.encode())
    return total
