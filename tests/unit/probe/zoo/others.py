"""Types, instances that are kept alive, arguments that cannot be a key; and reads that did not vary."""

import collections
import contextlib
import datetime
import decimal
import enum
import hashlib
import inspect
import locale
import os
import random
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

typed = specimen(HazardKind.TYPED)
leak = specimen(HazardKind.LEAK)
broken = specimen(HazardKind.BROKEN)
doubt = specimen("doubt")


@typed
def bool_and_int(keeper: Keeper) -> None:
    text = keeper.observe(lambda value, unit: f"{value} {unit}")
    text(1, "m")
    text(True, "m")


@typed
def int_and_float(keeper: Keeper) -> None:
    half = keeper.observe(lambda value, by: value // by)
    half(3, 2)
    half(3.0, 2)


@typed
def float_and_decimal(keeper: Keeper) -> None:
    double = keeper.observe(lambda value: value * 2)
    double(0.5)
    double(decimal.Decimal("0.5"))


@typed
def keyword_argument(keeper: Keeper) -> None:
    text = keeper.observe(lambda *, value: repr(value))
    text(value=0)
    text(value=False)


@typed
def raises_for_one_type(keeper: Keeper) -> None:
    bits = keeper.observe(lambda value, *, extra=0: value.bit_length() + extra)
    bits(1, extra=1)
    try:
        bits(1.0, extra=1)
    except AttributeError:
        pass


@typed
def inside_a_tuple(keeper: Keeper) -> None:
    text = keeper.observe(lambda values: str(values))
    text((1, 2))
    text((1.0, 2))


@typed
def text_subclass(keeper: Keeper) -> None:
    class Markup(str):
        __slots__ = ()

    escape = keeper.observe(lambda text: text if type(text) is Markup else text.replace("<", "&lt;"))
    escape(text="<")
    escape(text=Markup("<"))


@typed
def date_and_its_subclass(keeper: Keeper) -> None:
    class Day(datetime.date):
        pass

    name = keeper.observe(lambda day: type(day).__name__)
    name(datetime.date(2020, 1, 1))
    name(Day(2020, 1, 1))


@typed
def member_of_an_enumeration(keeper: Keeper) -> None:
    class Colour(enum.IntEnum):
        RED = 1

    text = keeper.observe(lambda *, value: repr(value))
    text(value=1)
    text(value=Colour.RED)


@typed
def named_tuples_of_two_kinds(keeper: Keeper) -> None:
    point = collections.namedtuple("point", "x y")
    size = collections.namedtuple("size", "width height")
    fields = keeper.observe(lambda pair: pair._fields)
    fields(point(1, 2))
    fields(size(1, 2))


class Parser:
    def __init__(self, text: str) -> None:
        self.text = text

    def words(self, separator: str = " ") -> int:
        return len(self.text.split(separator))

    @property
    def length(self) -> int:
        return len(self.text)


@leak
def method_of_short_lived_instances(keeper: Keeper) -> None:
    words = keeper.observe(Parser.words)
    for text in ("a", "b", "c"):
        parser = Parser(text)
        words(parser)
        words(parser)
    del parser


@leak
def property_of_short_lived_instances(keeper: Keeper) -> None:
    length = keeper.observe(Parser.length.fget)
    for text in ("a", "b", "c"):
        parser = Parser(text)
        length(parser)
        length(parser)
    del parser


@leak
def instances_with_slots(keeper: Keeper) -> None:
    class Row:
        __slots__ = ("__weakref__", "cells")

        def width(self) -> int:
            return 3

    width = keeper.observe(Row.width)
    for _ in range(3):
        row = Row()
        width(row)
        width(row)
    del row


@leak
def instances_in_cycles(keeper: Keeper) -> None:
    class Schema:
        def __init__(self) -> None:
            self.fields = [Field(self)]

        def size(self) -> int:
            return len(self.fields)

    class Field:
        def __init__(self, owner: Schema) -> None:
            self.owner = owner

    size = keeper.observe(Schema.size)
    for _ in range(3):
        schema = Schema()
        size(schema)
        size(schema)
    del schema


@leak
def result_that_holds_self(keeper: Keeper) -> None:
    class View:
        def __init__(self, owner: object) -> None:
            self.owner = owner

    class Owner:
        def view(self, name: str) -> View:
            return View(self)

    view = keeper.observe(Owner.view)
    for _ in range(3):
        owner = Owner()
        view(owner, "a")
        view(owner, "a")
    del owner


@broken
def list_argument(keeper: Keeper) -> None:
    total = keeper.observe(lambda values: sum(values))
    total([1, 2])


@broken
def dict_argument_by_keyword(keeper: Keeper) -> None:
    size = keeper.observe(lambda *, options: len(options))
    size(options={"a": 1})


@broken
def set_in_a_tuple(keeper: Keeper) -> None:
    size = keeper.observe(lambda pair: len(pair[1]))
    size((1, {2}))


@broken
def object_that_compares_but_does_not_hash(keeper: Keeper) -> None:
    class Point:
        def __init__(self, x: int) -> None:
            self.x = x

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Point) and self.x == other.x

    norm = keeper.observe(lambda point: abs(point.x))
    norm(Point(1))


