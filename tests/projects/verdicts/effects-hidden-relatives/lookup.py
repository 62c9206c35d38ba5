from telemetry import journal


def distance(a, b):
    journal().parts["recent"].push((a, b))
    steps = 0
    while a != b:
        a, b = (a - b, b) if a > b else (a, b - a)
        steps += sum(range(400)) * 0 + 1
    return steps
