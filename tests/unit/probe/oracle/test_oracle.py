"""The oracle at work: nothing that the analysed code defines is run, nothing it does disturbs a test."""

import functools
import json
import random
import signal
import sqlite3
import sys
import threading
import time
import unittest.mock
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest

from hitrate.hazards.oversight import Oversight, read_oversights
from hitrate.hazards.sentences import doubt_sentence
from hitrate.probe.oracle import follower
from hitrate.probe.oracle import oracle as oracle_module
from hitrate.source.doubt import Doubt, Grounds, Topic
from hitrate.vocabulary import HazardKind
from tests.unit.probe.oracle_driver import Driver

REACHED: list[str] = []


@pytest.fixture
def driver(tmp_path: Path) -> Driver:
    return Driver(tmp_path)


def _noted(name: str) -> Any:
    def method(self: object, *args: object, **kwargs: object) -> NoReturn:
        REACHED.append(name)
        raise RuntimeError(name)

    return method


NAMES = """
    __eq__ __ne__ __lt__ __repr__ __str__ __format__ __reduce__ __reduce_ex__ __getstate__ __getattr__
    __getattribute__ __iter__ __len__ __bool__ __contains__ __getitem__ __call__ __sizeof__ __dir__ __copy__
    __deepcopy__ __index__ __int__ __float__ __fspath__ __buffer__ __array__ __length_hint__
"""


class Meta(type):
    """A metaclass with ways of its own."""

    __eq__ = _noted("meta eq")
    __repr__ = _noted("meta repr")
    __getattribute__ = _noted("meta getattribute")
    __instancecheck__ = _noted("meta instancecheck")
    __subclasscheck__ = _noted("meta subclasscheck")

    def __hash__(cls) -> int:
        REACHED.append("meta hash")
        raise RuntimeError


class Hostile:
    """Raises from whatever is asked of it but its hash, which ``lru_cache`` needs too."""

    def __init__(self, value: object = 0) -> None:
        object.__setattr__(self, "value", value)

    @property
    def __class__(self) -> NoReturn:  # type: ignore[override]
        REACHED.append("__class__")
        raise RuntimeError

    def __hash__(self) -> int:
        return 7


for _name in NAMES.split():
    setattr(Hostile, _name, _noted(_name))


class HostileList(list[Any]):
    __hash__ = object.__hash__
    __iter__ = __len__ = __getitem__ = __eq__ = __repr__ = __contains__ = __reduce__ = _noted("list")


class HostileDict(dict[Any, Any]):
    __hash__ = object.__hash__
    items = keys = values = __iter__ = __len__ = __getitem__ = __eq__ = __repr__ = _noted("dict")


class HostileText(str):
    __slots__ = ()
    __hash__ = str.__hash__
    __len__ = __iter__ = __repr__ = __str__ = encode = __getitem__ = _noted("text")


class HostileSlots:
    __slots__ = ("value",)
    __getattribute__ = __eq__ = __repr__ = _noted("slots")
    __hash__ = object.__hash__


class WithMeta(metaclass=Meta):
    pass


class DictProperty:
    @property
    def __dict__(self) -> NoReturn:  # type: ignore[override]
        REACHED.append("__dict__")
        raise RuntimeError


