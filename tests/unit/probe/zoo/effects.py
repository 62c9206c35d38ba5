"""The function does more than return, and a cached call would not."""

import abc
import atexit
import contextvars
import functools
import io
import logging
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import ClassVar

from hitrate.vocabulary import HazardKind
from tests.unit.probe.zoo import Keeper, specimen

effect = specimen(HazardKind.SIDE_EFFECT)

logger = logging.getLogger("zoo")
calls = 0
history: list[str] = []
stats = {"calls": 0}
handlers: dict[str, object] = {}


class Metrics:
    total = 0
    names: ClassVar[list[str]] = []


class Abstract(metaclass=abc.ABCMeta):
    total = 0

    @abc.abstractmethod
    def work(self) -> int: ...


memory: list[int] = []
stream = io.StringIO()
report: dict[str, list[int]] = {"values": []}
_request = threading.local()
_language = contextvars.ContextVar("language", default="en")
METRICS = Metrics()


def _twice(function: object, *args: object) -> None:
    function(*args)
    function(*args)


@effect
def prints(keeper: Keeper) -> None:
    def show(text: str) -> str:
        print(text)
        return text

    _twice(keeper.observe(show), "a")


@effect
def prints_to_stderr(keeper: Keeper) -> None:
    def warn(text: str) -> str:
        print(text, file=sys.stderr)
        return text

    _twice(keeper.observe(warn), "a")


@effect
def writes_to_stdout(keeper: Keeper) -> None:
    def show(text: str) -> int:
        sys.stdout.write(text)
        return len(text)

    _twice(keeper.observe(show), "a")


@effect
def logs(keeper: Keeper) -> None:
    def work(value: int) -> int:
        logger.warning("working on %s", value)
        return value

    _twice(keeper.observe(work), 1)


@effect
def logs_in_a_helper(keeper: Keeper) -> None:
    def note(value: int) -> None:
        logging.getLogger("zoo.helper").error("value %s", value)

    def work(value: int) -> int:
        note(value)
        return value

    _twice(keeper.observe(work), 1)


@effect
def writes_a_file(keeper: Keeper) -> None:
    def save(name: str) -> int:
        return Path(name).write_text("x")

    _twice(keeper.observe(save), str(keeper.path / "out"))


@effect
def appends_to_an_open_file(keeper: Keeper) -> None:
    with open(keeper.path / "log", "a") as stream:

        def note(text: str) -> str:
            stream.write(text)
            return text

        _twice(keeper.observe(note), "a")


@effect
def makes_a_folder(keeper: Keeper) -> None:
    def prepare(name: str) -> str:
        os.makedirs(name, exist_ok=True)
        return name

    observed = keeper.observe(prepare)
    observed(str(keeper.path / "out"))
    (keeper.path / "out").rmdir()
    observed(str(keeper.path / "out"))


@effect
def removes_a_file(keeper: Keeper) -> None:
    file = keeper.path / "old"

    def clean(name: str) -> bool:
        os.remove(name)
        return True

    observed = keeper.observe(clean)
    for _ in range(2):
        file.touch()
        observed(str(file))


@effect
def copies_a_file(keeper: Keeper) -> None:
    (keeper.path / "from").touch()

    def copy(name: str) -> str:
        return shutil.copy(name, keeper.path / "to").name

    _twice(keeper.observe(copy), str(keeper.path / "from"))


@effect
def leaves_a_temporary_file(keeper: Keeper) -> None:
    keeper.patch.setattr(tempfile, "tempdir", str(keeper.path))

    def scratch(size: int) -> int:
        descriptor, _ = tempfile.mkstemp()
        os.close(descriptor)
        return size

    _twice(keeper.observe(scratch), 1)


@effect
def sets_an_environment_variable(keeper: Keeper) -> None:
    keeper.patch.setenv("ZOO", "")

    def use(value: str) -> str:
        os.environ["ZOO"] = value
        return value

    _twice(keeper.observe(use), "a")


@effect
def changes_the_directory(keeper: Keeper) -> None:
    keeper.patch.chdir(keeper.path)

    def enter(name: str) -> str:
        os.chdir(name)
        return name

    _twice(keeper.observe(enter), str(keeper.path))


