"""Checks that wrapped functions behave as unwrapped ones; run by test_recorder under several interpreters.

``sys.argv``: the folder and the module name of the recorder. Exits with 0 if all checks hold.
"""

import abc
import asyncio
import copy
import functools
import gc
import importlib
import inspect
import pickle
import sys
import threading
import traceback
import types
import typing
import warnings
import weakref

sys.path.append(sys.argv[1])
recorder = importlib.import_module(sys.argv[2])
observe = recorder.observe


@observe(0)
def plain(first, second=2, *rest, third: int = 3, **others):
    """A docstring."""
    return first, second, rest, third, others


plain.attribute = "set from outside"


class Base:
    @observe(1)
    def method(self, value):
        return self, value

    @classmethod
    @observe(2)
    def of_class(cls, value):
        return cls, value

    @staticmethod
    @observe(3)
    def static(value):
        return value

    @property
    @observe(4)
    def computed(self):
        return id(self)

    @observe(5)
    def overridden(self):
        return ["base"]


class Derived(Base):
    @observe(6)
    def overridden(self):
        return [*super().overridden(), "derived", __class__.__name__]


class Abstract(abc.ABC):
    @abc.abstractmethod
    @observe(7)
    def needed(self):
        """Must be defined."""


@observe(8)
def failing(value):
    raise KeyError(value)


@observe(9)
def warning():
    warnings.warn("from the caller's line", UserWarning, stacklevel=2)


@observe(10)
def generator(count):
    received = yield count
    yield received


@observe(11)
async def coroutine(value):
    await asyncio.sleep(0)
    return value


@observe(12)
def identity(value):
    return value


@observe(13)
def positional(a, b=1):
    return a + b


@observe(14)
def mutual(n):
    return 0 if n == 0 else identity(n) and mutual(n - 1) + 1


def check_look():
    assert plain.__name__ == "plain"
    assert plain.__qualname__ == "plain"
    assert plain.__module__ == __name__
    assert plain.__doc__ == "A docstring."
    assert plain.__defaults__ == (2,)
    assert plain.__kwdefaults__ == {"third": 3}
    assert plain.__globals__ is globals()
    assert plain.attribute == "set from outside"
    assert plain.__code__ in {plain.__code__}  # Jinja keeps the code of functions in a set
    assert isinstance(plain, types.FunctionType)
    assert str(inspect.signature(plain)) == "(first, second=2, *rest, third: int = 3, **others)"
    assert typing.get_type_hints(plain) == {"third": int}
    assert inspect.unwrap(plain) is plain.__wrapped__
    assert inspect.getsource(plain).startswith("@observe(0)\ndef plain(")
    assert plain(1, 4, 5, third=6, more=7) == (1, 4, (5,), 6, {"more": 7})
    assert plain(first=1) == (1, 2, (), 3, {})


def check_methods():
    thing = Derived()
    assert thing.method(1) == (thing, 1)
    assert thing.method.__self__ is thing
    assert Derived.of_class(2) == (Derived, 2)
    assert Derived.static(3) == thing.static(3) == 3
    assert thing.computed == id(thing)
    assert thing.overridden() == ["base", "derived", "Derived"]
    try:
        Abstract()
    except TypeError as error:
        assert "needed" in str(error)
    else:
        raise AssertionError("abstract methods are still abstract")


def check_copies():
    assert pickle.loads(pickle.dumps(plain)) is plain
    assert copy.deepcopy(plain) is copy.copy(plain) is plain
    assert functools.partial(plain, 1)(second=5)[1] == 5
    assert functools.wraps(plain)(lambda: None).__wrapped__ is plain


def check_exceptions():
    try:
        failing("x")
    except KeyError as error:
        frames = traceback.extract_tb(error.__traceback__)
        assert [frame.name for frame in frames] == ["check_exceptions", "failing", "failing"], frames
        assert error.args == ("x",)
        assert error.__context__ is None
        assert error.__cause__ is None
    try:
        positional()
    except TypeError as error:
        assert "positional() missing 1 required positional argument: 'a'" in str(error)
    else:
        raise AssertionError("a call without arguments fails")


def check_warnings():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warning()
    assert caught[0].filename == __file__, caught[0].filename


def check_passing_through():
    numbers = generator(5)
    assert isinstance(numbers, types.GeneratorType)
    assert next(numbers) == 5
    assert numbers.send("sent") == "sent"
    assert asyncio.run(coroutine(6)) == 6


class Rude:
    """Its hash raises, or its equality does."""

    def __init__(self, hashing):
        self.hashing = hashing

    def __hash__(self):
        if not self.hashing:
            raise ZeroDivisionError("no hash")
        return 1

    def __eq__(self, other):
        raise ZeroDivisionError("no equality")


def check_rude_arguments():
    for value in ([], {}, set(), Rude(hashing=False), Rude(hashing=True), Rude(hashing=True), float("nan")):
        assert identity(value) is value
        assert identity(value=value) is value


def check_closures():
    def make(outer):
        @observe(15)
        def inner(value):
            return outer + value

        return inner

    assert [make(n)(1) for n in range(3)] == [1, 2, 3]
    alive = weakref.ref(make(4))
    gc.collect()
    assert alive() is None


def check_settled():
    recording = identity.__code__
    for _ in range(5000000):  # in a slow moment of the machine it is not found to be cheap yet
        identity(1)
        if identity.__code__ is not recording:
            break
    assert identity.__code__ is not recording  # it is the function's own, or one that counts
    assert identity(2) == 2
    thing = Derived()
    for _ in range(20000):
        thing.overridden()
    assert thing.overridden() == ["base", "derived", "Derived"]
    for _ in range(20000):
        positional(1)
        positional(1, b=3)
    assert positional(1, b=3) == 4
    assert positional(1) == 2


def check_real_caches():
    calls = []

    @observe(16, cache=(2, False))
    def cached(value):
        calls.append(value)
        return [value]

    assert cached(1) is cached(1)
    assert cached.cache_info() == (1, 1, 2, 1)
    if sys.version_info >= (3, 9):
        assert cached.cache_parameters() == {"maxsize": 2, "typed": False}
    cached.cache_clear()
    assert cached.cache_info() == (0, 0, 2, 0)
    assert cached(1) == [1]
    assert calls == [1, 1]
    try:
        cached([])
    except TypeError as error:
        assert "unhashable" in str(error)
    else:
        raise AssertionError("a real cache refuses lists")

    @observe(17, cache=(None, False))
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    assert fibonacci(80) == 23416728348467685


def depth_reached(function, limit):
    low, high = 1, limit
    while low < high:
        middle = (low + high + 1) // 2
        try:
            function(middle)
            low = middle
        except RecursionError:
            high = middle - 1
    return low


def check_recursion():
    def bare(n):
        return 0 if n == 0 else bare(n - 1) + 1

    @observe(18)
    def wrapped(n):
        return 0 if n == 0 else wrapped(n - 1) + 1

    limit = sys.getrecursionlimit()
    reached = depth_reached(wrapped, limit)
    assert reached >= depth_reached(bare, limit) - 4, reached
    reached = []
    thread = threading.Thread(target=lambda: reached.append(depth_reached(wrapped, limit)))
    thread.start()
    thread.join()
    assert reached[0] >= depth_reached(bare, limit) - 4, reached
    sys.setrecursionlimit(6000)
    assert wrapped(4000) == 4000
    sys.setrecursionlimit(limit)


def check_interrupts():
    @observe(19)
    def leave():
        raise SystemExit(3)

    try:
        leave()
    except SystemExit as error:
        assert error.code == 3


for name, check in list(globals().items()):
    if name.startswith("check_"):
        check()
