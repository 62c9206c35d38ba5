"""What the calls that a function makes mean: what each reads that is no argument, what each does elsewhere.

Runs inside the analysed project's processes. Standard library, CPython 3.8+.
A rule gets a builtin and the frame that calls it, and gives ``(kind, what)``, or None where the call means
nothing. Of some kinds the monitor makes others: what is drawn from a generator matters unless the call itself
has seeded it, and so on (``DRAWN`` …).
"""

from __future__ import annotations

import _random
import contextvars
import io
import os
import signal
import sys
import types

from .meaning import touches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from types import BuiltinFunctionType, FrameType
    from typing import Callable, Dict, Optional, Tuple, Union

    Finding = Optional[Tuple[str, object]]  # a kind, and what it is about as that kind has it
    Rule = Callable[[BuiltinFunctionType, FrameType], Finding]


# What a call may read that is not among its arguments …
CWD, ENVIRONMENT, CLOCK, RANDOM, FILE, DATABASE, LOCALE, CONTEXT, CALLER, THREADS = (
    "cwd",
    "environment",
    "clock",
    "random",
    "file",
    "database",
    "locale",
    "context",
    "caller",
    "threads",
)
# … and what it may do that a cached call would not.
OUTPUT, LOG, WARNING, WRITE, PROCESS, NETWORK, THREAD, SYSTEM, INPUT, MOCK = (
    "output",
    "log",
    "warning",
    "write",
    "process",
    "network",
    "thread",
    "system",
    "input",
    "mock",
)
READS = frozenset({CWD, ENVIRONMENT, CLOCK, RANDOM, FILE, DATABASE, LOCALE, CONTEXT, CALLER, THREADS})
# … without those that change something: a number drawn is one that nobody else gets.
HARMLESS = READS - {RANDOM, THREADS}
# What the monitor makes others of: numbers drawn from a generator, a generator seeded, a text written to a
# stream, a database connected, a statement executed, a thread started; and something set that can be read, as
# its name and how to read it; a logger given a handler.
DRAWN, SEEDED, PRINTED, SET = "drawn", "seeded", "printed", "set"
CONNECTED, EXECUTED, STARTED, EQUIPPED = "connected", "executed", "started", "equipped"

STDLIB = os.path.dirname(os.path.abspath(os.__file__))
LIBRARY = (os.path.join(STDLIB, ""), "<frozen ")
_RANDOM = os.path.join(STDLIB, "random.py")
_THREADING = os.path.join(STDLIB, "threading.py")
_POOLS = os.path.join(STDLIB, "concurrent", "futures", "thread.py")
_FILE_STREAMS = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom, io.BufferedReader, io.FileIO)
_NAMED = {"stdout", "stderr"}
# What functions of the standard library that look at files call the path (os.path.isdir: s; shutil: fn).
_PATH_NAMES = ("path", "filename", "p", "f1", "self", "top", "src", "s", "fn", "pathname")


def path_of(value: object, folder: object = -1) -> str:
    """A path as text, absolute where it can be; "" for what is none.

    Args:
        value: The path.
        folder: Descriptor of the folder that it is relative to; anything else means the current one.
    """
    if type(value) is bytes:
        value = os.fsdecode(value)
    if type(value) is int:
        return _folder(value)
    if type(value) is not str or not value:
        return ""
    return os.path.normpath(os.path.join(_folder(folder), value))


def _folder(
    descriptor: object, getcwd: Callable[[], str] = os.getcwd, readlink: Callable[[str], str] = os.readlink
) -> str:
    try:
        if type(descriptor) is int and descriptor >= 0:
            return readlink("/proc/self/fd/%d" % descriptor)
        return getcwd()
    except OSError:
        return ""


def outside(frame: Optional[FrameType], files: Union[str, Tuple[str, ...]]) -> Optional[FrameType]:
    """The nearest frame, from this one outwards, that is not in files that begin so."""
    while frame is not None and frame.f_code.co_filename.startswith(files):
        frame = frame.f_back
    return frame