HOSTILE = {
    "object": lambda: Hostile([Hostile()]),
    "list": lambda: HostileList([1, Hostile()]),
    "dict": lambda: HostileDict({1: Hostile()}),
    "text": lambda: HostileText("x"),
    "slots": HostileSlots,
    "dict property": DictProperty,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_method_of_the_values_is_called(driver: Driver, kind: str) -> None:
    hostile = HOSTILE[kind]()
    REACHED.clear()
    wrapped = driver.observe(lambda key: [hostile, {"a": hostile}, (HOSTILE[kind](),)])
    as_argument = driver.observe(lambda key, value: None)
    for _ in range(3):
        wrapped(1)
        as_argument(1, hostile)
    driver.oversights()
    assert REACHED == []


def test_no_method_of_a_metaclass_is_called(driver: Driver) -> None:
    made = [WithMeta(), WithMeta()]
    REACHED.clear()
    wrapped = driver.observe(lambda number: (made[number], type(made[number])))
    for _ in range(3):
        wrapped(0)
    driver.oversights()
    assert REACHED == []


def test_slow_and_recursive_methods_cost_nothing(driver: Driver) -> None:
    class Slow:
        def __eq__(self, other: object) -> bool:
            time.sleep(60)
            return True

        def __hash__(self) -> int:
            return 1

        def __repr__(self) -> str:
            return repr(self)

    wrapped = driver.observe(lambda key: Slow())
    for _ in range(3):
        wrapped(1)
    assert driver.oversights()[0].hazards == ()


def test_lying_equality_hides_nothing(driver: Driver) -> None:
    class Liar:
        def __init__(self, value: int) -> None:
            self.value = value

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    numbers = iter(range(3))
    wrapped = driver.observe(lambda key: Liar(next(numbers)))
    wrapped(1)
    wrapped(1)
    assert [hazard.kind for hazard in driver.oversights()[0].hazards] == [HazardKind.STALE]


def test_equality_that_denies_itself_cries_no_wolf(driver: Driver) -> None:
    class Never:
        def __eq__(self, other: object) -> bool:
            return False

        __hash__ = object.__hash__

    wrapped = driver.observe(lambda key: [Never()])
    for _ in range(3):
        wrapped(1)
    assert driver.oversights()[0].hazards == ()


def test_results_and_exceptions_pass_through(driver: Driver) -> None:
    made = [object(), object()]
    wrapped = driver.observe(lambda index: made[index])
    assert all(wrapped(0) is made[0] for _ in range(3))
    with pytest.raises(IndexError):
        wrapped(9)


def test_near_the_recursion_limit(driver: Driver) -> None:
    wrapped = driver.observe(lambda depth: [[[depth]]])

    def dive(depth: int) -> Any:
        return wrapped(1) if not depth else dive(depth - 1)

    depth = sys.getrecursionlimit()
    reached = False
    for depth in range(sys.getrecursionlimit(), 50, -1):
        try:
            reached = dive(depth) == [[[1]]]
        except RecursionError:
            continue
        break
    assert reached


def test_nested_in_itself_while_watched(driver: Driver) -> None:
    def outer(depth: int) -> list[int]:
        return [depth] if not depth else [depth, *inner(depth - 1)]

    inner = driver.observe(outer)
    for _ in range(3):
        assert inner(5) == [5, 4, 3, 2, 1, 0]
    assert sys.getprofile() is None
    assert driver.oversights()[0].hazards == ()


def test_another_profiler_is_left_alone(driver: Driver) -> None:
    events: list[str] = []

    def profiler(frame: FrameType, event: str, argument: object) -> None:
        events.append(event)

    wrapped = driver.observe(lambda key: key)
    sys.setprofile(profiler)
    try:
        for _ in range(3):
            wrapped(1)
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(None)
    assert driver.oversights()[0].watched == 0


def test_a_call_that_removes_the_profiler(driver: Driver) -> None:
    wrapped = driver.observe(lambda key: sys.setprofile(None))
    for _ in range(3):
        wrapped(1)
    assert sys.getprofile() is None


def test_base_exceptions_from_signal_handlers_pass_through(driver: Driver) -> None:
    class Stop(BaseException):
        pass

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise Stop

    def wait(seconds: int) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        time.sleep(seconds)

    before = signal.signal(signal.SIGALRM, stop)
    try:
        wrapped = driver.observe(wait)
        for _ in range(2):
            with pytest.raises(Stop):
                wrapped(60)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert sys.getprofile() is None


def test_threads_do_not_see_each_other(driver: Driver) -> None:
    inside, done = threading.Event(), threading.Event()

    def work(name: str) -> str:
        if name == "slow" and calls:
            inside.set()
            done.wait(30)
        return name

    calls: list[int] = []
    wrapped = driver.observe(work)
    wrapped("slow")
    calls.append(1)
    thread = threading.Thread(target=wrapped, args=("slow",))
    thread.start()
    inside.wait(30)
    print("not its doing")
    done.set()
    thread.join()
    assert driver.oversights()[0].hazards == ()


def test_time_spent_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle_module, "ALLOWANCE", 0)
    monkeypatch.setattr(oracle_module, "SHARE", 0.0)
    driver = Driver(tmp_path)
    wrapped = driver.observe(lambda key: list(range(key)))
    for number in range(200):
        driver.test(f"test_{number}")
        wrapped(number + 1000)
    assert 0 < len(driver.oracle.followers[0].entries) < 20
    found = driver.oversights()[0]
    assert found.remarks == (
        "184 different calls were not checked for results that differ, to keep the observed run short.",
    )


