"""Results that read something when they are used, though it did not change while the tests ran."""

import csv
import functools
import json
import os
import re
import sqlite3
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.unit.probe.zoo import Keeper, specimen

doubt = specimen("doubt")
noticed = specimen("noticed")
harmless = specimen(None)

VOWELS = frozenset("aeiou")
SIZES = {"s": 1, "m": 2}


ROWS: list[str] = []
LANGUAGE = {"now": "en"}
SQUARES: dict[int, int] = {}


def add_row(row: str) -> None:
    ROWS.append(row)


def choose(language: str) -> None:
    LANGUAGE["now"] = language


def hello() -> str:
    return {"en": "Hello ", "de": "Hallo "}[LANGUAGE["now"]]


def squared(value: int) -> int:
    if value not in SQUARES:
        SQUARES[value] = value * value
    return SQUARES[value]


def _connection() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table book (title, author)")
    connection.executemany("insert into book values (?, ?)", [("a", "ada"), ("b", "ada")])
    return connection


class Rows:
    """Looked up when they are first asked for."""

    def __init__(self, connection: sqlite3.Connection, author: str) -> None:
        self._connection, self.author, self._rows = connection, author, None

    def _fetch(self) -> None:
        if self._rows is None:
            found = self._connection.execute("select title from book where author = ?", (self.author,))
            self._rows = [title for (title,) in found]

    def __iter__(self) -> Iterator[str]:
        self._fetch()
        return iter(self._rows)

    def __len__(self) -> int:
        self._fetch()
        return len(self._rows)


@doubt
def rows_of_a_database(keeper: Keeper) -> None:
    connection = _connection()
    books = keeper.observe(lambda author: Rows(connection, author))
    for _ in range(4):
        assert [*books("ada")] == ["a", "b"]
    connection.close()


@doubt
def rows_of_a_database_read_in_one_test_only(keeper: Keeper) -> None:
    connection = _connection()
    books = keeper.observe(lambda author: Rows(connection, author))
    for _ in range(3):
        books("ada")
    assert len(books("ada")) == 2
    connection.close()


@doubt
def relation_loaded_when_asked(keeper: Keeper) -> None:
    connection = _connection()

    class Author:
        def __init__(self, name: str) -> None:
            self.name = name

        @functools.cached_property
        def titles(self) -> list[str]:
            return [title for (title,) in connection.execute("select title from book")]

    author = keeper.observe(lambda name: Author(name))
    for _ in range(4):
        assert author("ada").titles == ["a", "b"]
    connection.close()


@doubt
def text_of_a_file_when_asked(keeper: Keeper) -> None:
    (keeper.path / "page").write_text("x")

    class Page:
        def __init__(self, path: Path) -> None:
            self.path = path

        @functools.cached_property
        def text(self) -> str:
            return self.path.read_text()

    page = keeper.observe(lambda path: Page(Path(path)))
    for _ in range(4):
        assert page(str(keeper.path / "page")).text == "x"


@doubt
def options_of_a_file_when_asked(keeper: Keeper) -> None:
    (keeper.path / "options").write_text('{"a": 1}')

    class Options:
        def __init__(self, path: str) -> None:
            self._path, self._values = path, None

        def __getattr__(self, name: str) -> Any:
            if self._values is None:
                with open(self._path) as stream:
                    self._values = json.load(stream)
            return self._values[name]

    options = keeper.observe(lambda path: Options(path))
    for _ in range(4):
        assert options(str(keeper.path / "options")).a == 1


@noticed
def table_of_a_file_when_asked(keeper: Keeper) -> None:
    (keeper.path / "table").write_text("a,b\n1,2\n")

    class Table:
        def __init__(self, path: str) -> None:
            self.path, self._loaded = path, False
            self._lines: list[dict[str, str]] = []

        def lines(self) -> list[dict[str, str]]:
            if not self._loaded:
                self._load()
            return self._lines

        def _load(self) -> None:
            with open(self.path, newline="") as stream:
                self._lines.extend(csv.DictReader(stream))
            self._loaded = True

    table = keeper.observe(lambda path: Table(path))
    for _ in range(4):
        assert table(str(keeper.path / "table")).lines() == [{"a": "1", "b": "2"}]


@doubt
def environment_when_asked(keeper: Keeper) -> None:
    class Host:
        def __init__(self, name: str) -> None:
            self.name, self._address = name, None

        @property
        def address(self) -> str:
            if self._address is None:
                self._address = os.environ.get(self.name, "localhost")
            return self._address

    host = keeper.observe(lambda name: Host(name))
    for _ in range(4):
        assert host("ZOO_HOST").address == "localhost"


@doubt
def promise_of_a_file(keeper: Keeper) -> None:
    (keeper.path / "page").write_text("x")

    class Promise:
        def __init__(self, function: Any) -> None:
            self._function, self._value = function, None

        def get(self) -> Any:
            if self._function is not None:
                self._value, self._function = self._function(), None
            return self._value

    later = keeper.observe(lambda name: Promise((keeper.path / name).read_text))
    for _ in range(4):
        assert later("page").get() == "x"


@harmless
def split_when_asked(keeper: Keeper) -> None:
    class Text:
        def __init__(self, text: str) -> None:
            self.text, self._words = text, None

        def words(self) -> list[str]:
            if self._words is None:
                self._words = [word.strip(string.punctuation) for word in self.text.split()]
            return self._words

    read = keeper.observe(lambda text: Text(text))
    for _ in range(4):
        assert read("a, b").words() == ["a", "b"]


