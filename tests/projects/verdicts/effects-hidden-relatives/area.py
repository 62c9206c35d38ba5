def hectares(side, _asked={"times": 0}):
    _asked["times"] += 1
    total = 0
    for strip in range(9000):
        total += side * strip % 13
    return total


def times_asked():
    return hectares.__defaults__[0]["times"]
