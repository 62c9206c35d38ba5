class Plot:
    def yield_of(self, seeds):
        if seeds > 90:
            raise OverflowError(seeds)
        return seeds * 2


class Greenhouse(Plot):
    def yield_of(self, seeds):
        harvest = super().yield_of(seeds)
        return harvest
