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

def std_of_difference(a, b):
    weights = {}
    weights[a] = weights.get(a, 0) + 1
    weights[b] = weights.get(b, 0) - 1
    return sum((w * v.std) ** 2 for v, w in weights.items()) ** 0.5
def spread(value, std):
    return std_of_difference(variable(value, std), variable(value + 1, std))
