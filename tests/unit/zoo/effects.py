"""The function does more than return, and a cached call would not."""

import atexit
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from hitrate.hazards import HazardKind
from zoo import Keeper, specimen

effect = specimen(HazardKind.SIDE_EFFECT)

logger = logging.getLogger("zoo")
calls = 0
history: list[str] = []
stats = {"calls": 0}
handlers: dict[str, object] = {}


class Metrics:
    total = 0


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
def starts_a_thread(keeper: Keeper) -> None:
    def launch(number: int) -> int:
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
        return number

    _twice(keeper.observe(launch), 1)


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
