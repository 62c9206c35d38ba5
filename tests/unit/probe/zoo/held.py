"""Arguments that hold what cannot be read from outside, and change it or leave it as it is."""

import array
import bz2
import collections
import contextlib
import csv
import dataclasses
import decimal
import functools
import hashlib
import hmac
import io
import itertools
import logging
import queue
import re
import socket
import sqlite3
import struct
import threading
import types
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from tests.unit.probe.zoo import Keeper, specimen

noticed = specimen("noticed")
harmless = specimen(None)


class Holder:
    """Anything that holds something."""

    def __init__(self, part: Any, name: str = "a") -> None:
        self.part, self.name = part, name


@dataclasses.dataclass(frozen=True, eq=False)
class Frozen:
    part: Any


def _often(function: Any, *args: object) -> None:
    for _ in range(4):
        function(*args)


def _countdown(most: int) -> Iterator[int]:
    yield from range(most)


@noticed
def hash_object_of_self(keeper: Keeper) -> None:
    class Signer:
        def __init__(self) -> None:
            self._digest = hashlib.sha256()

        def absorb(self, data: bytes) -> int:
            self._digest.update(data)
            return len(data)

    _often(keeper.observe(Signer.absorb), Signer(), b"a")


@noticed
def hash_object_of_self_that_is_told(keeper: Keeper) -> None:
    """The result differs each time."""

    class Signer:
        def __init__(self) -> None:
            self._digest = hashlib.sha256()

        def absorb(self, data: bytes) -> str:
            self._digest.update(data)
            return self._digest.hexdigest()

    _often(keeper.observe(Signer.absorb), Signer(), b"a")


@noticed
def hash_object_deep_within(keeper: Keeper) -> None:
    def absorb(holder: Any, data: bytes) -> int:
        holder[0].part["digest"].part.update(data)
        return len(data)

    _often(keeper.observe(absorb), (Holder({"digest": Frozen(hashlib.md5())}),), b"a")


@noticed
def keyed_hash_of_self(keeper: Keeper) -> None:
    class Signer:
        def __init__(self) -> None:
            self.mac = hmac.new(b"k", b"", "sha256")

        def absorb(self, data: bytes) -> None:
            self.mac.update(data)

    _often(keeper.observe(Signer.absorb), Signer(), b"a")


@noticed
def csv_writer_of_self(keeper: Keeper) -> None:
    class Table:
        def __init__(self) -> None:
            self.writer = csv.writer(io.StringIO())

        def row(self, number: int) -> int:
            self.writer.writerow([number])
            return number

    _often(keeper.observe(Table.row), Table(), 1)


@noticed
def csv_writer_by_field_names(keeper: Keeper) -> None:
    def row(holder: Any, number: int) -> int:
        holder.part.writerow({"a": number})
        return number

    _often(keeper.observe(row), Holder(csv.DictWriter(io.StringIO(), ["a"])), 1)


@noticed
def csv_writer_that_goes_nowhere_else(keeper: Keeper) -> None:
    class Sink:
        __slots__ = ("size",)

        def __init__(self) -> None:
            self.size = 0

        def write(self, text: str) -> int:
            self.size += len(text)
            return len(text)

    def row(holder: Any, number: int) -> int:
        holder.part.writerow([number])
        return number

    _often(keeper.observe(row), Holder(csv.writer(Sink())), 1)


@noticed
def iterator_of_self(keeper: Keeper) -> None:
    class Reader:
        def __init__(self) -> None:
            self.lines = iter(["a"] * 9)

        def skip(self, count: int) -> int:
            for _ in range(count):
                next(self.lines, None)
            return count

    _often(keeper.observe(Reader.skip), Reader(), 2)


@noticed
def generator_of_self(keeper: Keeper) -> None:
    class Reader:
        def __init__(self) -> None:
            self.lines = _countdown(99)

        def skip(self, count: int) -> int:
            next(self.lines)
            return count

    _often(keeper.observe(Reader.skip), Reader(), 2)


@noticed
def enumeration_of_a_frozen_argument(keeper: Keeper) -> None:
    def skip(frozen: Frozen) -> bool:
        next(frozen.part)
        return True

    _often(keeper.observe(skip), Frozen(enumerate("abcdefgh")))


@noticed
def count_of_self(keeper: Keeper) -> None:
    class Source:
        def __init__(self) -> None:
            self.numbers = itertools.count()

        def skip(self, name: str) -> str:
            next(self.numbers)
            return name

    _often(keeper.observe(Source.skip), Source(), "a")


@noticed
def event_of_self(keeper: Keeper) -> None:
    class Job:
        def __init__(self) -> None:
            self.done = threading.Event()

        def finish(self, name: str) -> str:
            self.done.set()
            return name

    finish = keeper.observe(Job.finish)
    job = Job()
    for _ in range(4):
        finish(job, "a")
        assert job.done.is_set()
        job.done.clear()


