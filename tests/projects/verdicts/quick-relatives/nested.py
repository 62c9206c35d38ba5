import functools


@functools.lru_cache(maxsize=None)
def roman(number):
    return "I" * number if number < 4 else "V" + "I" * (number - 5)


def chapter(number):
    return f"Chapter {roman(number)}"


@functools.lru_cache(maxsize=16)
def cell(text):
    return text.center(9)


def row(text):
    return cell(text) + "|" + cell(text[::-1])


def table(text):
    return row(text) + "\n" + row(text.upper())


class Rates:
    @staticmethod
    @functools.lru_cache(maxsize=8)
    def rate(kind):
        return {"full": 19, "half": 7}[kind]

    @classmethod
    def tax(cls, kind, amount):
        return cls.rate(kind) * amount


@functools.lru_cache(maxsize=32)
def clean(word):
    return word.strip().lower()


def stem(word, *endings):
    return functools.reduce(str.removesuffix, endings, clean(word))


@functools.lru_cache(maxsize=64)
def digit(letter):
    return ord(letter) % 10


def checksum(text):
    return sum(digit(letter) for letter in text)
