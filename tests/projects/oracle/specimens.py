"""Runs functions under the oracle as it is laid out, in any CPython from 3.8 on; prints what it wrote.

python specimens.py FOLDER PACKAGE    FOLDER holds the probe under the name PACKAGE
"""

import calendar
import collections
import concurrent.futures
import configparser
import contextlib
import contextvars
import datetime
import decimal
import enum
import functools
import importlib
import inspect
import io
import json
import logging
import os
import pathlib
import random
import sqlite3
import sys
import tempfile
import threading
import weakref
import time
import uuid
import warnings

FOLDER, PACKAGE = sys.argv[1:]
sys.path.insert(0, FOLDER)
oracle = importlib.import_module(PACKAGE + ".oracle.oracle")
oracle.ALLOWANCE = 10**10  # all of them are to be looked at, however slow the machine is
sys.path.remove(FOLDER)
RECORDS = tempfile.mkdtemp()
ORACLE = oracle.begin(os.path.join(RECORDS, "1"))
NAMES = []
END = threading.Event()


def observe(function):
    slot = len(NAMES)
    NAMES.append(function.__name__)
    numbers, wanted = {}, set()
    watch = ORACLE.watch(slot, 0, function, wanted, 0)

    @functools.wraps(function)
    def wrapper(*args):
        try:
            number = numbers.get(args)
        except TypeError:
            number = 0
        if number is None:
            number = numbers[args] = len(numbers) + 1
            watch.met(number, args, {})
        token = watch.before(number, args, {}) if number in wanted else None
        result = function(*args)
        if token is not None:
            watch.returned(token, result, False)
        return result

    wrapper.__code__ = wrapper.__code__.replace(co_filename=oracle.__file__)  # as the recorder's are
    return wrapper


class Thing:
    def __init__(self, value):
        self.value = value

    @functools.lru_cache(maxsize=None)  # noqa: B019
    def memo(self):
        return self.value


@observe
def harmless(value):
    made = collections.OrderedDict(a=Thing(value), b=[value, {value}, frozenset([value])])
    return made, datetime.date(2020, 1, value), "x".join(map(str, range(value)))


@observe
def stale_clock(value):
    return time.time()


@observe
def stale_directory(name):
    return os.path.abspath(name)


@observe
def stale_random(value):
    return random.random(), uuid.uuid4()


@observe
def reads_environment(name):
    return os.environ.get(name)


@observe
def reads_directory(name):
    return os.getcwd() and name


@observe
def reads_files(name):
    return os.path.exists(name), os.path.isdir(name)


@observe
def aliased(value):
    return [Thing(value)]


@observe
def typed(value, unit):
    return str(value) + unit


@observe
def prints(value):
    print(value, file=sys.stderr)
    return value


@observe
def logs(value):
    logging.getLogger("specimens").error("%s", value)
    return value


@observe
def writes(name):
    with open(name, "a") as stream:
        return stream.write("x")


COUNTS = {}


@observe
def counts(value):
    COUNTS["calls"] = COUNTS.get("calls", 0) + 1
    return value


@observe
def refused(values):
    return len(values)


@observe
def one_shot(value):
    return (item for item in (value,))


GENERATOR = random.Random(1)
LANGUAGE = contextvars.ContextVar("language", default="en")
CONNECTION = sqlite3.connect(":memory:")
CONNECTION.execute("create table visit (name)")


@observe
def undoes(text):
    """What a call undoes itself is no effect."""
    os.environ["SPECIMEN"] = text
    del os.environ["SPECIMEN"]
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        print(text)
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
    return stream.getvalue()


@observe
def seeded(seed):
    return random.Random(seed).random()


@observe
def draws(value):
    return GENERATOR.random() < value


@observe
def unseeded(value):
    return random.Random().random() < value


@observe
def generator(seed):
    return random.Random(seed)


@observe
def sets_variable(name):
    LANGUAGE.set(name)
    return name


@observe
def warns(value):
    warnings.warn("careful")
    return value


@observe
def inserts(name):
    CONNECTION.execute("insert into visit values (?)", (name,))
    return name


@observe
def asks_its_caller(value):
    return inspect.currentframe() is value


@observe
def counts_on_class(self):
    type(self).count = getattr(type(self), "count", 0) + 1
    return 1


@observe
def starts_thread(value):
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    return value


@observe
def leaves_thread_running(value):
    threading.Thread(target=END.wait, daemon=True).start()
    return value


@observe
def told_apart(value):
    return Thing(value)


@observe
def compared(value):
    return Thing(value)


@observe
def kept_apart(value):
    return Thing(value)


@observe
def only_read(value):
    return Thing(value)


def asks_which():
    first, second = told_apart(1), told_apart(1)
    assert first is not second
    one = compared(1)
    two = compared(1)
    assert one != two
    assert len({kept_apart(1) for _ in range(4)}) == 4
    before = only_read(1)
    after = only_read(1)
    assert before.value is after.value and before is not None


class Piece:
    def __init__(self, size):
        self.size = size


class Knot:
    def __init__(self, name):
        self.name = name


class Club:
    def __init__(self):
        self.members = weakref.WeakSet()


@observe
def told_by_number(size):
    return Piece(size)


@observe
def noted(name):
    return Knot(name)


@observe
def listed(name):
    return Knot(name)


@observe
def noted_alike(name):
    return Knot(name)


def sizes(pieces):
    return sorted({id(piece): piece.size for piece in pieces}.values())


