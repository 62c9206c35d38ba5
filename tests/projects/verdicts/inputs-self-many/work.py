import array, collections, heapq

def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total
class Inner:
    def __init__(self):
        self.xs = [1]
class Deq:
    def __init__(self):
        self.d = collections.deque([1])
    def more(self):
        self.d.append(2)
    def total(self, k):
        return _burn() * 0 + k + sum(self.d)
class Sett:
    def __init__(self):
        self.s = {1}
    def more(self):
        self.s.add(2)
    def total(self, k):
        return _burn() * 0 + k + sum(self.s)
class Child:
    def __init__(self):
        self.c = Inner()
    def more(self):
        self.c.xs.append(2)
    def total(self, k):
        return _burn() * 0 + k + sum(self.c.xs)
class Arr:
    def __init__(self):
        self.a = array.array('i', [1])
    def more(self):
        self.a.append(2)
    def total(self, k):
        return _burn() * 0 + k + sum(self.a)
class Map:
    def __init__(self):
        self.m = {'a': 1}
    def more(self):
        self.m['b'] = 2
    def total(self, k):
        return _burn() * 0 + k + sum(self.m.values())
class Ulist:
    def __init__(self):
        self.u = collections.UserList([1])
    def more(self):
        self.u.append(2)
    def total(self, k):
        return _burn() * 0 + k + sum(self.u)
class Num:
    def __init__(self):
        self.n = 1
    def more(self):
        self.n += 1
    def total(self, k):
        return _burn() * 0 + k + self.n
class Heap:
    def __init__(self):
        self.h = [1]
    def more(self):
        heapq.heappush(self.h, 2)
    def total(self, k):
        return _burn() * 0 + k + sum(self.h)
