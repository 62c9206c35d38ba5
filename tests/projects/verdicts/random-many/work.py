import os, random, secrets, string, tempfile, time, uuid
def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total

SYS = random.SystemRandom()
def system(x):
    SYS.random()
    return x + str(_burn())

def _make():
    rng = random.Random(4)
    return lambda: rng.random()
draw = _make()
def in_closure(x):
    draw()
    return x + str(_burn())

def in_default(x, rng=random.Random(5)):
    rng.shuffle([1, 2, 3])
    return x + str(_burn())

pick = random.choice
def method_alias(x):
    pick('abc')
    return x + str(_burn())

def by_uuid(x):
    uuid.uuid4()
    return x + str(_burn())

def by_secret(x):
    secrets.randbelow(10)
    return x + str(_burn())

def by_os(x):
    os.urandom(3)
    return x + str(_burn())

class Dice(random.Random):
    def roll(self):
        return self.randint(1, 6)
DICE = Dice(3)
def subclass(x):
    DICE.roll()
    return x + str(_burn())

def sampled(x):
    random.sample(range(10), 3)
    return x + str(_burn())

def gaussian(x):
    random.gauss(0, 1)
    return x + str(_burn())

def clock_seed(x):
    random.Random(time.time_ns()).random()
    return x + str(_burn())

