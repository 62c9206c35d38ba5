"""The result depends on something that is not among the arguments, and that something changes."""

import contextvars
import datetime
import decimal
import io
import itertools
import os
import random
import secrets
import sqlite3
import threading
import time
import uuid
from functools import total_ordering
from pathlib import Path

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

stale = specimen(HazardKind.STALE)

RATE = 2
TABLE = {"a": 1}
PLUGINS: list[str] = []
_counter = itertools.count()
_thread_data = threading.local()
_language = contextvars.ContextVar("language", default="en")


class Settings:
    debug = False
    level = 1


SETTINGS = Settings()


@stale
def relative_path_after_chdir(keeper: Keeper) -> None:
    find = keeper.observe(lambda name: os.path.abspath(name))
    find("x")
    keeper.patch.chdir(keeper.path)
    find("x")


@stale
def resolve_after_chdir(keeper: Keeper) -> None:
    find = keeper.observe(lambda name: Path(name).resolve())
    find("x")
    keeper.patch.chdir(keeper.path)
    find("x")


@stale
def path_cwd_deep_in_a_helper(keeper: Keeper) -> None:
    def root(start: str) -> str:
        return str(Path.cwd() / start)

    find = keeper.observe(lambda start: root(start).upper())
    find("x")
    keeper.patch.chdir(keeper.path)
    find("x")


@stale
def file_read(keeper: Keeper) -> None:
    file = keeper.path / "config"
    read = keeper.observe(lambda name: Path(name).read_text())
    for text in ("one", "two"):
        file.write_text(text)
        read(str(file))


@stale
def file_exists(keeper: Keeper) -> None:
    file = keeper.path / "flag"
    exists = keeper.observe(lambda name: os.path.exists(name))
    exists(str(file))
    file.touch()
    exists(str(file))


@stale
def folder_listing(keeper: Keeper) -> None:
    names = keeper.observe(lambda folder: sorted(os.listdir(folder)))
    names(str(keeper.path))
    (keeper.path / "new").touch()
    names(str(keeper.path))


@stale
def glob(keeper: Keeper) -> None:
    names = keeper.observe(lambda folder: sorted(Path(folder).glob("*.py")))
    names(str(keeper.path))
    (keeper.path / "new.py").touch()
    names(str(keeper.path))


@stale
def modification_time(keeper: Keeper) -> None:
    file = keeper.path / "file"
    file.touch()
    age = keeper.observe(lambda name: os.stat(name).st_mtime_ns)
    age(str(file))
    os.utime(file, ns=(1, 1))
    age(str(file))


@stale
def environment_get(keeper: Keeper) -> None:
    flag = keeper.observe(lambda name: os.environ.get(name, "off"))
    flag("ZOO")
    keeper.patch.setenv("ZOO", "on")
    flag("ZOO")


@stale
def environment_getenv(keeper: Keeper) -> None:
    verbose = keeper.observe(lambda: bool(os.getenv("ZOO")))
    verbose()
    keeper.patch.setenv("ZOO", "on")
    verbose()


@stale
def environment_in_a_default_factory(keeper: Keeper) -> None:
    def expand(text: str) -> str:
        return os.path.expandvars(text)

    expanded = keeper.observe(expand)
    keeper.patch.setenv("ZOO", "1")
    expanded("$ZOO")
    keeper.patch.setenv("ZOO", "2")
    expanded("$ZOO")


@stale
def wall_clock(keeper: Keeper) -> None:
    stamp = keeper.observe(lambda prefix: f"{prefix}-{time.time_ns()}")
    stamp("a")
    stamp("a")


@stale
def datetime_now(keeper: Keeper) -> None:
    def stamp() -> datetime.datetime:
        return datetime.datetime.now(datetime.timezone.utc)

    observed = keeper.observe(stamp)
    observed()
    observed()


@stale
def monotonic(keeper: Keeper) -> None:
    deadline = keeper.observe(lambda seconds: time.monotonic() + seconds)
    deadline(5)
    deadline(5)


@stale
def random_number(keeper: Keeper) -> None:
    jitter = keeper.observe(lambda base: base + random.random())
    jitter(1)
    jitter(1)


@stale
def random_choice_of_an_own_generator(keeper: Keeper) -> None:
    generator = random.Random(7)
    pick = keeper.observe(lambda most: generator.randrange(most))
    for _ in range(4):
        pick(1 << 60)


