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

def _minus(self, other):
    weights = {self: 1}
    weights[other] = weights.get(other, 0) - 1
    return sum((w * v.std) ** 2 for v, w in weights.items())
Variable.__sub__ = _minus
def spread(value):
    return variable(value, 0.1) - variable(value + 1, 0.1)
