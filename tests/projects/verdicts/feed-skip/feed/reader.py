def drop(lines, count):
    """Leave out the next lines."""
    for _ in range(count):
        next(lines, None)


def first(lines):
    return next(lines, "")