class Clock:
    """CPU time as a test says, in nanoseconds; each look takes a millisecond."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cpu = self.work = 0
        monkeypatch.setattr(oracle_module, "_cpu_clock", lambda: self.cpu)
        monkeypatch.setattr(follower, "_work_clock", self.tick)

    def tick(self) -> int:
        self.work += 1_000_000
        return self.work


def test_what_a_question_takes_besides_its_answer_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, driver = Clock(monkeypatch), Driver(tmp_path)
    clock.cpu = 10**12
    driver.observe(lambda key: key)(0)
    before = driver.oracle.spent
    driver.oracle.followers[0].met(10**6, (), {})
    assert driver.oracle.spent == before + follower.ASKING
    before = driver.oracle.spent
    driver.oracle.tick(driver.oracle.ticked + oracle_module.TICK + 1)
    assert driver.oracle.spent == before + follower.ASKING
    driver.oracle.spend(1_000_000)
    assert driver.oracle.spent > before + 2 * follower.ASKING + 1_000_000


def test_the_clock_is_only_read_where_what_was_known_to_be_allowed_is_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = []
    driver = Driver(tmp_path)
    monkeypatch.setattr(oracle_module, "_cpu_clock", lambda: readings.append(1) or 10**12)
    spent = driver.oracle.spent
    driver.oracle.spend(1_000)
    driver.oracle.spend(1_000)
    assert len(readings) <= 1
    driver.oracle.spend(10**12)
    assert driver.oracle.poor
    assert driver.oracle.broke
    assert driver.oracle.spent > spent


def test_importing_it_counts_but_not_in_a_forked_child(monkeypatch: pytest.MonkeyPatch) -> None:
    made = oracle_module._oracle
    kept = (made.stem, made.let_go_of_keys, made.spent, made.imported, made.followers)
    try:
        made.followers = []
        assert oracle_module.begin("").spent == oracle_module._IMPORTED > 0
        monkeypatch.setattr(oracle_module.os, "getpid", lambda: -1)
        assert oracle_module.begin("").spent == 0
    finally:
        made.stem, made.let_go_of_keys, made.spent, made.imported, made.followers = kept


def test_the_first_looks_at_many_functions_have_one_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, driver = Clock(monkeypatch), Driver(tmp_path)
    functions = [driver.observe(lambda key: [key]) for _ in range(500)]
    for _ in range(3):
        for function in functions:
            function("a")
    limit = oracle_module.ALLOWANCE + oracle_module.PLEDGE
    assert limit < driver.oracle.spent < limit + 5_000_000
    found = driver.oversights()
    unseen = [each for each in found if not each.compared]
    assert unseen
    assert all(each.left_out for each in unseen)
    assert clock.cpu == 0


def test_a_function_without_a_first_look_is_looked_at_when_there_is_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, driver = Clock(monkeypatch), Driver(tmp_path)
    driver.oracle.spend(oracle_module.ALLOWANCE + oracle_module.PLEDGE + 1)
    wrapped = driver.observe(lambda key: [time.perf_counter_ns()])
    for _ in range(5):
        wrapped("a")
    assert not driver.oracle.followers[0].entries
    clock.cpu = 10**12
    for number in range(1, 5):
        driver.oracle.tick(number * 10**9)
        wrapped("a")
    found = driver.oversights()[0]
    assert found.compared
    assert found.left_out == 0
    assert HazardKind.STALE in {hazard.kind for hazard in found.hazards}


def test_the_least_looked_at_are_asked_for_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, driver = Clock(monkeypatch), Driver(tmp_path)
    clock.cpu = 10**12
    busy, new = driver.oracle.watch(0, 1, lambda: None, set()), driver.oracle.watch(1, 2, lambda: None, set())
    assert busy is not None
    assert new is not None
    busy.spent = 10
    for number in range(3 * oracle_module.ASKED):
        for each in (busy, new):
            each.postponed.add(number)
            driver.oracle.ticks.add(each, number, 1)
    driver.oracle.tick(10**9)
    assert (len(new.wanted), len(busy.wanted)) == (oracle_module.ASKED, 0)


def test_of_a_function_with_a_cache_first_calls_are_looked_at_in_any_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    driver = Driver(tmp_path)
    driver.oracle.spend(oracle_module.ALLOWANCE + oracle_module.PLEDGE + 1)
    wrapped = driver.observe(functools.lru_cache(lambda key: [key]))
    for _ in range(3):
        wrapped("a")
    assert driver.oracle.followers[0].entries


@pytest.mark.parametrize("cached", [False, True])
def test_a_function_that_comes_after_busy_ones_is_looked_at_for_some_milliseconds(
    cached: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle_module, "_cpu_clock", lambda: 0)
    monkeypatch.setattr(follower, "OWN_NANOSECONDS", 10**9)
    driver = Driver(tmp_path)
    driver.oracle.spend(oracle_module.ALLOWANCE + 1)

    def offers(zone: int) -> list[int]:
        return [zone]

    wrapped = driver.observe(functools.lru_cache(offers) if cached else offers)
    for number in range(12):
        found = wrapped(1)
        if number == 10:
            found.append(2)
    assert HazardKind.ALIASED in {hazard.kind for hazard in driver.oversights()[0].hazards}


def test_keys_are_followed_up_to_a_bound(driver: Driver) -> None:
    wrapped = driver.observe(lambda key: [key])
    for number in range(3 * follower.KEYS):
        wrapped(number)
    assert len(driver.oracle.followers[0].entries) == follower.KEYS


def test_keys_that_come_back_after_many_others_are_compared(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle_module, "ALLOWANCE", 10**12)  # however slow the machine is
    numbers: list[int] = []
    harmless = driver.observe(lambda key: (key, "same"))
    counting = driver.observe(lambda key: (numbers.append(key), len(numbers)))
    for _ in range(3):
        for number in range(2 * follower.KEYS):
            harmless(number)
            counting(number)
    fine, wrong = driver.oversights()
    assert fine.compared >= follower.LASTING
    assert (fine.hazards, fine.doubts) == ((), ())
    assert HazardKind.STALE in {hazard.kind for hazard in wrong.hazards}


def _until(driver: Driver, calls: int, then: Any = None) -> Oversight:
    """One key, asked for so many times before what it gives changes, and once more."""
    values = ["as before"]
    asked = driver.observe(lambda key: (key, values[-1]))
    for _ in range(calls):
        asked("k")
    if then is not None:
        then(asked)
    values.append("another")
    asked("k")
    return driver.oversights()[0]


@pytest.mark.parametrize("calls", [20, 63, 64, 65, 200, 256])
def test_the_first_repeated_calls_are_all_looked_at_whatever_their_key(driver: Driver, calls: int) -> None:
    assert [hazard.kind for hazard in _until(driver, calls).hazards] == [HazardKind.STALE]


def test_a_key_that_rests_is_looked_at_when_another_test_asks_for_it(driver: Driver) -> None:
    found = _until(driver, 1000, then=lambda asked: driver.test("test_next"))
    assert [(hazard.kind, hazard.test) for hazard in found.hazards] == [(HazardKind.STALE, "test_next")]


def test_a_key_that_rests_is_looked_at_twice_in_another_test(driver: Driver) -> None:
    def asks(asked: Any) -> None:
        driver.test("test_next")
        asked("k")

    assert [hazard.kind for hazard in _until(driver, 1000, then=asks).hazards] == [HazardKind.STALE]


def _slowly(monkeypatch: pytest.MonkeyPatch, nanoseconds: int) -> None:
    """Each call takes so long."""
    moments = iter(range(0, 1 << 62, nanoseconds))
    monkeypatch.setattr(follower, "_clock", lambda: next(moments))


@pytest.mark.parametrize(("nanoseconds", "seen"), [(10**9, True), (1, False)])
def test_calls_that_are_dear_beside_a_look_are_looked_at_each_time(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, nanoseconds: int, seen: bool
) -> None:
    _slowly(monkeypatch, nanoseconds)
    assert bool(_until(driver, 1000).hazards) is seen


def test_dear_calls_rest_too_where_looking_has_taken_much(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    _slowly(monkeypatch, 10**9)
    driver.oracle.thrifty = True
    assert not _until(driver, 1000).hazards


def test_a_folder_that_cannot_be_written_disturbs_nothing(tmp_path: Path) -> None:
    driver = Driver(tmp_path / "missing")
    wrapped = driver.observe(lambda key: time.time_ns())
    for _ in range(3):
        wrapped(1)
    driver.oracle.finish()
    assert driver.oracle.stem is None


def test_observations_are_read_as_untrusted_text(tmp_path: Path) -> None:
    good = {"slot": 0, "kind": "effect", "about": "output", "test": "t\x1b[31m::a\x00", "key": "(1,)"}
    lines = [
        json.dumps(good),
        "not json",
        "[" * 100_000,
        json.dumps({**good, "kind": "invented"}),
        json.dumps({**good, "slot": "0"}),
        json.dumps({**good, "slot": -1}),
        json.dumps({**good, "detail": "x" * 100_000}),
        json.dumps({**good, "reads": [{"a": 1}]}),
        json.dumps({**good, "slot": 99}),
        json.dumps(good)[:-5],
    ]
    (tmp_path / "1.hazards").write_text("\n".join(lines))
    (tmp_path / "2.hazards").symlink_to("/dev/zero")
    (tmp_path / "3.hazards").mkdir()
    (tmp_path / "4.hazards").write_bytes(b"\xff\xfe\x00" * 1000)
    found = read_oversights(tmp_path, 2)
    assert [len(oversight.hazards) for oversight in found] == [1, 0]
    assert found[0].hazards[0].test == "t::a"


def test_files_of_the_tree_are_named_by_their_paths_in_it_and_temporary_ones_by_their_names(
    tmp_path: Path,
) -> None:
    tree = Path("/srv/tree")
    folders = ("/tmp/pytest-of-me/pytest-1/test_a0", "/tmp/pytest-of-me/pytest-1/test_b0")
    seen = [f"{tree}/data/a.txt", f"{tree}2/b.txt", *(f"{folder}/c.txt" for folder in folders)]
    lines = [json.dumps({"slot": 0, "kind": "reads", "about": "file", "what": what}) for what in seen]
    (tmp_path / "1.hazards").write_text("\n".join(lines))
    (found,) = read_oversights(tmp_path, 1, tree)
    (doubt,) = found.doubts
    assert doubt.names == ("data/a.txt", f"{tree}2/b.txt", "temporary c.txt")
    assert f"(data/a.txt, {tree}2/b.txt and temporary c.txt)" in doubt_sentence(doubt)


def test_what_several_processes_saw_is_joined(tmp_path: Path) -> None:
    for process in (1, 2):
        tally = {"slot": 0, "kind": "tally", "process": process, "compared": 1, "watched": 1}
        later = {**tally, "compared": 5, "unknown": 5}
        effect = {"slot": 0, "kind": "effect", "about": "log", "test": f"t{process}"}
        text = "\n".join(json.dumps(each) for each in (tally, effect, effect, later))
        (tmp_path / f"{process}.hazards").write_text(text)
    (found,) = read_oversights(tmp_path, 1)
    assert isinstance(found, Oversight)
    assert (len(found.hazards), found.compared) == (1, 10)
    assert found.doubts == (Doubt(Topic.INCOMPARABLE, Grounds.SEEN),)


def test_an_existing_cache_that_hands_out_a_changed_object(driver: Driver) -> None:
    parts = driver.observe(functools.lru_cache(lambda text: text.split()))
    parts("a b").append("c")
    assert parts("a b") == ["a", "b", "c"]
    (hazard,) = driver.oversights()[0].hazards
    assert hazard.kind is HazardKind.ALIASED


def test_an_existing_cache_that_hands_out_what_is_no_longer_true(driver: Driver) -> None:
    table = {"a": 1}
    look_up = driver.observe(functools.lru_cache(lambda key: table[key]))
    look_up("a")
    table["a"] = 2
    assert look_up("a") == 1
    (hazard,) = driver.oversights()[0].hazards
    assert hazard.kind is HazardKind.STALE


def test_an_existing_cache_that_is_cleared_in_time(driver: Driver) -> None:
    table = {"a": 1}
    cached = functools.lru_cache(lambda key: table[key])
    look_up = driver.observe(cached)
    for number in range(3):
        table["a"] = number
        cached.cache_clear()
        look_up.cache_clear()
        assert look_up("a") == look_up("a") == number
    assert driver.oversights()[0].hazards == ()


SETTINGS = {"currency": "EUR", "debug": False}


def _amount(cents: int) -> str:
    return f"{cents} {SETTINGS['currency']}"


@pytest.mark.parametrize("earlier", [1, 5, 30])
def test_an_existing_cache_whose_settings_change_for_other_arguments(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, earlier: int
) -> None:
    amount = driver.observe(functools.lru_cache(_amount))
    for _ in range(earlier):
        amount(1)
    monkeypatch.setitem(SETTINGS, "currency", "USD")
    assert [amount(2), amount(2)] == ["2 USD"] * 2
    found = driver.oversights()[0]
    assert [doubt.topic for doubt in found.doubts] == [Topic.CHANGED]
    assert not found.hazards


def test_an_existing_cache_whose_other_settings_change(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    amount = driver.observe(functools.lru_cache(_amount))
    amount(1)
    amount(1)
    monkeypatch.setitem(SETTINGS, "debug", True)
    amount(2)
    amount(2)
    assert driver.oversights()[0].doubts == ()


def test_an_existing_cache_that_is_cleared_when_settings_change(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = functools.lru_cache(_amount)
    amount = driver.observe(cached)
    amount(1)
    amount(1)
    monkeypatch.setitem(SETTINGS, "currency", "USD")
    cached.cache_clear()
    amount.cache_clear()
    amount(2)
    assert driver.oversights()[0].doubts == ()


class Book:
    def price(self, number: int) -> int:
        return number


@pytest.mark.parametrize(
    ("cached", "calls", "kinds"),
    [(False, 1, []), (False, 2, [HazardKind.LEAK]), (True, 1, [HazardKind.LEAK])],
    ids=["no call repeats", "calls repeat", "a cache is there"],
)
def test_instances_leak_where_a_cache_is_of_use_or_there(
    driver: Driver, cached: bool, calls: int, kinds: list[HazardKind]
) -> None:
    price = driver.observe(functools.lru_cache(Book.price) if cached else Book.price)
    for number in range(5):
        book = Book()
        for _ in range(calls):
            price(book, number)
    del book
    if cached:
        price.__wrapped__.cache_clear()
    assert [hazard.kind for hazard in driver.oversights()[0].hazards] == kinds


def test_what_a_cached_function_takes_when_it_is_run_again_is_told(tmp_path: Path) -> None:
    cached = functools.lru_cache(lambda key: sorted(range(key)))
    watch = oracle_module.Oracle(str(tmp_path / "1-again")).watch(0, 0, cached, set())
    told = []
    for _ in range(3):
        token = watch.before(7, (10_000,), {})
        misses = cached.cache_info().misses
        result = cached(10_000)
        told.append(watch.returned(token, result, cached.cache_info().misses == misses))
    assert told[0] is None
    assert min(told[1:]) > 1_000


def test_a_cached_function_that_does_more_than_return_is_not_run_again(driver: Driver) -> None:
    mock = unittest.mock.Mock(return_value=1)
    runs: list[object] = []

    def calls_a_mock(key: int) -> object:
        runs.append(key)
        return mock(key)

    def prints(key: int) -> int:
        runs.append(key)
        print(key)
        return key

    def counts(key: int) -> int:
        runs.append(key)
        return len(runs)

    for function in (calls_a_mock, prints, counts):
        cached = driver.observe(functools.lru_cache(function))
        runs.clear()
        for _ in range(5):
            cached(1)
        assert runs == [1]


def test_what_a_cached_function_draws_or_inserts_is_there_once(driver: Driver) -> None:
    generator, other = random.Random(1), random.Random(1)
    connection = sqlite3.connect(":memory:")
    connection.execute("create table row (key)")
    draw = driver.observe(functools.lru_cache(lambda key: generator.random()))
    insert = driver.observe(
        functools.lru_cache(lambda key: connection.execute("insert into row values (?)", (key,)).rowcount)
    )
    for _ in range(5):
        draw(1)
        insert(1)
    other.random()
    assert generator.random() == other.random()
    assert connection.execute("select count(*) from row").fetchone() == (1,)
    connection.close()


def test_an_evicting_cache_is_no_hazard(driver: Driver) -> None:
    def compute(key: int) -> list[int]:
        return [key]

    cached = driver.observe(functools.lru_cache(maxsize=1)(compute))
    for key in (1, 2, 1, 2, 1):
        cached(key)
    assert driver.oversights()[0].hazards == ()


def test_forks_write_files_of_their_own(tmp_path: Path) -> None:
    oracle = oracle_module.begin(str(tmp_path / "parent"))
    oracle.report({"slot": 0, "kind": "effect", "about": "log", "test": "parent"})
    assert oracle_module.begin(str(tmp_path / "child")) is oracle
    oracle.report({"slot": 0, "kind": "effect", "about": "log", "test": "child"})
    assert sorted(file.name for file in tmp_path.iterdir()) == ["child.hazards", "parent.hazards"]
    oracle.stem = None


def test_a_watched_call_may_recurse_as_deep_as_any(driver: Driver) -> None:
    def dive(depth: int) -> int:
        return 0 if not depth else 1 + dive(depth - 1)

    def deepest() -> int:
        for depth in range(sys.getrecursionlimit(), 0, -1):
            try:
                return dive(depth)
            except RecursionError:
                continue
        return 0

    limit = sys.getrecursionlimit()
    reachable = deepest()
    wrapped = driver.observe(dive)
    for _ in range(3):
        assert wrapped(reachable - 2) == reachable - 2
    assert sys.getrecursionlimit() == limit
    assert driver.oversights()[0].watched == 2


def test_what_others_do_while_it_waits_is_not_its_doing(driver: Driver) -> None:
    """As with greenlets: frames of other work that do not stand on the watched call."""
    from hitrate.probe.oracle import monitor  # noqa: PLC0415

    def waiting() -> None:
        pass

    testimony = monitor.begin(waiting.__code__, ())
    assert testimony is not None
    print("said by somebody else")
    monitor.end(testimony)
    assert testimony.sights == {}


class SlowKey:
    """All hash alike, and telling two of them apart takes long."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __hash__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        deadline = time.perf_counter() + 0.004
        while time.perf_counter() < deadline:
            pass
        return isinstance(other, SlowKey) and self.number == other.number


