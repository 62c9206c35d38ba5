class Cell:
    def __init__(self):
        self.total = 0.0


class Meter:
    def __init__(self, name):
        self.name = name
        self.cells = Cell()

    def observe(self, amount=1.0):
        self.cells.total += amount


RENDERED = Meter("rendered")
