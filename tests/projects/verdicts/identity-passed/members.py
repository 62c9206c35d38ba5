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

def total(*parts):
    distinct = set()
    for part in parts:
        distinct.add(part)
    return sum(part.value for part in distinct)
def pair(value):
    left = variable(value, 0.1)
    right = variable(value + 1, 0.1)
    return total(left, right)
