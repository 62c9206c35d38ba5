from telemetry import Stats


class Parcel:
    def __init__(self, sides):
        self.sides = sides

    @staticmethod
    def girth(a, b):
        Stats.total.value += 1
        length = 0
        for turn in range(9000):
            length = (length + a * turn + b) % 2003
        return length
