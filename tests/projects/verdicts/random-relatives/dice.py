import random

_GAME = random.Random()


def throw(sides):
    return _GAME.randrange(sides)


class Deck:
    def __init__(self):
        self._mixer = random.Random(3)

    def draw(self, cards):
        picked = cards
        for _ in range(3000):
            picked = self._mixer.randint(0, cards)
        return picked


DECK = Deck()
