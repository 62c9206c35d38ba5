import functools

ROWS = []
NOW = {"language": "en"}
TEXTS = {"en": "Hello", "fr": "Bonjour"}


def _work(rounds=12000):
    state = 1
    for step in range(rounds):
        state = (state * 48271 + step) % 2147483647
    return state


class Report:
    def __init__(self, kind):
        self.kind = kind

    @functools.cached_property
    def rows(self):
        return tuple(row for row in ROWS if row[0] == self.kind)


def report(kind):
    _work()
    return Report(kind)


class Pulled:
    """A sequence that is filled from its source as far as it is read."""

    def __init__(self, source):
        self._source = source
        self._seen = []

    def __getitem__(self, index):
        while len(self._seen) <= index:
            self._seen.append(next(self._source))
        return self._seen[index]


def newest(kind):
    _work()
    return Pulled(row for row in reversed(ROWS) if row[0] == kind)


class Author:
    def __init__(self, name):
        self.name = name

    def __getattr__(self, name):
        if name != "books":
            raise AttributeError(name)
        self.books = [row[1] for row in ROWS if row[0] == self.name]
        return self.books


def author(name):
    _work()
    return Author(name)


class Promise:
    def __init__(self, function):
        self._function = function

    def get(self):
        if self._function is not None:
            self._value = self._function()
            self._function = None
        return self._value


def size(kind):
    _work()
    return Promise(lambda: len([row for row in ROWS if row[0] == kind]))


class LazyText:
    def __init__(self, end):
        self._end = end
        self._made = ""

    def __str__(self):
        if not self._made:
            self._made = TEXTS[NOW["language"]] + self._end
        return self._made


def salute(end):
    _work()
    return LazyText(end)
