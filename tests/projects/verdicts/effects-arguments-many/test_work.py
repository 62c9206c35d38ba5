import collections, io, itertools, queue, random, re, hashlib
import work
from work import _queue, Cursor, Own
def test_file_line():
    fh = io.StringIO('a\nb\nc\n' * 50)
    for i in range(40):
        assert work.file_line(fh, i % 2) == i % 2
def test_deq_pop():
    fh = collections.deque(range(100))
    for i in range(40):
        assert work.deq_pop(fh, i % 2) == i % 2
def test_zipped():
    fh = zip(range(100), range(100))
    for i in range(40):
        assert work.zipped(fh, i % 2) == i % 2
def test_enumerated():
    fh = enumerate(range(100))
    for i in range(40):
        assert work.enumerated(fh, i % 2) == i % 2
def test_mapped():
    fh = map(str, range(100))
    for i in range(40):
        assert work.mapped(fh, i % 2) == i % 2
def test_cycled():
    fh = itertools.cycle('ab')
    for i in range(40):
        assert work.cycled(fh, i % 2) == i % 2
def test_found():
    fh = re.finditer('a', 'a' * 100)
    for i in range(40):
        assert work.found(fh, i % 2) == i % 2
def test_reversed_():
    fh = reversed(range(100))
    for i in range(40):
        assert work.reversed_(fh, i % 2) == i % 2
def test_keys_():
    fh = iter({i: i for i in range(100)})
    for i in range(40):
        assert work.keys_(fh, i % 2) == i % 2
def test_bytes_():
    fh = io.BytesIO(b'x' * 100)
    for i in range(40):
        assert work.bytes_(fh, i % 2) == i % 2
def test_queued():
    fh = _queue()
    for i in range(40):
        assert work.queued(fh, i % 2) == i % 2
def test_own_cursor():
    fh = Cursor()
    for i in range(40):
        assert work.own_cursor(fh, i % 2) == i % 2
def test_chained_():
    fh = itertools.chain(range(50), range(50))
    for i in range(40):
        assert work.chained_(fh, i % 2) == i % 2
def test_own_next():
    fh = Own()
    for i in range(40):
        assert work.own_next(fh, i % 2) == i % 2
def test_rng():
    fh = random.Random(3)
    for i in range(40):
        assert work.rng(fh, i % 2) == i % 2
def test_hashed():
    fh = hashlib.md5()
    for i in range(40):
        assert work.hashed(fh, i % 2) == i % 2
