"""Functions that only compute, each dear and with few arguments."""

import bz2
import hashlib
import zlib


def primes(limit):
    sieve = bytearray([1]) * limit
    for number in range(2, int(limit**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, limit, number)))
    return sum(sieve) - 2


def digest(text):
    """Computes outside the interpreter's lock, which is no waiting."""
    return hashlib.pbkdf2_hmac("sha256", text.encode(), b"salt", 3000).hex()


def packed(size):
    return len(zlib.compress(bytes(n * n % 251 for n in range(size)), 9))


def once(number):
    """Dear, but every argument is new."""
    return sum(n * number % 7 for n in range(3000))


def squeezed(size):
    """One long call into C after another."""
    return len(bz2.compress(bytes(n * n % 251 for n in range(size))))
