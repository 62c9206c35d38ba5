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

def covariance(a, b):
    if a is b:
        return a.std ** 2
    return 0.0
def check(value):
    return covariance(variable(value, 0.1), variable(value + 1, 0.1))
