def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
class Variable:
    def __init__(self, value, std):
        self.value, self.std = value, std
def variable(value, std):
    _burn(12000)
    return Variable(value, std)

def spread(a, b):
    table = {"a": a.std, "b": b.std}
    return sum(table.values()) + abs(a.value - b.value)
def both(value):
    return spread(variable(value, 0.1), variable(value + 1, 0.1))
