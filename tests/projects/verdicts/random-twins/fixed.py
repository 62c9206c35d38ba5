import hashlib
import random
import secrets
import uuid


def board(seed):
    own = random.Random(seed)
    return tuple(own.randrange(9) for _ in range(2500))


def name_id(name):
    found = uuid.NAMESPACE_DNS
    for _ in range(300):
        found = uuid.uuid5(found, name)
    return str(found)


def same(left, right):
    alike = True
    for _ in range(9000):
        alike = secrets.compare_digest(left, right) and alike
    return alike


def noise(x, y):
    """Pseudo-random, and nothing but a function of its arguments."""
    value = f"{x}:{y}".encode()
    for _ in range(1500):
        value = hashlib.blake2b(value, digest_size=8).digest()
    return value.hex()


class Congruential:
    def __init__(self, seed):
        self.seed = seed

    def random(self):
        self.seed = (self.seed * 1103515245 + 12345) % 2**31
        return self.seed / 2**31


def simulate(seed):
    source = Congruential(seed)
    return sum(source.random() for _ in range(5000))


def parsed(text):
    found = None
    for _ in range(800):
        found = uuid.UUID(hex=text)
    return found.int % 1000