@stale
def uuid4(keeper: Keeper) -> None:
    name = keeper.observe(lambda kind: f"{kind}-{uuid.uuid4()}")
    name("job")
    name("job")


@stale
def token(keeper: Keeper) -> None:
    make = keeper.observe(lambda size: secrets.token_bytes(size))
    make(16)
    make(16)


@stale
def counter(keeper: Keeper) -> None:
    number = keeper.observe(lambda kind: (kind, next(_counter)))
    number("a")
    number("a")


@stale
def rebound_global(keeper: Keeper) -> None:
    price = keeper.observe(lambda net: net * RATE)
    price(100)
    keeper.patch.setitem(globals(), "RATE", 3)
    price(100)


@stale
def global_table_that_others_fill(keeper: Keeper) -> None:
    look_up = keeper.observe(lambda key: TABLE.get(key))
    look_up("b")
    keeper.patch.setitem(TABLE, "b", 2)
    look_up("b")


@stale
def registry(keeper: Keeper) -> None:
    plugins = keeper.observe(lambda prefix: [name for name in PLUGINS if name.startswith(prefix)])
    plugins("p")
    PLUGINS.append("plugin")
    plugins("p")
    PLUGINS.clear()


@stale
def class_attribute(keeper: Keeper) -> None:
    message = keeper.observe(lambda text: f"{text} (debug)" if Settings.debug else text)
    message("a")
    keeper.patch.setattr(Settings, "debug", True)
    message("a")


@stale
def attribute_of_a_global_object(keeper: Keeper) -> None:
    enabled = keeper.observe(lambda level: level >= SETTINGS.level)
    enabled(1)
    keeper.patch.setattr(SETTINGS, "level", 2)
    enabled(1)


@stale
def closure_cell(keeper: Keeper) -> None:
    factor = 2

    def scale(value: int) -> int:
        return value * factor

    observed = keeper.observe(scale)
    observed(1)
    factor = 3
    observed(1)


@stale
def state_of_self(keeper: Keeper) -> None:
    class Account:
        def __init__(self) -> None:
            self.balance = 0

        def total(self, fee: int) -> int:
            return self.balance - fee

    total = keeper.observe(Account.total)
    account = Account()
    total(account, 1)
    account.balance = 10
    total(account, 1)


@stale
def state_in_slots(keeper: Keeper) -> None:
    class Point:
        __slots__ = ("x",)

        def norm(self) -> int:
            return abs(self.x)

    norm = keeper.observe(Point.norm)
    point = Point()
    point.x = -1
    norm(point)
    point.x = -2
    norm(point)


@stale
def state_of_a_hashable_argument(keeper: Keeper) -> None:
    class Node:
        def __init__(self) -> None:
            self.children: list[int] = []

    count = keeper.observe(lambda node: len(node.children))
    node = Node()
    count(node)
    node.children.append(1)
    count(node)


@stale
def database(keeper: Keeper) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table user (name)")
    count = keeper.observe(
        lambda name: connection.execute("select count(*) from user where name=?", (name,)).fetchone()
    )
    count("a")
    connection.execute("insert into user values ('a')")
    count("a")
    connection.close()


@stale
def thread_local(keeper: Keeper) -> None:
    _thread_data.user = "a"
    who = keeper.observe(lambda: getattr(_thread_data, "user", None))
    who()
    thread = threading.Thread(target=who)
    thread.start()
    thread.join()


@stale
def context_variable(keeper: Keeper) -> None:
    greet = keeper.observe(lambda name: f"{_language.get()}: {name}")
    greet("a")
    contextvars.copy_context().run(lambda: (_language.set("de"), greet("a")))


@stale
def decimal_context(keeper: Keeper) -> None:
    third = keeper.observe(lambda value: decimal.Decimal(value) / 3)
    third("1")
    with decimal.localcontext() as context:
        context.prec = 5
        third("1")


@stale
def patched_dependency(keeper: Keeper) -> None:
    def platform() -> str:
        return os.name

    class Module:
        source = staticmethod(platform)

    name = keeper.observe(lambda: Module.source())
    keeper.test("test_a")
    name()
    keeper.test("test_b")
    keeper.patch.setattr(Module, "source", lambda: "other")
    name()


