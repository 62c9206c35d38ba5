import collections
import csv
import hashlib
import io

RATES = {"a": {"reduced": 7, "full": 19}, "b": {"reduced": 5, "full": 20}}


class Tally:
    def __init__(self):
        self.hits = 0

    def hit(self):
        self.hits += 1


def vowels(text):
    tally = Tally()
    for letter in text * 1500:
        if letter in "aeiou":
            tally.hit()
    return tally.hits


def tax(country, kind):
    owed = 0
    for cent in range(6000):
        owed += cent * RATES[country][kind] // 100
    return owed


def price(weight, _steps=(20, 50, 500, 1000)):
    total = 0
    for gram in range(3000):
        total += sum(gram * weight % step for step in _steps) % 3
    return total


def fingerprint(text):
    digest = hashlib.sha256()
    for _ in range(6000):
        digest.update(text.encode())
    return digest.hexdigest()


def table(rows):
    stream = io.StringIO()
    writer = csv.writer(stream)
    for row in range(rows * 100):
        writer.writerow([row, row * row])
    return stream.getvalue()


def smoothed(values):
    window = collections.deque(maxlen=5)
    total = 0
    for value in iter(values * 1200):
        window.append(value)
        total += max(window)
    return total


def squares(limit):
    numbers = (n * n for n in range(limit))
    skipped = next(numbers) + next(numbers)
    return skipped + sum(numbers)