def test_a_quick_function_is_run_again_however_slow_its_keys_are(tmp_path: Path) -> None:
    cached = functools.lru_cache(lambda key: key.number + 1)
    cached(SlowKey(1))
    watch = oracle_module.Oracle(str(tmp_path / "1-slow")).watch(0, 0, cached, set())
    told = []
    for _ in range(2):
        key = SlowKey(2)
        token = watch.before(7, (key,), {})
        misses = cached.cache_info().misses
        result = cached(key)
        told.append(watch.returned(token, result, cached.cache_info().misses == misses))
    assert told[0] is None
    assert told[1] is not None
    assert told[1] < 1_000_000


def test_many_functions_share_the_keys_that_are_followed(tmp_path: Path) -> None:
    driver = Driver(tmp_path)
    limits = []
    for _ in range(300):
        driver.observe(lambda key: [key])(0)
        limits.append(driver.oracle.keys)
    few = follower.SHARED // follower.KEYS
    assert limits[:few] == [follower.KEYS] * few
    assert limits == sorted(limits, reverse=True)
    assert all(limit * (number + 1) <= follower.SHARED for number, limit in enumerate(limits[:256]))
    assert limits[-1] == follower.FIRST_KEYS


def test_keys_that_were_to_last_are_given_up_when_there_is_room_for_fewer(tmp_path: Path) -> None:
    driver = Driver(tmp_path)
    wrapped = driver.observe(lambda key: [key])
    for key in range(follower.LASTING):
        wrapped(key)
    entries = driver.oracle.followers[0].entries
    assert all(entry.lasting for entry in entries.values())
    driver.oracle.keys = follower.FIRST_KEYS
    for key in range(follower.LASTING, 3 * follower.LASTING):
        wrapped(key)
        wrapped(key)
        assert len(entries) == follower.FIRST_KEYS
        assert [entry.hits for entry in entries.values() if entry.args == (key,)] == [1]
    assert 0 < sum(entry.lasting for entry in entries.values()) <= follower.FIRST_KEYS // 4