@stale
def raises_later(keeper: Keeper) -> None:
    files = {"a": "text"}
    read = keeper.observe(lambda name: files[name])
    read("a")
    files.clear()
    try:
        read("a")
    except KeyError:
        pass


@stale
def equality_that_ignores_order(keeper: Keeper) -> None:
    class Marker:
        def __init__(self, *parts: str) -> None:
            self.parts = parts

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Marker) and set(self.parts) == set(other.parts)

        def __hash__(self) -> int:
            return hash(frozenset(self.parts))

    text = keeper.observe(lambda marker: " and ".join(marker.parts))
    text(Marker("a", "b"))
    text(Marker("b", "a"))


@stale
def equality_that_ignores_case(keeper: Keeper) -> None:
    class Header(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return str(self).lower() == str(other).lower()

        def __hash__(self) -> int:
            return hash(str(self).lower())

    line = keeper.observe(lambda header: str.__str__(header) + ":")
    line(Header("Accept"))
    line(Header("ACCEPT"))


@stale
def equality_by_identifier(keeper: Keeper) -> None:
    @total_ordering
    class User:
        def __init__(self, number: int, name: str) -> None:
            self.number, self.name = number, name

        def __eq__(self, other: object) -> bool:
            return isinstance(other, User) and self.number == other.number

        def __lt__(self, other: "User") -> bool:
            return self.number < other.number

        def __hash__(self) -> int:
            return self.number

    greet = keeper.observe(lambda user: {"text": f"Hello {user.name}"})
    greet(User(1, "Ann"))
    greet(User(1, "Anne"))


@stale
def equal_results_of_another_order(keeper: Keeper) -> None:
    class Bag:
        def __init__(self, *items: int) -> None:
            self.items = items

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Bag) and sorted(self.items) == sorted(other.items)

        def __hash__(self) -> int:
            return hash(tuple(sorted(self.items)))

    reverse = keeper.observe(lambda bag: Bag(*bag.items[::-1]))
    assert reverse(Bag(1, 2)) == reverse(Bag(2, 1))


@stale
def negative_zero(keeper: Keeper) -> None:
    text = keeper.observe(lambda value: f"{value:.1f}")
    text(0.0)
    text(-0.0)


@stale
def equal_decimals(keeper: Keeper) -> None:
    text = keeper.observe(lambda value: str(value))
    text(decimal.Decimal("1.0"))
    text(decimal.Decimal("1.00"))


@stale
def changes_only_in_a_later_test(keeper: Keeper) -> None:
    state = {"mode": "a"}
    mode = keeper.observe(lambda name: state[name])
    keeper.test("test_1")
    for _ in range(10):
        mode("mode")
    for number in range(2, 6):
        keeper.test(f"test_{number}")
        mode("mode")
    state["mode"] = "b"
    for number in range(6, 12):
        keeper.test(f"test_{number}")
        mode("mode")


@stale
def attribute_that_is_called_hash(keeper: Keeper) -> None:
    class User:
        def __init__(self, password_hash: str) -> None:
            self.password_hash = password_hash

    table = {"a": "1"}
    user = keeper.observe(lambda name: User(table[name]))
    user("a")
    table["a"] = "2"
    user("a")


@stale
def one_moment_in_two_zones(keeper: Keeper) -> None:
    text = keeper.observe(lambda moment: moment.isoformat())
    moment = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
    text(moment)
    text(moment.astimezone(datetime.timezone(datetime.timedelta(hours=2))))


@stale
def number_with_a_label(keeper: Keeper) -> None:
    class Level(int):
        label = ""

    def level(label: str) -> Level:
        made = Level(1)
        made.label = label
        return made

    name = keeper.observe(lambda value: value.label)
    name(level("low"))
    name(level("high"))


@stale
def attribute_of_a_base_class(keeper: Keeper) -> None:
    class Base:
        rate = 1

    class Price(Base):
        def gross(self, net: int) -> int:
            return net * self.rate

    gross = keeper.observe(Price.gross)
    price = Price()
    gross(price, 2)
    Base.rate = 3
    gross(price, 2)


@stale
def position_of_a_stream(keeper: Keeper) -> None:
    stream = io.StringIO("a\nb\n")
    line = keeper.observe(lambda stream: stream.readline())
    line(stream)
    line(stream)