def _of_module(module: str, kind: str, what: str = "") -> Rule:
    def rule(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
        del frame
        return (kind, what) if arg.__module__ == module else None

    return rule


def _without_time(arguments: int) -> Rule:
    """``time.localtime()`` and its like read the clock only when they are given no time."""

    def rule(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
        code = frame.f_code.co_code
        given = code[frame.f_lasti + 1] if frame.f_lasti >= 0 else 255
        return (CLOCK, "") if arg.__module__ == "time" and given <= arguments else None

    return rule


def _now(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del frame
    owner = arg.__self__
    lineage = type.__dict__["__mro__"].__get__(owner) if isinstance(owner, type) else ()
    return (CLOCK, "") if any(cls.__name__ in ("datetime", "date") for cls in lineage) else None


def _drawn(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    """Random numbers; a generator that the standard library keeps for itself (``tempfile``) is no input."""
    owner = arg.__self__
    if _is_generator(owner):
        asker = outside(frame, _RANDOM)
        by_library = asker is not None and asker.f_code.co_filename.startswith(LIBRARY)
        own = owner is not _shared_generator() and by_library
        return None if own else (DRAWN, owner)
    numpy_shared = getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None)
    return (RANDOM, "") if owner is not None and owner is numpy_shared else None


def _entropy(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    """``os.urandom``; numpy asks for it too when it makes a ``RandomState``, which it seeds thereafter.

    It does so from C, without a frame: as if the code that makes the generator had asked for 128 bits itself.
    """
    if arg.__module__ != "posix":
        return None
    asker = outside(frame, _RANDOM)
    by_numpy = (
        asker is not None
        and frame.f_locals.get("k") in (128, 256)
        and "numpy.random.bit_generator" in sys.modules
        and "RandomState" in asker.f_code.co_names
        and not asker.f_code.co_filename.startswith(LIBRARY)
    )
    return None if by_numpy else (RANDOM, "")


def _seeded(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    """A generator is given a seed; without one it takes a random one."""
    owner = arg.__self__
    if not _is_generator(owner) or frame.f_locals.get("a", 0) is None:
        return None
    shared = owner is _shared_generator()
    return (SYSTEM, "the random numbers that all share") if shared else (SEEDED, owner)


def _shared_generator() -> object:
    return getattr(sys.modules.get("random"), "_inst", None)


def _is_generator(owner: object) -> bool:
    return any(cls is _random.Random for cls in type.__dict__["__mro__"].__get__(type(owner)))


def _looked_at(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    """``os.stat`` and its like; the path is a local of the function of the standard library that calls it."""
    if arg.__module__ != "posix":
        return None
    if not frame.f_code.co_filename.startswith(LIBRARY):
        return (FILE, "")
    found = frame.f_locals
    for name in _PATH_NAMES:
        value = found.get(name)
        if type(value) in (str, bytes):
            return (FILE, path_of(value))
        if value is not None and type(value).__module__.startswith("pathlib"):
            return (FILE, path_of(str(value)))
    return (FILE, "")


def _printed(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del arg
    code = frame.f_code
    if any(type(constant) is tuple and "file" in constant for constant in code.co_consts):
        to_errors = "stderr" in code.co_names
        return (PRINTED, sys.stderr if to_errors else sys.stdout) if _NAMED & {*code.co_names} else None
    return (PRINTED, sys.stdout)


def _written(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del frame
    return (PRINTED, arg.__self__)


def _read(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del frame
    owner = arg.__self__
    if owner is sys.stdin:
        return (INPUT, "")
    return (FILE, stream_name(owner)) if is_file(owner) else None


def is_file(owner: object) -> bool:
    """Whether a stream of the ``io`` module leads to a file and not to memory."""
    for _ in range(3):
        if type(owner) is io.FileIO:
            return True
        if not issubclass(type(owner), _FILE_STREAMS):
            return False
        owner = object.__getattribute__(
            owner, "buffer" if issubclass(type(owner), io.TextIOWrapper) else "raw"
        )
    return False


def stream_name(owner: object) -> str:
    """The path of a file that a stream leads to, "" where it has none."""
    try:
        return path_of(object.__getattribute__(owner, "name"))
    except Exception:
        return ""


def _executed(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del frame
    owner = arg.__self__
    return (EXECUTED, owner) if owner is not None and type(owner) is not types.ModuleType else None


def connection_of(owner: object) -> object:
    """The SQLite connection that a statement is executed on; None where it is none."""
    names = [cls.__name__ for cls in type(owner).__mro__ if cls.__module__ == "sqlite3"]
    if "Cursor" in names:
        return object.__getattribute__(owner, "connection")
    return owner if "Connection" in names else None


def changes_of(connection: object) -> Optional[int]:
    """How many rows were changed on a connection; None where that is not to be had, as when it is closed."""
    try:
        changes: Optional[int] = object.__getattribute__(connection, "total_changes")
    except Exception:
        return None
    return changes


def _sent(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del frame
    names = [cls.__name__ for cls in type(arg.__self__).__mro__]
    return (NETWORK, "") if "socket" in names or "_SSLSocket" in names else None


def _started(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    """A thread that begins to run, an object of ``threading`` if it has one."""
    if arg.__module__ != "_thread":
        return None
    has_object = frame.f_code.co_filename == _THREADING
    return (STARTED, frame.f_locals.get("self") if has_object else None)


def pool_of(frame: FrameType) -> Optional[ThreadPoolExecutor]:
    """The pool of threads that starts one of its own in a frame, if it is one."""
    asker = outside(frame, _THREADING)
    if asker is None or asker.f_code.co_filename != _POOLS:
        return None
    pool: Optional[ThreadPoolExecutor] = asker.f_locals.get("self")
    return pool if hasattr(pool, "_threads") else None


def _context(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del frame
    return (CONTEXT, "") if type(arg.__self__) is contextvars.ContextVar else None


def _sets_context(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    del frame
    variable = arg.__self__
    if type(variable) is not contextvars.ContextVar:
        return None
    return (SET, ("context variable %s" % variable.name, lambda: variable.get(None)))


def _handles_signal(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    """``signal.signal``, which calls the builtin of that name."""
    number = frame.f_locals.get("signalnum")
    if arg.__module__ != "_signal" or number is None:
        return None
    return (SET, ("a signal handler", lambda: signal.getsignal(number)))


def _caller(arg: BuiltinFunctionType, frame: FrameType) -> Finding:
    """Counts only where the function itself asks for its caller."""
    del arg, frame
    return (CALLER, "")


C_CALLS: Dict[str, Rule] = {
    "getcwd": _of_module("posix", CWD),
    "getcwdb": _of_module("posix", CWD),
    "time": _of_module("time", CLOCK),
    "time_ns": _of_module("time", CLOCK),
    "localtime": _without_time(0),
    "gmtime": _without_time(0),
    "ctime": _without_time(0),
    "asctime": _without_time(0),
    "strftime": _without_time(1),
    "now": _now,
    "utcnow": _now,
    "today": _now,
    "urandom": _entropy,
    "getrandom": _of_module("posix", RANDOM),
    "generate_time_safe": _of_module("_uuid", RANDOM),
    **dict.fromkeys(("random", "getrandbits"), _drawn),
    **dict.fromkeys(("rand", "randn", "randint", "random_sample", "choice", "shuffle"), _drawn),
    **dict.fromkeys(("normal", "uniform", "permutation", "standard_normal"), _drawn),
    **dict.fromkeys(touches.CHANGING, touches.touched),
    "cache_clear": touches.emptied,
    "seed": _seeded,
    **dict.fromkeys(("RAND_bytes", "RAND_pseudo_bytes"), _of_module("_ssl", RANDOM)),
    **dict.fromkeys(("stat", "lstat", "access", "readlink", "statvfs"), _looked_at),
    "setlocale": _of_module("_locale", LOCALE),
    "localeconv": _of_module("_locale", LOCALE),
    "nl_langinfo": _of_module("_locale", LOCALE),
    "getcontext": _of_module("decimal", CONTEXT),
    "get": _context,
    **dict.fromkeys(("set", "reset"), _sets_context),
    "_getframe": _caller,
    "print": _printed,
    "input": _of_module("builtins", INPUT),
    **dict.fromkeys(("write", "writelines"), _written),
    **dict.fromkeys(("read", "readline", "readlines", "readinto"), _read),
    **dict.fromkeys(("execute", "executemany", "executescript"), _executed),
    **dict.fromkeys(("send", "sendall", "sendto", "recv", "recv_into", "connect"), _sent),
    **dict.fromkeys(("start_new_thread", "start_joinable_thread"), _started),
    "register": _of_module("atexit", SYSTEM, "an exit handler"),
    "signal": _handles_signal,
    "setitimer": _of_module("_signal", SYSTEM, "a timer"),
    "setrecursionlimit": _of_module("sys", SYSTEM, "the recursion limit"),
}