@harmless
def pattern_compiled_when_asked(keeper: Keeper) -> None:
    class Route:
        def __init__(self, text: str) -> None:
            self.text = text

        @functools.cached_property
        def pattern(self) -> "re.Pattern[str]":
            return re.compile(self.text)

    route = keeper.observe(lambda text: Route(text))
    for _ in range(4):
        assert route("a+").pattern.match("aa")


@harmless
def constants_looked_at_when_asked(keeper: Keeper) -> None:
    class Word:
        def __init__(self, text: str) -> None:
            self.text, self._vowels, self._size = text, None, None

        def measure(self) -> int:
            if self._vowels is None:
                self._vowels = sum(letter in VOWELS for letter in self.text)
                self._size = SIZES["s"]
            return self._vowels * self._size

    word = keeper.observe(lambda text: Word(text))
    for _ in range(4):
        assert word("banana").measure() == 3


@harmless
def module_imported_when_asked(keeper: Keeper) -> None:
    class Quoted:
        def __init__(self, text: str) -> None:
            self.text = text

        @functools.cached_property
        def quoted(self) -> str:
            import shlex  # noqa: PLC0415

            return shlex.quote(self.text)

    quoted = keeper.observe(lambda text: Quoted(text))
    for _ in range(4):
        assert quoted("a b").quoted == "'a b'"


@harmless
def sorted_when_asked(keeper: Keeper) -> None:
    class Sample:
        def __init__(self, *values: int) -> None:
            self.values, self._sorted = values, None

        def median(self) -> int:
            if self._sorted is None:
                self._sorted = sorted(self.values)
            return self._sorted[len(self._sorted) // 2]

    sample = keeper.observe(lambda a, b, c: Sample(a, b, c))
    for _ in range(4):
        assert sample(3, 1, 2).median() == 2


@harmless
def computed_by_a_helper_when_asked(keeper: Keeper) -> None:
    def area(side: int) -> int:
        return side**2

    class Shape:
        def __init__(self, side: int) -> None:
            self.side = side

        @functools.cached_property
        def area(self) -> int:
            return area(self.side)

    shape = keeper.observe(lambda side: Shape(side))
    for _ in range(4):
        assert shape(3).area == 9


@doubt
def loaded_by_a_helper_of_the_module(keeper: Keeper) -> None:
    (keeper.path / "page").write_text("x")

    class Page:
        def __init__(self, path: Path) -> None:
            self.path, self._text = path, None

        @property
        def text(self) -> str:
            if self._text is None:
                self._text = _load(self.path)
            return self._text

    page = keeper.observe(lambda path: Page(Path(path)))
    for _ in range(4):
        assert page(str(keeper.path / "page")).text == "x"


def _load(path: Path) -> str:
    with open(path) as stream:
        return stream.read()


@doubt
def pages_in_a_list(keeper: Keeper) -> None:
    (keeper.path / "page").write_text("x")

    class Page:
        def __init__(self, path: Path) -> None:
            self.path = path

        @functools.cached_property
        def size(self) -> int:
            return len(self.path.read_bytes())

    pages = keeper.observe(lambda path: [Page(Path(path)), Page(Path(path))])
    for _ in range(4):
        assert [page.size for page in pages(str(keeper.path / "page"))] == [1, 1]


@doubt
def rows_of_a_list_that_others_fill(keeper: Keeper) -> None:
    class Report:
        def __init__(self, kind: str) -> None:
            self.kind = kind

        @functools.cached_property
        def rows(self) -> list[str]:
            return [row for row in ROWS if row.startswith(self.kind)]

    add_row("abc")
    report = keeper.observe(lambda kind: Report(kind))
    for _ in range(4):
        assert report("a").rows[0] == "abc"


@doubt
def words_of_a_language_that_is_chosen(keeper: Keeper) -> None:
    class Text:
        def __init__(self, name: str) -> None:
            self.name, self._made = name, None

        def __str__(self) -> str:
            if self._made is None:
                self._made = hello() + self.name
            return self._made

    text = keeper.observe(lambda name: Text(name))
    for _ in range(4):
        assert str(text("ada")) == "Hello ada"


@harmless
def table_filled_by_the_same_code(keeper: Keeper) -> None:
    class Number:
        def __init__(self, value: int) -> None:
            self.value = value

        @functools.cached_property
        def square(self) -> int:
            return squared(self.value)

    number = keeper.observe(lambda value: Number(value))
    for _ in range(4):
        assert number(3).square == 9


@harmless
def opens_and_closes_itself(keeper: Keeper) -> None:
    class Door:
        def __init__(self, name: str) -> None:
            self.name, self._label = name, None

        def open(self) -> str:
            return f"{self.name} is open"

        def label(self) -> str:
            if self._label is None:
                self._label = self.open().upper()
            return self._label

    door = keeper.observe(lambda name: Door(name))
    for _ in range(4):
        assert door("a").label() == "A IS OPEN"


@harmless
def can_be_saved_but_is_not(keeper: Keeper) -> None:
    """Another method than the one that was called reads files."""

    class Document:
        def __init__(self, text: str) -> None:
            self.text, self._words = text, None

        def words(self) -> list[str]:
            if self._words is None:
                self._words = self.text.split()
            return self._words

        def save(self, path: Path) -> None:
            path.write_text(self.text)

        def reload(self, path: Path) -> None:
            self.text = path.read_text()

    read = keeper.observe(lambda text: Document(text))
    for _ in range(4):
        assert read("a b").words() == ["a", "b"]
