class LogBook:
    def __init__(self, ship):
        self.ship = ship
        self.legs = []

    def sail(self, miles):
        self.legs.append(miles)

    def distance(self):
        drift = 0
        for tick in range(12000):
            drift ^= tick * 5
        return sum(self.legs) + drift * 0
