import csv
import hashlib
import io
import itertools
import queue
import socket
import threading
import zlib

import sinks


def test_absorb():
    digest = hashlib.sha256()
    for _ in range(50):
        for number in (1, 2):
            sinks.absorb(digest, number)
    assert len(digest.hexdigest()) == 64


def test_write_row():
    writer = csv.writer(io.StringIO())
    for _ in range(50):
        for number in (1, 2):
            sinks.write_row(writer, number)


def test_finish():
    event = threading.Event()
    for _ in range(100):
        sinks.finish(event, 3)
        assert event.is_set()


def test_send():
    here, there = socket.socketpair()
    with here, there:
        for _ in range(100):
            assert sinks.send(here, 4) == 4


def test_advance():
    generator = (n for n in itertools.count())
    for _ in range(100):
        assert sinks.advance(generator, 5) < 7


def test_note():
    stream = io.StringIO()
    for _ in range(100):
        assert sinks.note(stream, 6) > 1


def test_deposit():
    box = queue.SimpleQueue()
    for _ in range(100):
        sinks.deposit(box, 7)
    assert not box.empty()


def test_compress():
    packer = zlib.compressobj()
    for _ in range(100):
        assert sinks.compress(packer, 8) == 0
