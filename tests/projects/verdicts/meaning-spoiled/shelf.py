import functools


def _work(rounds=9000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


@functools.lru_cache(maxsize=None)
def defaults(profile):
    _work()
    return {"host": "localhost", "profile": profile}


def connect(profile, **more):
    options = defaults(profile)
    options.update(more)
    return "&".join(f"{key}={value}" for key, value in sorted(options.items()))


@functools.cache
def tags(kind):
    _work()
    return [kind, "all"]


def labelled(kind, label):
    found = tags(kind)
    found.append(label)
    return found


class Account:
    def __init__(self, name):
        self.name = name
        self.grants = ["read"]


@functools.lru_cache(maxsize=64)
def account(name):
    _work()
    return Account(name)


def admin(name):
    found = account(name)
    found.grants.append("write")
    return found


@functools.lru_cache(maxsize=None)
def grid(size):
    _work()
    return [[0] * size for _ in range(size)]


def marked(size, row, column):
    cells = grid(size)
    cells[row][column] = 1
    return cells


class Reader:
    @staticmethod
    @functools.lru_cache(maxsize=32)
    def header(name):
        _work()
        return bytearray(b"name:" + name.encode())

    @classmethod
    def sealed(cls, name):
        found = cls.header(name)
        found += b"!"
        return bytes(found)
