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

def walk(root):
    seen, pending = set(), [root]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
    return len(seen)
def size(value):
    return walk(variable(value, 0.1))