@noticed
def semaphore_of_self(keeper: Keeper) -> None:
    class Gate:
        def __init__(self) -> None:
            self.places = threading.Semaphore(0)

        def open(self, name: str) -> str:
            self.places.release()
            return name

    _often(keeper.observe(Gate.open), Gate(), "a")


@noticed
def socket_of_self(keeper: Keeper) -> None:
    class Client:
        def __init__(self, connection: socket.socket) -> None:
            self.connection = connection

        def ping(self, name: str) -> str:
            self.connection.sendall(name.encode())
            return name

    one, other = socket.socketpair()
    with one, other:
        _often(keeper.observe(Client.ping), Client(one), "a")


@noticed
def queue_of_self(keeper: Keeper) -> None:
    class Worker:
        def __init__(self) -> None:
            self.tasks: queue.SimpleQueue[str] = queue.SimpleQueue()

        def submit(self, name: str) -> str:
            self.tasks.put(name)
            return name

    _often(keeper.observe(Worker.submit), Worker(), "a")


@noticed
def full_queue_of_self(keeper: Keeper) -> None:
    class Worker:
        def __init__(self) -> None:
            self.tasks: queue.Queue[str] = queue.Queue()

        def submit(self, name: str) -> str:
            self.tasks.put(name)
            return name

    _often(keeper.observe(Worker.submit), Worker(), "a")


@noticed
def compressor_of_self(keeper: Keeper) -> None:
    def pack(holder: Holder, data: bytes) -> int:
        return len(holder.part.compress(data)) * 0

    _often(keeper.observe(pack), Holder(bz2.BZ2Compressor()), b"a")


@noticed
def decompressor_of_self(keeper: Keeper) -> None:
    def unpack(holder: Holder, data: bytes) -> int:
        return len(holder.part.decompress(data)) * 0

    _often(keeper.observe(unpack), Holder(zlib.decompressobj()), b"")


@noticed
def stream_of_self(keeper: Keeper) -> None:
    class Page:
        def __init__(self) -> None:
            self.out = io.StringIO()

        def line(self, text: str) -> int:
            return self.out.write(text)

    _often(keeper.observe(Page.line), Page(), "a")


@noticed
def bytes_of_self(keeper: Keeper) -> None:
    class Page:
        def __init__(self) -> None:
            self.out = io.BytesIO()

        def line(self, text: bytes) -> int:
            return self.out.write(text)

    _often(keeper.observe(Page.line), Page(), b"a")


@noticed
def parser_fed(keeper: Keeper) -> None:
    def feed(holder: Holder, data: str) -> int:
        holder.part.feed(data)
        return len(data)

    _often(keeper.observe(feed), Holder(ElementTree.XMLPullParser()), "<a>")


@noticed
def element_appended(keeper: Keeper) -> None:
    def add(element: Any, name: str) -> str:
        ElementTree.SubElement(element, name)
        return name

    _often(keeper.observe(add), ElementTree.Element("a"), "b")


@noticed
def cursor_of_self(keeper: Keeper) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table visit (name)")

    def visit(holder: Holder, name: str) -> str:
        holder.part.execute("insert into visit values (?)", (name,))
        return name

    _often(keeper.observe(visit), Holder(connection.cursor()), "a")
    connection.close()


@noticed
def bound_method_that_appends(keeper: Keeper) -> None:
    items: list[str] = []

    class Publisher:
        def __init__(self, emit: Any) -> None:
            self.emit = emit

        def publish(self, name: str) -> str:
            self.emit(name)
            return name

    _often(keeper.observe(Publisher.publish), Publisher(items.append), "a")


@noticed
def partial_that_appends(keeper: Keeper) -> None:
    items: list[str] = []

    def publish(emit: Any, name: str) -> str:
        emit()
        return name

    _often(keeper.observe(publish), functools.partial(items.append, "a"), "a")


@noticed
def stack_of_exits(keeper: Keeper) -> None:
    def remember(stack: Any, name: str) -> str:
        stack.callback(len, name)
        return name

    _often(keeper.observe(remember), contextlib.ExitStack(), "a")


@noticed
def view_written_to(keeper: Keeper) -> None:
    buffer = bytearray(8)
    position = itertools.count()

    def put(holder: Holder, value: int) -> int:
        holder.part[next(position)] = value
        return value

    _often(keeper.observe(put), Holder(memoryview(buffer)), 7)


@noticed
def array_of_self(keeper: Keeper) -> None:
    def put(holder: Holder, value: int) -> int:
        holder.part.append(value)
        return value

    _often(keeper.observe(put), Holder(array.array("l")), 7)


@noticed
def deque_of_self(keeper: Keeper) -> None:
    def turn(holder: Holder, value: int) -> int:
        holder.part.rotate(1)
        return value

    _often(keeper.observe(turn), Holder(collections.deque("abc")), 7)


