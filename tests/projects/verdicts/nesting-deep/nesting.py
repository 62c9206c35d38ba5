def _ground():
    seen = bytearray(160001)
    for step in range(2, 400):
        seen[step * step :: step] = b"\1" * len(seen[step * step :: step])
    return seen.count(0) + sum(seen[1::3])


def height(floors):
    if floors:
        return 1 + height(floors - 1)
    marks = 0
    for _ in range(4):
        marks += _ground()
    return marks % 5
