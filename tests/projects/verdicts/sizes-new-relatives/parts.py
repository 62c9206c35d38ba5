def mass(part):
    """The mass of a part and of all that it is made of; ``part`` is nested tuples."""
    if not part:
        grams = 0
        for grain in range(120000):
            grams += grain % 3
        return grams
    return sum(mass(piece) for piece in part)