def join(club):
    member = listed("a")
    club.members.add(member)
    return member


def keeps_of_each():
    colours, lengths = weakref.WeakKeyDictionary(), weakref.WeakKeyDictionary()
    for number in range(4):
        assert sizes([told_by_number(1), told_by_number(2)]) == [1, 2]
        colours[noted("a")] = number
        lengths[noted_alike("a")] = 1
        club = Club()
        member = join(club)
        assert [*club.members] == [member]


@observe
def computes_in_pool(value):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(abs, value).result()


class Mode(enum.Enum):
    FAST = 1
    SAFE = 2


class Options:
    rate, mode, root, stays = decimal.Decimal("0.19"), Mode.FAST, pathlib.PurePosixPath("/a"), Mode.FAST


OPTIONS = Options()
PARSER = configparser.ConfigParser()
PARSER.read_dict({"shop": {"currency": "EUR"}})
FEATURES = {"a", "b"}
HANDLERS = {"page": str.upper}
LOG = logging.getLogger("specimens.quiet")


@functools.singledispatch
def spelled(value):
    return "?"


@observe
def reads_a_number(value):
    return "%s %s" % (OPTIONS.rate, value)


@observe
def reads_a_mode(value):
    return "%s %s" % (OPTIONS.mode, value)


@observe
def reads_a_path(value):
    return "%s/%s" % (OPTIONS.root, value)


@observe
def reads_what_stays(value):
    return "%s %s" % (OPTIONS.stays, value)


@observe
def reads_a_parser(value):
    return "%s %s" % (PARSER.get("shop", "currency"), value)


@observe
def reads_features(value):
    return value, "b" in FEATURES


@observe
def reads_handlers(value):
    return HANDLERS["page"](str(value))


@observe
def reads_a_level(value):
    return value, LOG.isEnabledFor(logging.DEBUG)


@observe
def dispatches(value):
    return spelled(value)


@observe
def reads_the_zone(value):
    return time.localtime(value).tm_hour


@observe
def reads_the_weekday(value):
    return len(calendar.monthcalendar(2024, value))


@observe
def reads_a_year(value):
    return calendar.isleap(2000 + value)


TABLE = {"read": 1, "unread": 1, "alone": 1}


@observe
def reads_an_entry(value):
    return TABLE["read"], TABLE.get("late"), value


@observe
def reads_another_entry(value):
    return OTHERS["alone"], OTHERS.get("late"), value


OTHERS = dict(TABLE)
READERS = [
    *(reads_an_entry, reads_another_entry),
    *(reads_a_number, reads_a_mode, reads_a_path, reads_what_stays, reads_a_parser, reads_features),
    *(reads_handlers, reads_a_level, dispatches, reads_the_zone),
    *(reads_the_weekday, reads_a_year),
]


def change_settings():
    OPTIONS.rate, OPTIONS.mode = decimal.Decimal("0.21"), Mode.SAFE
    OPTIONS.root, OPTIONS.stays = pathlib.PurePosixPath("/b"), Mode.FAST
    TABLE["read"] = OTHERS["unread"] = OTHERS["extra"] = 2
    PARSER.set("shop", "currency", "USD")
    FEATURES.symmetric_difference_update("ac")
    HANDLERS["page"] = str.lower
    calendar.setfirstweekday(calendar.SUNDAY)
    logging.getLogger("specimens").setLevel(logging.DEBUG)
    spelled.register(bytes, str)
    os.environ["TZ"] = "XXX-5"
    time.tzset()


def read_settings():
    for value in (1, 2):
        for reader in 3 * READERS:
            reader(value)
        change_settings()


def main():
    thing = Thing(1)
    warnings.showwarning = lambda *_, **__: None
    warnings.simplefilter("always")
    logging.getLogger("specimens").addHandler(logging.NullHandler())
    logging.getLogger("specimens").propagate = False
    file = os.path.join(RECORDS, "file")
    ORACLE.test("test_specimens")
    for _ in range(3):
        harmless(3)
        stale_clock(1)
        stale_random(1)
        reads_environment("HOME")
        reads_directory("a")
        reads_files(RECORDS)
        aliased(1)[0].value += 1
        typed(1, "m")
        typed(True, "m")
        prints(1)
        logs(1)
        writes(file)
        counts(1)
        refused([1])
        one_shot(1)
        stale_directory("x")
        undoes("a")
        seeded(1)
        draws(2)
        unseeded(2)
        generator(1).random()
        sets_variable("de")
        warns(1)
        inserts("a")
        asks_its_caller(1)
        counts_on_class(thing)
        starts_thread(1)
        computes_in_pool(1)
        leaves_thread_running(1)
    asks_which()
    keeps_of_each()
    read_settings()
    os.chdir(RECORDS)
    stale_directory("x")
    assert sys.getprofile() is None
    ORACLE.finish()
    seen = {name: [] for name in NAMES}
    with open(ORACLE.stem + ".hazards") as stream:
        for line in stream:
            found = json.loads(line)
            kind = found["kind"] + (":" + found["about"] if found["kind"] in ("reads", "effect") else "")
            if found["kind"] != "tally" and kind not in seen[NAMES[found["slot"]]]:
                seen[NAMES[found["slot"]]].append(kind)
            elif found["kind"] == "tally":
                assert not found["unknown"] or NAMES[found["slot"]] == "one_shot", found
    json.dump(seen, sys.stdout)


main()