@effect
def runs_a_process(keeper: Keeper) -> None:
    def run(code: str) -> int:
        return subprocess.run([sys.executable, "-S", "-c", code], check=True).returncode

    _twice(keeper.observe(run), "pass")


@effect
def talks_to_a_socket(keeper: Keeper) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def ping(port: int) -> int:
            with socket.create_connection(("127.0.0.1", port)):
                return port

        _twice(keeper.observe(ping), server.getsockname()[1])


@effect
def registers_an_exit_handler(keeper: Keeper) -> None:
    def watch(name: str) -> str:
        atexit.register(int)
        return name

    _twice(keeper.observe(watch), "a")
    atexit.unregister(int)


@effect
def counts_in_a_global(keeper: Keeper) -> None:
    def work(value: int) -> int:
        global calls
        calls += 1
        return value

    _twice(keeper.observe(work), 1)


@effect
def counts_in_a_dict(keeper: Keeper) -> None:
    def work(value: int) -> int:
        stats["calls"] += 1
        return value

    _twice(keeper.observe(work), 1)


@effect
def appends_to_a_global(keeper: Keeper) -> None:
    def work(value: str) -> str:
        history.append(value)
        return value.upper()

    _twice(keeper.observe(work), "a")


@effect
def counts_on_a_global_object(keeper: Keeper) -> None:
    def work(value: int) -> int:
        METRICS.total += value
        return value

    _twice(keeper.observe(work), 1)


@effect
def counts_on_a_class(keeper: Keeper) -> None:
    def work(value: int) -> int:
        Metrics.total += value
        return value

    _twice(keeper.observe(work), 1)


@effect
def counts_in_the_closure(keeper: Keeper) -> None:
    count = 0

    def work(value: int) -> int:
        nonlocal count
        count += 1
        return value

    _twice(keeper.observe(work), 1)


def _count() -> None:
    stats["calls"] += 1


@effect
def counts_in_a_function_of_the_module(keeper: Keeper) -> None:
    def work(value: int) -> int:
        _count()
        return value

    _twice(keeper.observe(work), 1)


@effect
def counts_on_self(keeper: Keeper) -> None:
    class Service:
        def __init__(self) -> None:
            self.calls = 0

        def work(self, value: int) -> int:
            self.calls += 1
            return value

    _twice(keeper.observe(Service.work), Service(), 1)


@effect
def registers_in_an_argument(keeper: Keeper) -> None:
    class Registry:
        def __init__(self) -> None:
            self.names: list[str] = []

    def register(registry: Registry, name: str) -> bool:
        registry.names.append(name)
        return True

    _twice(keeper.observe(register), Registry(), "a")


@effect
def fills_a_list_in_a_hashable_argument(keeper: Keeper) -> None:
    class Target(tuple[list[int]]):
        __slots__ = ()
        __hash__ = object.__hash__

    def fill(target: Target) -> int:
        target[0].append(1)
        return 1

    _twice(keeper.observe(fill), Target(([],)))


@effect
def reads_standard_input(keeper: Keeper) -> None:
    with open(os.devnull) as stream:
        keeper.patch.setattr(sys, "stdin", stream)
        _twice(keeper.observe(lambda size: sys.stdin.read(size)), 1)


@effect
def counts_on_an_abstract_class(keeper: Keeper) -> None:
    def work(value: int) -> int:
        Abstract.total += value
        return value

    _twice(keeper.observe(work), 1)


@effect
def counts_on_the_class_of_self(keeper: Keeper) -> None:
    class Service:
        calls = 0

        def work(self, value: int) -> int:
            type(self).calls += 1
            return value

    _twice(keeper.observe(Service.work), Service(), 1)


@effect
def counts_on_cls(keeper: Keeper) -> None:
    class Service:
        calls = 0

        @classmethod
        def make(cls, value: int) -> int:
            cls.calls += 1
            return value

    _twice(keeper.observe(Service.make.__func__), Service, 1)


@effect
def appends_to_a_list_of_a_base_class(keeper: Keeper) -> None:
    class Base:
        seen: ClassVar[list[int]] = []

    class Service(Base):
        def work(self, value: int) -> int:
            self.seen.append(value)
            return value

    _twice(keeper.observe(Service.work), Service(), 1)