@broken
def comparison_that_raises(keeper: Keeper) -> None:
    class Vague:
        def __hash__(self) -> int:
            return 3

        def __eq__(self, other: object) -> bool:
            raise ValueError

    name = keeper.observe(lambda vague: "a")
    name(Vague())
    name(Vague())


@broken
def one_of_many_calls(keeper: Keeper) -> None:
    size = keeper.observe(lambda values: len(values))
    for _ in range(10):
        size((1, 2))
    size([1, 2])


@doubt
def relative_path_without_chdir(keeper: Keeper) -> None:
    find = keeper.observe(lambda name: os.path.abspath(name))
    find("x")
    find("x")


@doubt
def path_cwd_without_chdir(keeper: Keeper) -> None:
    find = keeper.observe(lambda name: (Path.cwd() / name).name)
    find("x")
    find("x")


@doubt
def unchanged_config_file(keeper: Keeper) -> None:
    file = keeper.path / "config"
    file.write_text("x")
    read = keeper.observe(lambda name: Path(name).read_text())
    read(str(file))
    read(str(file))


@doubt
def looks_for_a_file_upwards(keeper: Keeper) -> None:
    def find(start: str) -> str:
        folder = Path(start)
        while folder != folder.parent and not (folder / "no-such-file").exists():
            folder = folder.parent
        return str(folder)

    observed = keeper.observe(find)
    observed(str(keeper.path))
    observed(str(keeper.path))


@doubt
def unchanged_environment(keeper: Keeper) -> None:
    verbose = keeper.observe(lambda name: name in os.environ)
    verbose("ZOO")
    verbose("ZOO")


@doubt
def home_folder(keeper: Keeper) -> None:
    keeper.patch.setenv("HOME", "/home/zoo")
    expand = keeper.observe(lambda name: os.path.expanduser(name))
    expand("~/x")
    expand("~/x")


@doubt
def date_of_today(keeper: Keeper) -> None:
    age = keeper.observe(lambda year: datetime.date.today().year - year)
    age(1970)
    age(1970)


@doubt
def clock_rounded_to_the_age_of_the_world(keeper: Keeper) -> None:
    epoch = keeper.observe(lambda: int(time.time()) // 10**10)
    epoch()
    epoch()


@doubt
def local_time_zone(keeper: Keeper) -> None:
    year = keeper.observe(lambda: time.localtime().tm_year // 1000)
    year()
    year()


@doubt
def random_number_that_rarely_matters(keeper: Keeper) -> None:
    sample = keeper.observe(lambda value: value if random.random() < 2 else None)
    sample(1)
    sample(1)


@doubt
def locale_conventions(keeper: Keeper) -> None:
    point = keeper.observe(lambda value: locale.localeconv()["decimal_point"] + value)
    point("5")
    point("5")


@doubt
def its_caller(keeper: Keeper) -> None:
    where = keeper.observe(lambda depth: sys._getframe(depth).f_code.co_name != "")
    where(1)
    where(1)


@doubt
def listing_that_does_not_change(keeper: Keeper) -> None:
    names = keeper.observe(lambda folder: os.listdir(folder))
    names(str(keeper.path))
    names(str(keeper.path))


@doubt
def class_made_on_the_fly(keeper: Keeper) -> None:
    def make(name: str) -> Any:
        return collections.namedtuple(name, "a b")(1, 2)

    observed = keeper.observe(make)
    observed("Point")
    observed("Point")


@doubt
def generator_that_all_share(keeper: Keeper) -> None:
    generator = random.Random(5)
    sample = keeper.observe(lambda value: value if generator.random() < 2 else None)
    sample(1)
    sample(1)


@doubt
def generator_without_a_seed(keeper: Keeper) -> None:
    sample = keeper.observe(lambda value: value if random.Random().random() < 2 else None)
    sample(1)
    sample(1)


@doubt
def its_caller_through_inspect(keeper: Keeper) -> None:
    where = keeper.observe(lambda kind: inspect.currentframe() is not kind)
    where(1)
    where(1)


@doubt
def database_that_does_not_change(keeper: Keeper) -> None:
    def size(name: str) -> int:
        with contextlib.closing(sqlite3.connect(name)) as connection:
            return len(connection.execute("select * from sqlite_master").fetchall())

    observed = keeper.observe(size)
    observed(str(keeper.path / "data"))
    observed(str(keeper.path / "data"))


@doubt
def goes_to_a_directory_and_back(keeper: Keeper) -> None:
    def names(folder: str) -> list[str]:
        before = os.getcwd()
        os.chdir(folder)
        try:
            return os.listdir()
        finally:
            os.chdir(before)

    observed = keeper.observe(names)
    observed(str(keeper.path))
    observed(str(keeper.path))


@doubt
def object_that_a_c_type_keeps_to_itself(keeper: Keeper) -> None:
    digest = keeper.observe(lambda data: hashlib.sha256(data))
    digest(b"a")
    digest(b"a")


@doubt
def iterator_in_a_tuple(keeper: Keeper) -> None:
    numbers = keeper.observe(lambda most: (most, iter(range(most))))
    assert [*numbers(2)[1]] == [*numbers(2)[1]]