@noticed
def generator_sent_to(keeper: Keeper) -> None:
    def average() -> Any:
        total = 0
        while True:
            total += yield total

    running = average()
    next(running)

    def add(holder: Holder, value: int) -> int:
        holder.part.send(value)
        return value

    _often(keeper.observe(add), Holder(running), 7)


@harmless
def copies_the_hash_object_of_self(keeper: Keeper) -> None:
    class Signer:
        def __init__(self) -> None:
            self._digest = hashlib.sha256(b"salt")

        def sign(self, data: bytes) -> str:
            digest = self._digest.copy()
            digest.update(data)
            return digest.hexdigest()

    _often(keeper.observe(Signer.sign), Signer(), b"a")


@harmless
def leaves_the_hash_object_of_self_alone(keeper: Keeper) -> None:
    class Signer:
        def __init__(self) -> None:
            self._digest, self.width = hashlib.sha256(b"salt"), 3

        def pad(self, text: str) -> str:
            return text.ljust(self.width)

        def update(self, data: bytes) -> None:
            self._digest.update(data)

    _often(keeper.observe(Signer.pad), Signer(), "a")


@harmless
def leaves_the_connection_of_self_alone(keeper: Keeper) -> None:
    class Client:
        def __init__(self, connection: Any) -> None:
            self.connection, self.base = connection, "/api"

        def url(self, name: str) -> str:
            return f"{self.base}/{name}"

    one, other = socket.socketpair()
    with one, other:
        _often(keeper.observe(Client.url), Client(one), "a")


@harmless
def leaves_the_iterator_of_self_alone(keeper: Keeper) -> None:
    class Lexer:
        def __init__(self) -> None:
            self.tokens, self.names = iter("abc"), {"a": "letter"}

        def name(self, token: str) -> str:
            return self.names.get(token, "other")

    _often(keeper.observe(Lexer.name), Lexer(), "a")


@harmless
def tools_of_self(keeper: Keeper) -> None:
    class Tools:
        def __init__(self) -> None:
            self.pattern, self.layout = re.compile("a+"), struct.Struct("<I")
            self.context, self.pick = decimal.Context(prec=5), functools.partial(int, base=2)

        def use(self, text: str) -> tuple[Any, ...]:
            found = self.pattern.findall(text)
            return found, self.layout.pack(1), self.context.create_decimal("1.5"), self.pick("11")

    _often(keeper.observe(Tools.use), Tools(), "banana")


@harmless
def collections_of_self_iterated(keeper: Keeper) -> None:
    class Shelf:
        def __init__(self) -> None:
            self.items, self.span = ["a", "b"], range(3)
            self.sizes = types.MappingProxyType({"a": 1})

        def total(self, name: str) -> int:
            return sum(1 for item in self.items if item == name) + sum(self.span) + sum(self.sizes.values())

    _often(keeper.observe(Shelf.total), Shelf(), "a")


@harmless
def lock_of_self(keeper: Keeper) -> None:
    class Safe:
        def __init__(self) -> None:
            self.lock, self.rate = threading.RLock(), 2

        def price(self, count: int) -> int:
            with self.lock:
                return count * self.rate

    _often(keeper.observe(Safe.price), Safe(), 2)


@harmless
def quiet_logger_of_self(keeper: Keeper) -> None:
    class Service:
        def __init__(self) -> None:
            self.logger = logging.getLogger("zoo.held")

        def price(self, count: int) -> int:
            self.logger.debug("price of %s", count)
            return count * 2

    _often(keeper.observe(Service.price), Service(), 2)


@harmless
def iterators_of_its_own(keeper: Keeper) -> None:
    class Shelf:
        def __init__(self) -> None:
            self.items = ["a", "b", "c"]

        def pairs(self, count: int) -> list[tuple[str, str]]:
            one, other = itertools.tee(self.items)
            next(other)
            return [*zip(one, other, strict=False)][:count]

    _often(keeper.observe(Shelf.pairs), Shelf(), 2)


@harmless
def callback_that_only_computes(keeper: Keeper) -> None:
    class Mapper:
        def __init__(self, function: Any) -> None:
            self.function = function

        def apply(self, value: int) -> int:
            return self.function(value)

    _often(keeper.observe(Mapper.apply), Mapper(abs), -1)
    assert Mapper("abc".count).apply("a") == 1


@harmless
def reader_of_its_own(keeper: Keeper) -> None:
    def rows(text: str) -> list[list[str]]:
        return [*csv.reader(io.StringIO(text))]

    _often(keeper.observe(rows), "a,b\nc,d")


@harmless
def seeks_back(keeper: Keeper) -> None:
    def first(stream: Any) -> str:
        stream.seek(0)
        return stream.readline()

    stream = io.StringIO("a\nb\n")
    stream.readline()
    _often(keeper.observe(first), stream)