@effect
def appends_to_a_list_of_a_named_class(keeper: Keeper) -> None:
    def register(name: str) -> str:
        Metrics.names.append(name)
        return name

    _twice(keeper.observe(register), "a")
    Metrics.names.clear()


@effect
def appends_to_a_list_in_a_dict(keeper: Keeper) -> None:
    def note(value: int) -> int:
        report["values"].append(value)
        return value

    _twice(keeper.observe(note), 1)
    report["values"].clear()


@effect
def appends_to_what_is_called_memory(keeper: Keeper) -> None:
    def note(value: int) -> int:
        memory.append(value)
        return value

    _twice(keeper.observe(note), 1)
    memory.clear()


@effect
def extends_the_import_path(keeper: Keeper) -> None:
    keeper.patch.setattr(sys, "path", [*sys.path])

    def enable(folder: str) -> str:
        sys.path.append(folder)
        return folder

    _twice(keeper.observe(enable), str(keeper.path))


@effect
def sets_thread_local_data(keeper: Keeper) -> None:
    steps = iter(range(4))

    def enter(user: str) -> str:
        _request.user = (user, next(steps))
        return user

    _twice(keeper.observe(enter), "a")


@effect
def sets_a_context_variable(keeper: Keeper) -> None:
    def choose(name: str) -> str:
        _language.set(name)
        return name

    contextvars.copy_context().run(_twice, keeper.observe(choose), "de")


@effect
def seeds_what_all_share(keeper: Keeper) -> None:
    state = random.getstate()

    def begin(seed: int) -> int:
        random.seed(seed)
        return seed

    _twice(keeper.observe(begin), 1)
    random.setstate(state)


@effect
def gives_a_warning(keeper: Keeper) -> None:
    def old(value: int) -> int:
        warnings.warn("old", DeprecationWarning, stacklevel=2)
        return value

    observed = keeper.observe(old)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        _twice(observed, 1)


@effect
def inserts_into_a_database(keeper: Keeper) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table visit (name)")

    def visit(name: str) -> str:
        connection.cursor().execute("insert into visit values (?)", (name,))
        return name

    _twice(keeper.observe(visit), "a")
    connection.close()


@effect
def prints_into_a_stream_of_others(keeper: Keeper) -> None:
    def show(text: str) -> str:
        with redirect_stdout(stream):
            print(text)
        return text

    _twice(keeper.observe(show), "a")


@effect
def calls_back_what_counts(keeper: Keeper) -> None:
    seen: list[int] = []

    def each(callback: object) -> int:
        callback(1)
        return 1

    _twice(keeper.observe(each), lambda value: seen.append(value))


@effect
def draws_from_a_generator_that_is_passed(keeper: Keeper) -> None:
    _twice(keeper.observe(lambda generator: generator.random() < 2), random.Random(1))


@effect
def fills_a_buffer_that_is_used_again(keeper: Keeper) -> None:
    buffer: list[int] = []

    def fill(value: int) -> list[int]:
        buffer[:] = [value]
        return buffer

    observed = keeper.observe(fill)
    for value in (1, 2, 1, 2):
        observed(value)


@effect
def counts_in_another_module(keeper: Keeper) -> None:
    keeper.patch.setattr(socket, "asked", 0, raising=False)

    def ask(name: str) -> str:
        socket.asked += 1
        return name

    _twice(keeper.observe(ask), "a")


@effect
def handler_for_a_logger(keeper: Keeper) -> None:
    def named(name: str) -> logging.Logger:
        found = logging.getLogger(name)
        found.addHandler(logging.NullHandler())
        return found

    _twice(keeper.observe(named), "zoo.equipped")
    logging.getLogger("zoo.equipped").handlers.clear()


@functools.lru_cache
def _rate(name: str) -> int:
    return len(name)


@effect
def empties_a_cache_of_others(keeper: Keeper) -> None:
    def forget(name: str) -> str:
        _rate.cache_clear()
        return name

    observed = keeper.observe(forget)
    for _ in range(3):
        _rate("a")
        observed("a")
