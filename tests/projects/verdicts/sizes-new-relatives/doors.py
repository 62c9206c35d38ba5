def plan(side):
    crossings = 0
    for tile in range(5000):
        crossings += (tile * 5 + len(side)) % 11 == 0
    return crossings
