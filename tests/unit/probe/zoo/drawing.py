"""A module of helpers that draw, with names bound when it was imported."""

import random
import secrets
import ssl
import uuid
from os import urandom
from random import choice, getrandbits, shuffle
from secrets import token_hex, token_urlsafe
from uuid import uuid1, uuid4

SYSTEM = random.SystemRandom()


def by_token(size: int) -> int:
    return len(token_hex(size))


def by_url(size: int) -> bool:
    return len(token_urlsafe(size)) > 0


def by_urandom(size: int) -> int:
    return len(urandom(size))


def by_uuid4(size: int) -> int:
    return len(str(uuid4())) + size


def by_uuid1(size: int) -> int:
    return len(str(uuid1())) + size


def by_choice(size: int) -> int:
    return choice([size, size])


def by_shuffle(size: int) -> int:
    items = [1] * size
    shuffle(items)
    return sum(items)


def by_bits(size: int) -> int:
    return getrandbits(size) * 0


def by_system(size: int) -> int:
    return SYSTEM.randrange(size) * 0


def by_new_system(size: int) -> int:
    return random.SystemRandom().randrange(size) * 0


def by_secret_choice(size: int) -> int:
    return secrets.choice([size])


def by_secret_below(size: int) -> int:
    return secrets.randbelow(size) * 0


def by_ssl(size: int) -> int:
    return len(ssl.RAND_bytes(size))


def by_module_of_uuid(size: int) -> int:
    return uuid.uuid4().version * size


class Dice:
    """Draws with a method of its own."""

    def __init__(self) -> None:
        self._source = random.Random()

    def throw(self, size: int) -> int:
        return self._source.randint(size, size)


DICE = Dice()


def by_object(size: int) -> int:
    return DICE.throw(size)
